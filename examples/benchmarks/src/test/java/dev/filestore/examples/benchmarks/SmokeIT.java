package dev.filestore.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Plan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark runs and has a figure; whether the figure is good is no question of a build. */
class SmokeIT {

    @TempDir
    private Path folder;

    @Test
    void run_tiny_givesFiniteFigures() throws Exception {
        List<Finding> findings = Main.run(Plan.tiny(), List.of(), folder);

        assertThat(findings).isNotEmpty().allMatch(finding -> finding.value().isFinite());
        assertThat(folder.resolve("benchmarks.md"))
                .content()
                .contains(findings.get(0).what());
        assertThat(folder.resolve("benchmarks.svg"))
                .content()
                .startsWith("<svg")
                .endsWith("</svg>\n");
    }
}
