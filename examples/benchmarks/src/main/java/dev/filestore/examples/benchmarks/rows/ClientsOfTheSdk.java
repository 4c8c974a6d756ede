package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Child;
import dev.filestore.examples.benchmarks.harness.Figures;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Turns;
import dev.filestore.examples.benchmarks.peers.HttpClients;
import java.util.ArrayList;
import java.util.List;

/**
 * Which HTTP client of the SDK puts the most, eight at once, over https?
 *
 * <pre>java -jar benchmarks.jar clients</pre>
 */
public final class ClientsOfTheSdk implements Question {

    private static final String GROUP = "The SDK's HTTP clients, eight puts at once over https, over apache5-client";
    private static final int AT_ONCE = 8;

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        List<Finding> findings = new ArrayList<>();
        List<Child> processes = new ArrayList<>();
        try {
            for (String name : HttpClients.NAMES) {
                processes.add(
                        bench.peer(name, List.of("client", name, "https://127.0.0.1:" + bench.sinkPort("https"))));
            }
            int large = bench.plan().smoke() ? bench.plan().large() : 3 * AT_ONCE;
            findings.addAll(ask(bench, processes, 4 * 1024, bench.plan().small(), "4 KiB"));
            findings.addAll(ask(bench, processes, bench.plan().largeBytes(), large, "50 MB"));
        } finally {
            for (Child process : processes) {
                process.close();
            }
        }
        return findings;
    }

    private static List<Finding> ask(Bench bench, List<Child> processes, int bytes, int count, String size)
            throws Exception {
        List<Turns.Side> sides = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            Child process = processes.get(i);
            sides.add(new Turns.Side(
                    HttpClients.NAMES.get(i),
                    () -> Figures.parse(process.ask("put " + bytes + " " + count + " " + Math.min(count, AT_ONCE)))));
        }
        Turns turns = Turns.take(bench.plan().slow(), sides.toArray(Turns.Side[]::new));
        List<Finding> findings = new ArrayList<>();
        for (int i = 1; i < processes.size(); i++) {
            findings.add(new Finding(
                    GROUP,
                    HttpClients.NAMES.get(i) + ", " + size,
                    Goal.NONE,
                    turns.ratio(i, 0, Figures::operationsPerSecond),
                    i > 1 ? List.of() : bytes < 1024 * 1024 ? turns.small() : turns.large()));
        }
        return findings;
    }
}
