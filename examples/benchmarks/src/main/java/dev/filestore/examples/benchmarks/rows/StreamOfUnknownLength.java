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
        for (String scheme : List.of("http", "https")) {
            for (int atOnce : new int[] {1, 8}) {
                Plan plan = bench.plan();
                int count = Math.max(plan.large(), atOnce);
                Turns turns = Turns.take(
                        plan,
                        bench.operation("FileStore.upload", "store-" + scheme, count, atOnce),
                        bench.operation("SDK put, defaults", "put-default-" + scheme, count, atOnce));
                String setting = scheme + ", " + (atOnce == 1 ? "one at a time" : atOnce + " at once");
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
        }
        return findings;
    }
}
