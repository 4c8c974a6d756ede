package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.servlet.RateLimits.Operation;
import io.github.bucket4j.TimeMeter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    /** Goes on when it is told to. */
    private static final class Time implements TimeMeter {

        private long nanos = 1_000_000_000L;

        void pass(long seconds) {
            nanos += TimeUnit.SECONDS.toNanos(seconds);
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    private final Time time = new Time();
    private final RateLimiter limiter = new RateLimiter(RateLimits.standard(), time);

    @Test
    void standard_isWhatTheContractSays() {
        assertThat(RateLimits.standard().of(Operation.UPLOAD)).isEqualTo(10);
        assertThat(RateLimits.standard().of(Operation.LIST)).isEqualTo(100);
        assertThat(RateLimits.standard().of(Operation.DELETE)).isEqualTo(50);
        assertThat(RateLimits.standard().of(Operation.OTHER)).isEqualTo(100);
    }

    @Test
    void with_anotherLimit_changesOnlyThat() {
        RateLimits limits =
                RateLimits.standard().withUpload(1).withList(2).withDelete(3).withOther(4);

        assertThat(limits.of(Operation.UPLOAD)).isEqualTo(1);
        assertThat(limits.of(Operation.LIST)).isEqualTo(2);
        assertThat(limits.of(Operation.DELETE)).isEqualTo(3);
        assertThat(limits.of(Operation.OTHER)).isEqualTo(4);
        assertThatThrownBy(() -> limits.withList(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void off_limitsNothing() {
        RateLimiter off = new RateLimiter(RateLimits.off(), time);

        for (Operation operation : Operation.values()) {
            assertThat(off.limits(operation)).isFalse();
        }
    }

    @Test
    void count_beyondTheLimit_isRefusedUntilTheMinuteIsOver() {
        for (int i = 9; i >= 0; i--) {
            RateLimiter.Decision decision = limiter.count("a", Operation.UPLOAD);
            assertThat(decision.allowed()).isTrue();
            assertThat(decision.remaining()).isEqualTo(i);
        }
        time.pass(45);

        assertThat(limiter.count("a", Operation.UPLOAD))
                .isEqualTo(new RateLimiter.Decision(Operation.UPLOAD, false, 10, 0, 15));
        time.pass(14);
        assertThat(limiter.count("a", Operation.UPLOAD).allowed()).isFalse();
        time.pass(1);
        assertThat(limiter.count("a", Operation.UPLOAD))
                .isEqualTo(new RateLimiter.Decision(Operation.UPLOAD, true, 10, 9, 60));
    }

    @Test
    void count_otherUsersAndOperations_areCountedForThemselves() {
        for (int i = 0; i < 11; i++) {
            limiter.count("a", Operation.UPLOAD);
        }

        assertThat(limiter.count("a", Operation.UPLOAD).allowed()).isFalse();
        assertThat(limiter.count("a", Operation.DELETE).allowed()).isTrue();
        assertThat(limiter.count("b", Operation.UPLOAD).allowed()).isTrue();
    }

    @Test
    void count_userWhoComesBackBeforeTheMinuteIsOver_isStillKnown() {
        limiter.count("other", Operation.UPLOAD);
        time.pass(50);
        for (int i = 0; i < 10; i++) {
            limiter.count("a", Operation.UPLOAD);
        }
        // A new generation begins in between.
        time.pass(20);

        assertThat(limiter.count("a", Operation.UPLOAD).allowed()).isFalse();
    }

    @Test
    void count_usersWhoDoNotComeBack_areForgotten() {
        for (int i = 0; i < 1000; i++) {
            limiter.count("user" + i, Operation.LIST);
        }
        assertThat(limiter.size()).isEqualTo(1000);

        time.pass(61);
        limiter.count("a", Operation.LIST);
        time.pass(61);
        limiter.count("a", Operation.LIST);

        assertThat(limiter.size()).isLessThanOrEqualTo(2);
    }

    @Test
    void count_moreUsersThanFit_keepsMemoryBounded() {
        RateLimiter small = new RateLimiter(RateLimits.standard(), time, 100);

        for (int i = 0; i < 100_000; i++) {
            small.count("user" + i, Operation.LIST);
        }

        assertThat(small.size()).isLessThanOrEqualTo(200);
    }
}
