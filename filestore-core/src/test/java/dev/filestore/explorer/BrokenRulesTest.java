package dev.filestore.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.filestore.QuietEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A check that cannot fail proves nothing: each rule of the design, broken, is found by the sentence that it breaks, with
 * the shortest schedule that shows it; and with all rules kept nothing is found in the same scenarios. The schedules are
 * written to {@code target/explorer-broken-rules.txt}.
 */
@ExtendWith(QuietEngine.class)
class BrokenRulesTest {

    private static final Operation A = Operation.upload("A", null);
    private static final Operation B = Operation.upload("B", null);

    private static final Scenario UPLOAD_BESIDE_DELETE = scenario(0, A, B, Operation.delete(1), Operation.read(1));
    private static final Scenario UPLOAD_AFTER_UPLOAD = scenario(0, A, B);
    private static final Scenario BROKEN_UPLOAD = scenario(0, null, Operation.brokenUpload("C"), Operation.sweep("1"));
    private static final Scenario UPLOAD_BESIDE_READ = scenario(0, null, B, Operation.read(1));
    private static final Scenario DELETE_BESIDE_READ = scenario(0, A, Operation.delete(1), Operation.read(1));
    private static final Scenario UPLOAD_WITH_A_FAULT = scenario(1, null, B, Operation.read(1));
    private static final Scenario UPLOAD_THAT_STOPS = scenario(0, null, B, Operation.sweep("1"));

    private static final List<String> LINES = new ArrayList<>();

    @AfterAll
    static void writeAll() throws IOException {
        Files.write(Files.createDirectories(Path.of("target")).resolve("explorer-broken-rules.txt"), LINES);
    }

    @Test
    void rule2_keysUsedAgain_isFound() {
        assertFound("rule 2", BrokenRules.keysUsedAgain(), UPLOAD_BESIDE_DELETE, "a reader got 30 bytes BBB");
    }

    @Test
    void rule2_keysShared_isFound() {
        assertFound("rule 2", BrokenRules.keysShared(), UPLOAD_AFTER_UPLOAD, "file 1 is available and has no bytes");
    }

    @Test
    void rule3_committedByClose_isFound() {
        assertFound(
                "rule 3", BrokenRules.committedByClose(), BROKEN_UPLOAD, "belongs to no row, and nobody looks for it");
    }

    @Test
    void rule4_visibleBeforeCommit_isFound() {
        assertFound(
                "rule 4",
                BrokenRules.visibleBeforeCommit(),
                UPLOAD_BESIDE_READ,
                "file 1 is available and has no bytes");
    }

    @Test
    void rule4_bytesGoFirst_isFound() {
        assertFound("rule 4", BrokenRules.bytesGoFirst(), DELETE_BESIDE_READ, "file 1 is available and has no bytes");
    }

    @Test
    void rule6_compensatedOnTheSpot_isFound() {
        assertFound(
                "rule 6",
                BrokenRules.compensatedOnTheSpot(),
                UPLOAD_WITH_A_FAULT,
                "file 1 is available and has no bytes");
    }

    @Test
    void rule7_deletedOnce_isFound() {
        assertFound(
                "rule 7", BrokenRules.deletedOnce(), UPLOAD_THAT_STOPS, "belongs to no row, and nobody looks for it");
    }

    @Test
    void allRulesKept_sameScenarios_nothingIsFound() {
        for (Scenario scenario : List.of(
                UPLOAD_BESIDE_DELETE,
                UPLOAD_AFTER_UPLOAD,
                BROKEN_UPLOAD,
                UPLOAD_BESIDE_READ,
                DELETE_BESIDE_READ,
                UPLOAD_WITH_A_FAULT,
                UPLOAD_THAT_STOPS)) {
            Report report = new Explorer(scenario, Engines.right()).explore();
            assertThat(report.schedules()).as("%s", scenario).isGreaterThan(1);
            tell(report.toString());
        }
    }

    private static Scenario scenario(int maxFaults, @Nullable Operation stored, Operation... operations) {
        return new Scenario(stored, List.of(operations), List.of(), 0, maxFaults);
    }

    private static void assertFound(String rule, Engines broken, Scenario scenario, String what) {
        Explorer explorer = new Explorer(scenario, broken);
        Violation found = catchThrowableOfType(Violation.class, explorer::explore);
        assertThat(found).as("what was found of %s", rule).isNotNull().hasMessageContaining(what);
        tell(String.format(
                Locale.ROOT,
                "%s broken, %s: found after %,d schedules and %,d states%n%s%n",
                rule,
                scenario,
                explorer.schedules(),
                explorer.states(),
                found.getMessage()));

        Violation again =
                catchThrowableOfType(Violation.class, () -> new Explorer(scenario, broken).replay(found.schedule()));
        assertThat(again).as("what the schedule shows again").hasMessage(found.getMessage());
    }

    private static void tell(String line) {
        LINES.add(line);
        System.out.println(line);
    }
}
