package dev.filestore.examples.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.examples.fuzzing.targets.TokensTarget;
import dev.filestore.examples.fuzzing.uploads.ManyUploads;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each target for two seconds, and some thousands of uploads; docs/fuzzing.md says how to do it for longer. */
class TargetsTest {

    private static final Duration SMOKE = Duration.ofSeconds(2);
    private static final int UPLOADS = 20_000;

    static List<Target> targets() {
        return Targets.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void search_target_findsNothing(Target target) {
        assertThat(new Search(target, 1).run(SMOKE, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void uploads_byTheThousand_leaveNothingButWhatWasAcknowledged() throws Exception {
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        boolean clean = ManyUploads.run(UPLOADS, 1, false, new PrintStream(told, true, StandardCharsets.UTF_8));

        assertThat(clean).as(told.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(told.toString(StandardCharsets.UTF_8)).contains("upload 201=", "DELETE 200=");
    }

    /** Else all that is asked of tokens would hold of a policy that takes none. */
    @Test
    void tokens_genuine_areTaken() {
        assertThat(new TokensTarget().takesGenuine()).isTrue();
    }
}
