package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Child;
import dev.filestore.examples.benchmarks.harness.Figures;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Payload;
import dev.filestore.examples.benchmarks.harness.Turns;
import java.util.ArrayList;
import java.util.List;

/**
 * How many files of 4 KiB a second, eight at once, beside an SDK put between two plain statements on the same pool? With
 * PostgreSQL, and with H2 in a file.
 *
 * <pre>java -jar benchmarks.jar small-files</pre>
 */
public final class SmallFiles implements Question {

    private static final String GROUP = "4 KiB files per second, eight at once, over SDK put and two JDBC statements";
    private static final int AT_ONCE = 8;
    private static final int BYTES = 4 * 1024;

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        List<Finding> findings = new ArrayList<>(ask(bench, bench.subject(), "PostgreSQL"));
        if (bench.plan().smoke()) {
            // The same once more, but for the database.
            return findings;
        }
        String h2 = "jdbc:h2:file:" + bench.folder().resolve("small") + ";WRITE_DELAY=0";
        try (Child subject = bench.subject("h2", List.of("-Xmx1g"), h2, 0)) {
            findings.addAll(ask(bench, subject, "H2 in a file"));
        }
        return findings;
    }

    private static double secondsEach(Figures figures) {
        return 1 / figures.operationsPerSecond();
    }

    private static List<Finding> ask(Bench bench, Child subject, String database) throws Exception {
        byte[] content = Payload.of(BYTES);
        int count = bench.plan().small();
        Turns turns = Turns.take(
                bench.plan().warm(),
                bench.operation(subject, "FileStore.upload", "small-store-http", count, AT_ONCE),
                bench.requests(
                        subject,
                        "through the servlet",
                        count,
                        AT_ONCE,
                        BYTES,
                        Bench.form("/http/api/files/upload", content)),
                bench.operation(subject, "SDK put and two statements", "small-jdbc-http", count, AT_ONCE),
                bench.requests(subject, "received and dropped", count, AT_ONCE, BYTES, Bench.form("/drop", content)));
        return List.of(
                new Finding(
                        GROUP,
                        "FileStore.upload; " + database,
                        Goal.atLeast(0.85),
                        turns.ratio(0, 2, Figures::operationsPerSecond),
                        turns.small()),
                new Finding(
                        GROUP,
                        "through the servlet; " + database,
                        Goal.atLeast(0.7),
                        turns.ratio(1, 2, Figures::operationsPerSecond),
                        List.of()),
                new Finding(
                        GROUP,
                        "the same work as two requests: received and dropped, then put and recorded; " + database,
                        Goal.NONE,
                        turns.each(round -> secondsEach(round[2]) / (secondsEach(round[2]) + secondsEach(round[3]))),
                        List.of()));
    }
}
