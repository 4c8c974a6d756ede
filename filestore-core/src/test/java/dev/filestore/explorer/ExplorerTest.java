package dev.filestore.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.QuietEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Operations that meet at one file, in every order of their steps, with everything stopped after each of them. How many
 * schedules those are, for each scenario, is printed and written to {@code target/explorer.txt}.
 *
 * <p>Operations of many steps (uploads, erasures, audits) make most of the states, so in the usual build two of those at once
 * meet either a fault or a passing of time and not both; of three operations, those with one of them meet a fault and no
 * passing of time, and those with more of them neither. {@code -Dfilestore.explorer=wide} looks at more of both, which takes half an
 * hour more on two busy cores and a heap of 5 GiB.
 */
@ExtendWith(QuietEngine.class)
class ExplorerTest {

    private static final boolean WIDE = "wide".equals(System.getProperty("filestore.explorer"));

    private static final List<String> LINES = new ArrayList<>();
    private static final List<Report> REPORTS = new ArrayList<>();

    @AfterAll
    static void writeAll() throws IOException {
        tell("in all", REPORTS);
        Files.write(Files.createDirectories(Path.of("target")).resolve("explorer.txt"), LINES);
    }

    @Test
    void twoOperations_oneFaultWhileTimePasses_keepThePromise() {
        explore("two operations, a fault, time passes", Scenarios.pairs(0, WIDE ? 2 : 1, 1, 1));
    }

    @Test
    void twoLongOperations_timePasses_keepThePromise() {
        explore("two long operations, time passes", Scenarios.pairs(2, 2, 1, 0));
    }

    @Test
    void twoLongOperations_oneFault_keepThePromise() {
        explore("two long operations, a fault", Scenarios.pairs(2, 2, 0, 1));
    }

    @Test
    void threeOperations_timePasses_keepThePromise() {
        explore("three operations, time passes", Scenarios.triples(0, WIDE ? 1 : 0, 1, 0));
    }

    @Test
    void threeOperations_oneFault_keepThePromise() {
        explore("three operations, a fault", Scenarios.triples(0, WIDE ? 2 : 1, 0, 1));
    }

    @Test
    void threeOperationsWithLongOnes_nothingElse_keepThePromise() {
        explore("three operations, two or three of them long", Scenarios.triples(2, 3, 0, 0));
    }

    @Test
    void uploadThatSleeps_givenUpAndForgotten_leavesNothingVisible() {
        List<Report> reports = explore("an upload that sleeps", List.of(Scenarios.sleepingUpload()));
        // It can sleep between its last look at the lease and the put, for as long as it likes; the ends that show it
        // are audited, which leaves nothing.
        assertThat(reports).allMatch(report -> report.leftToAudit() > 0);
    }

    @Test
    void uploadThatSleepsWithItsKey_keyReservedNoMore_losesNoBytesToAnOldDelete() {
        explore("an upload that sleeps with its key", List.of(Scenarios.sleptKey()));
    }

    /** The one reduction there is must not lose a schedule: without it each is run by itself, and counted one by one. */
    @Test
    void explore_withoutMergingStates_runsAsManySchedules() {
        List<Operation> operations = List.of(Operation.delete(1), Operation.sweep("1"), Operation.read(1));
        Operation stored = Operation.upload("A", null);
        List<Scenario> scenarios = List.of(
                new Scenario(stored, operations, List.of(), 0, 0),
                new Scenario(stored, operations.subList(0, 2), List.of(Scenario.SHORT), 1, 1),
                new Scenario(
                        null,
                        List.of(Operation.upload("B", null), Operation.sweep("1")),
                        List.of(Scenario.LEASE),
                        1,
                        0));
        for (Scenario scenario : scenarios) {
            Report merged = new Explorer(scenario, Engines.right()).explore();
            Report single = new Explorer(scenario, Engines.right(), false).explore();
            assertThat(single.schedules()).as("%s", scenario).isEqualTo(merged.schedules());
            assertThat(single.states()).as("%s", scenario).isGreaterThan(merged.states());
        }
    }

    private static List<Report> explore(String name, List<Scenario> scenarios) {
        List<Report> reports = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            Report report = new Explorer(scenario, Engines.right()).explore();
            LINES.add(report.toString());
            reports.add(report);
        }
        tell(name, reports);
        REPORTS.addAll(reports);
        return reports;
    }

    private static void tell(String name, List<Report> reports) {
        long schedules = 0;
        long steps = 0;
        Duration time = Duration.ZERO;
        for (Report report : reports) {
            schedules = Math.addExact(schedules, report.schedules());
            steps += report.steps();
            time = time.plus(report.time());
        }
        String line = String.format(
                Locale.ROOT,
                "%s: %,d scenarios, %,d schedules, seen by %,d steps of the engine in %,d s",
                name,
                reports.size(),
                schedules,
                steps,
                time.toSeconds());
        LINES.add(line);
        System.out.println(line);
    }
}
