package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Figures;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Payload;
import dev.filestore.examples.benchmarks.harness.Plan;
import dev.filestore.examples.benchmarks.harness.Spread;
import dev.filestore.examples.benchmarks.harness.Turns;
import java.util.ArrayList;
import java.util.List;

/**
 * What does an upload of 50 MB by a form cost, beside what nobody can do without, beside the best that is written by
 * hand, and beside what people write? One at a time and eight at once. The client and the sink are other processes; what
 * is counted is the server alone.
 *
 * <pre>java -jar benchmarks.jar large-uploads</pre>
 */
public final class LargeUploads implements Question {

    private static final String GROUP = "50 MB upload through servlet and store";

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        List<Finding> findings = new ArrayList<>();
        for (Plan.Setting setting : bench.plan().settings()) {
            findings.addAll(ask(bench, setting));
        }
        return findings;
    }

    private static List<Finding> ask(Bench bench, Plan.Setting setting) throws Exception {
        Plan plan = bench.plan();
        byte[] content = Payload.of(plan.largeBytes());
        String scheme = setting.scheme();
        int atOnce = setting.atOnce();
        int count = plan.large(setting);
        long bytes = content.length;
        Turns turns = Turns.take(
                plan,
                bench.requests(
                        "FileStore", count, atOnce, bytes, Bench.form("/" + scheme + "/api/files/upload", content)),
                bench.requests("received and dropped", count, atOnce, bytes, Bench.form("/drop", content)),
                bench.operation("SHA-256", "sha256", count, atOnce),
                bench.operation("SDK put from memory, best settings", "put-best-" + scheme, count, atOnce),
                bench.requests(
                        "written by hand, body raw", count, atOnce, bytes, Bench.raw("/" + scheme + "/raw", content)),
                bench.requests(
                        "getPart() and putObject()",
                        count,
                        atOnce,
                        bytes,
                        Bench.form("/" + scheme + "/usual", content)));
        return List.of(
                new Finding(
                        GROUP,
                        "CPU per GiB over the sum of the parts nobody can do without; " + setting,
                        Goal.atMost(1.2),
                        turns.each(round -> cpu(round[0]) / (cpu(round[1]) + cpu(round[2]) + cpu(round[3]))),
                        turns.large()),
                new Finding(
                        GROUP,
                        "throughput over the best written by hand; " + setting,
                        Goal.atLeast(0.95),
                        turns.ratio(0, 4, Figures::mebibytesPerSecond),
                        List.of()),
                new Finding(
                        GROUP,
                        "throughput over what people write; " + setting,
                        Goal.atLeast(1.5),
                        turns.ratio(0, 5, Figures::mebibytesPerSecond),
                        List.of()),
                new Finding(
                        GROUP,
                        "temporary files per upload; " + setting,
                        Goal.atMost(0),
                        perUpload(turns, 0),
                        List.of("getPart() and putObject(): "
                                + Spread.shown(perUpload(turns, 5).median()))));
    }

    private static double cpu(Figures figures) {
        return figures.cpuSecondsPerGibibyte();
    }

    private static Spread perUpload(Turns turns, int side) {
        return turns.each(round -> (double) round[side].files() / round[side].operations());
    }
}
