package dev.filestore.examples.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.examples.fuzzing.targets.SignedTarget;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Jazzer runs on this JDK: it stays quiet where nothing is to be found, and finds its way where something is. */
class JazzerIT {

    private static final int SECONDS_OF_PEACE = 2;
    private static final int SECONDS_OF_SEARCH = 90;

    /** Breaks one rule, behind a word that no search without eyes comes upon. */
    public static final class Planted implements Target {

        /** For Jazzer. */
        public static void fuzzerTestOneInput(byte[] input) {
            new Planted().run(input);
        }

        @Override
        public String name() {
            return "planted";
        }

        @Override
        public void run(byte[] input) {
            BrokenRule.unless(!Bytes.latin1(input).startsWith("expires_in_hours"), "the word was found");
        }

        @Override
        public byte[] generate(RandomGenerator random) {
            return Bytes.random(random, 8);
        }

        @Override
        public List<byte[]> seeds() {
            return List.of(Bytes.of("e"));
        }

        @Override
        public List<String> words() {
            return List.of();
        }
    }

    @Test
    void run_target_findsNothing() throws Exception {
        assertThat(Jazzer.run(new SignedTarget(), SECONDS_OF_PEACE)).isTrue();
    }

    @Test
    void run_mistakeBehindAWord_isFound() throws Exception {
        assertThat(Jazzer.run(new Planted(), Planted.class.getName(), SECONDS_OF_SEARCH))
                .isFalse();
    }
}
