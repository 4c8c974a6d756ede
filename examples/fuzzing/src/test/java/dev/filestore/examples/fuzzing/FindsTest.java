package dev.filestore.examples.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What fuzzing has found is found no more: each input in {@code finds} broke a rule once, or nearly. */
class FindsTest {

    private static final Map<String, Target> TARGETS =
            Targets.all().stream().collect(Collectors.toMap(Target::name, Function.identity()));

    static Stream<Arguments> finds() {
        return TARGETS.keySet().stream()
                .sorted()
                .flatMap(target -> Folders.finds(target).stream()
                        .map(find -> Arguments.of(target, find.getFileName().toString(), find)));
    }

    static List<Target> targets() {
        return Targets.all();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("finds")
    void run_find_breaksNoRule(String target, String name, Path find) {
        TARGETS.get(target).run(Folders.read(find));
    }

    @Test
    void finds_ofEachTarget_areKept() {
        assertThat(Targets.all())
                .allSatisfy(target -> assertThat(Folders.finds(target.name()))
                        .as(target.name())
                        .isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("targets")
    void run_seed_breaksNoRule(Target target) {
        target.seeds().forEach(target::run);
    }
}
