package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Figures;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Plan;
import dev.filestore.examples.benchmarks.harness.Turns;
import java.util.ArrayList;
import java.util.List;

/**
 * How does {@code FileStore.upload} of 50 MB of unknown length compare with the SDK's own put of known length, with
 * default settings?
 *
 * <pre>java -jar benchmarks.jar unknown-length</pre>
 */
public final class StreamOfUnknownLength implements Question {

    private static final String GROUP =
            "FileStore.upload of 50 MB of unknown length over the SDK's put of known length";

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        List<Finding> findings = new ArrayList<>();
        for (Plan.Setting setting : bench.plan().settings()) {
            int count = bench.plan().large(setting);
            Turns turns = Turns.take(
                    bench.plan(),
                    bench.operation("FileStore.upload", "store-" + setting.scheme(), count, setting.atOnce()),
                    bench.operation("SDK put, defaults", "put-default-" + setting.scheme(), count, setting.atOnce()));
            findings.add(new Finding(
                    GROUP,
                    "throughput; " + setting,
                    Goal.atLeast(1),
                    turns.ratio(0, 1, Figures::mebibytesPerSecond),
                    turns.large()));
            findings.add(new Finding(
                    GROUP,
                    "allocation; " + setting,
                    Goal.atMost(0.05),
                    turns.ratio(0, 1, Figures::allocatedPerOperation),
                    List.of()));
        }
        return findings;
    }
}
