package dev.filestore.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every benchmark runs and has a figure; whether the figure is good is no question of a build. */
class SmokeIT {

    @Test
    void run_tiny_givesFiniteFigures() throws Exception {
        List<Finding> findings = Main.run(Plan.tiny(), List.of());

        assertThat(findings).isNotEmpty().allMatch(finding -> finding.value().isFinite());
    }
}
