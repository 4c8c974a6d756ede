package dev.filestore.examples.reliability.killer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.examples.reliability.killer.Service.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Two nodes of the web application on PostgreSQL and S3Proxy, each in a process of its own, under load, and SIGKILL to
 * any of them at random moments. {@code -Dkiller.seed} repeats the choices of a round, though not its timing;
 * {@code -Dkiller.clients} sets the load. Progress and summary are in {@code target/killer.txt}; where a promise was
 * broken the journal and the logs stay beside it. A long round, and nothing else:
 *
 * <pre>
 * mvn -B -Dfast verify -pl examples/reliability -am -Dkiller.kills=500 -Dit.test=KillerIT -Dtest=none \
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 * </pre>
 *
 * <p>With {@code -Dkiller.commit=off} the database answers before a commit is safe. Such a round has to fail, and name what was
 * lost: a check that cannot fail proves nothing.
 */
class KillerIT {

    private static final Path TARGET = Path.of("target");

    private static final int LEAST_OF_A_KIND = 8;
    private static final int MOST_LINES = 50;

    @TempDir(factory = InTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void everything_killedAgainAndAgain_keepsEveryPromise() throws Exception {
        Round.Plan plan = new Round.Plan(
                Integer.getInteger("killer.kills", 32),
                Long.getLong("killer.seed", System.nanoTime()),
                Integer.getInteger("killer.clients", 8),
                100);
        Figures figures = new Figures();
        try (PrintWriter out =
                new PrintWriter(Files.newBufferedWriter(TARGET.resolve("killer.txt"), StandardCharsets.UTF_8))) {
            List<String> violations = new Round(plan, figures, out).run(folder.toAbsolutePath());
            assertThat(violations.stream().limit(MOST_LINES))
                    .as("%d promises broken, seed %d, see %s", violations.size(), plan.seed(), folder)
                    .isEmpty();
        }
        for (Kind kind : List.of(Kind.APP, Kind.DATABASE, Kind.S3)) {
            int share = plan.kills() >= 30 ? LEAST_OF_A_KIND : 0;
            assertThat(figures.of("kills of " + kind)).isGreaterThanOrEqualTo(share);
        }
        // Nothing is shown by killing what does nothing.
        assertThat(figures.of(Uploader.ACKNOWLEDGED)).isGreaterThan(plan.kills());
        assertThat(figures.of(Client.DELETED)).isPositive();
        assertThat(figures.of(Uploader.UNKNOWN)).isPositive();
        assertThat(figures.of("requests under way at the kills")).isGreaterThan(plan.kills());
    }

    /** Puts the folder where it is looked for. */
    static final class InTarget implements TempDirFactory {

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.createTempDirectory(Files.createDirectories(TARGET), "killer");
        }
    }
}
