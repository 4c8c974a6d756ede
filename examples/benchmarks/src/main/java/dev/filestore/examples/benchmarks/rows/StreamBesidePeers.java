package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Child;
import dev.filestore.examples.benchmarks.harness.Figures;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Turns;
import dev.filestore.examples.benchmarks.peers.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How does a stream of 200 MB of unknown length fare, beside the libraries that one would take instead? Each runs in a
 * process of its own; only this one keeps a row.
 *
 * <pre>java -jar benchmarks.jar peers</pre>
 */
public final class StreamBesidePeers implements Question {

    private static final long LEAST_NANOS = 2_000_000_000L;
    private static final String GROUP = "Stream of 200 MB of unknown length beside other libraries";

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        List<Finding> findings = new ArrayList<>();
        for (String scheme : bench.plan().smoke() ? List.of("https") : List.of("https", "http")) {
            findings.addAll(ask(bench, scheme));
        }
        return findings;
    }

    private static List<Finding> ask(Bench bench, String scheme) throws Exception {
        List<Child> processes = new ArrayList<>();
        try {
            List<Turns.Side> sides = new ArrayList<>();
            for (String name : Peer.NAMES) {
                Child process = bench.peer(
                        name,
                        List.of("peer", name, scheme + "://127.0.0.1:" + bench.sinkPort(scheme), bench.postgresUrl()));
                processes.add(process);
                sides.add(new Turns.Side(
                        name,
                        () -> Figures.parse(process.ask("store " + bench.plan().streamBytes() + " "
                                + (bench.plan().smoke() ? 0 : LEAST_NANOS)))));
            }
            Turns turns = Turns.take(bench.plan().slow(), sides.toArray(Turns.Side[]::new));
            return List.of(
                    new Finding(
                            GROUP,
                            "throughput over the best of the others; " + scheme,
                            Goal.atLeast(2),
                            turns.each(round ->
                                    round[0].mebibytesPerSecond() / best(round, side -> side.mebibytesPerSecond())),
                            turns.large()),
                    new Finding(
                            GROUP,
                            "allocation over the leanest of the others; " + scheme,
                            Goal.atMost(1),
                            turns.each(round -> round[0].allocatedPerOperation()
                                    / -best(round, side -> -side.allocatedPerOperation())),
                            List.of()),
                    new Finding(
                            GROUP,
                            "peak heap over the leanest of the others; " + scheme,
                            Goal.atMost(1),
                            turns.each(round -> round[0].peakHeapBytes() / -best(round, side -> -side.peakHeapBytes())),
                            List.of()));
        } finally {
            for (Child process : processes) {
                process.close();
            }
        }
    }

    private static double best(Figures[] round, ToDoubleFunction<Figures> figure) {
        return IntStream.range(1, round.length)
                .mapToDouble(side -> figure.applyAsDouble(round[side]))
                .max()
                .orElseThrow();
    }
}
