package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The promise under every fault: each operation of a store over the stack of the subclass, with every way in which each
 * of its calls can go wrong, alone and in pairs. Writes {@code target/faults-NAME.txt}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FaultContract {

    private final List<FaultExplorer.Result> results = new ArrayList<>();

    /** The stack, empty. The same at each call. */
    protected abstract FaultStack stack();

    /** How many cases there must be at least, so that they cannot go unseen. */
    protected abstract int leastCases();

    @TestFactory
    Stream<DynamicTest> operation_anyCallsGoWrong_keepsThePromise() {
        return FaultOperations.of(stack()).stream()
                .map(operation -> DynamicTest.dynamicTest(operation.name(), () -> {
                    FaultExplorer.Result result = new FaultExplorer(stack(), operation, 2).explore();
                    results.add(result);
                    assertThat(result.violations()).isEmpty();
                    assertThat(result.singles())
                            .isEqualTo(result.calls().stream()
                                    .mapToInt(call -> CallFault.of(call).size())
                                    .sum());
                }));
    }

    @AfterAll
    void report() throws IOException {
        int singles = results.stream().mapToInt(FaultExplorer.Result::singles).sum();
        int pairs = results.stream().mapToInt(FaultExplorer.Result::pairs).sum();
        Duration took = results.stream().map(FaultExplorer.Result::took).reduce(Duration.ZERO, Duration::plus);
        List<String> lines = new ArrayList<>();
        results.forEach(result -> lines.add(result.toString()));
        lines.add(String.format(
                Locale.ROOT,
                "%s: %d cases (%d single faults, %d pairs, %d without) in %.1f s; one in %d pairs was tried",
                stack().name(),
                singles + pairs + results.size(),
                singles,
                pairs,
                results.size(),
                took.toMillis() / 1000.0,
                stack().oneInPairs()));
        lines.forEach(System.out::println);
        Files.write(Files.createDirectories(Path.of("target")).resolve("faults-" + stack().name() + ".txt"), lines);
        assertThat(singles + pairs).isGreaterThanOrEqualTo(leastCases());
    }
}
