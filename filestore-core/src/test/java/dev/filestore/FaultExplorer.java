package dev.filestore;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Lets an operation meet with every fault at every call, and after each with every second one at every call that is
 * then still made: by the operation itself, by what its client does next, and by the sweeps that clean up.
 */
final class FaultExplorer {

    private static final int ENOUGH = 20;

    private final FaultStack stack;
    private final FaultOperation operation;
    private final int depth;
    private final FileStore.Builder builder = FileStore.builder()
            .signedUrls(URI.create("https://app.example/api/files"))
            .secret(new byte[32]);
    private final FaultListener listener = new FaultListener();
    private final List<String> violations = new ArrayList<>();
    private final int[] cases;
    private List<String> calls = List.of();
    private int leaves;
    private int leftToAudit;

    /** With so many faults in one case at most. */
    FaultExplorer(FaultStack stack, FaultOperation operation, int depth) {
        this.stack = stack;
        this.operation = operation;
        this.depth = depth;
        this.cases = new int[depth + 1];
        if (operation.isListenedTo()) {
            builder.listener(listener);
        }
    }

    /**
     * What came of it.
     *
     * @param operation its name
     * @param calls those of a run without a fault
     * @param singles how many cases had one fault
     * @param pairs how many had two, or more
     * @param leftToAudit in how many of the pairs an object stayed that no row names, and that only an audit finds
     * @param violations the cases in which the promise was not kept, and how; only the first few
     * @param took how long it took
     */
    record Result(
            String operation,
            List<String> calls,
            int singles,
            int pairs,
            int leftToAudit,
            List<String> violations,
            Duration took) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-40s %2d calls %5d single faults %7d pairs (%3d left to an audit) %6.1f s%s",
                    operation,
                    calls.size(),
                    singles,
                    pairs,
                    leftToAudit,
                    took.toMillis() / 1000.0,
                    violations.isEmpty() ? "" : "  BROKEN");
        }
    }

    Result explore() {
        long start = System.nanoTime();
        explore(List.of());
        int more = 0;
        for (int i = 2; i <= depth; i++) {
            more += cases[i];
        }
        return new Result(
                operation.name(),
                calls,
                cases[1],
                more,
                leftToAudit,
                violations,
                Duration.ofNanos(System.nanoTime() - start));
    }

    private void explore(List<FaultCase.Step> path) {
        FaultCase one = new FaultCase(stack, builder, listener, operation, path);
        Set<String> found = one.run();
        cases[path.size()]++;
        leftToAudit += one.isLeftToAudit() ? 1 : 0;
        if (path.isEmpty()) {
            calls = one.trace();
        }
        if (!found.isEmpty()) {
            violations.add(path + ": " + String.join("; ", found) + "\n  calls: " + one.trace());
            stack.clear();
        }
        if (path.size() == depth) {
            return;
        }
        int first = path.isEmpty() ? 0 : path.get(path.size() - 1).at() + 1;
        for (int at = first; at < one.trace().size(); at++) {
            String call = one.trace().get(at);
            for (CallFault fault : CallFault.of(call)) {
                if (violations.size() >= ENOUGH) {
                    return;
                }
                boolean isPair = !path.isEmpty();
                // A prime step walks through all calls and faults, however many there are of each.
                if (!isPair || leaves++ % stack.oneInPairs() == 0) {
                    List<FaultCase.Step> longer = new ArrayList<>(path);
                    longer.add(new FaultCase.Step(at, call, fault));
                    explore(List.copyOf(longer));
                }
            }
        }
    }
}
