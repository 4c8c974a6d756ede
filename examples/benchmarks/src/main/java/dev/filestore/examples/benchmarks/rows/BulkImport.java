package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Figures;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Turns;
import java.util.ArrayList;
import java.util.List;

/**
 * How many files of 4 KiB a second does a batch program store with so many threads, where each request to the storage takes
 * 20 ms? Beside an SDK put between two plain statements, with as many threads.
 *
 * <pre>java -jar benchmarks.jar import</pre>
 */
public final class BulkImport implements Question {

    private static final String GROUP =
            "Import of 4 KiB files, 20 ms to the storage, files per second over SDK put and two JDBC statements";
    private static final int FILES_PER_THREAD = 75;

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        List<Finding> findings = new ArrayList<>();
        for (int threads : bench.plan().smoke() ? new int[] {2} : new int[] {1, 4, 16, 64}) {
            int count = bench.plan().smoke() ? threads : FILES_PER_THREAD * threads;
            Turns turns = Turns.take(
                    bench.plan(),
                    bench.operation("FileStore.upload", "small-store-far", count, threads),
                    bench.operation("SDK put and two statements", "small-jdbc-far", count, threads));
            findings.add(new Finding(
                    GROUP,
                    threads + (threads == 1 ? " thread" : " threads"),
                    Goal.NONE,
                    turns.ratio(0, 1, Figures::operationsPerSecond),
                    turns.small()));
        }
        return findings;
    }
}
