package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.servlet.RateLimits.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private final SettableTime time = new SettableTime();
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
    void withUploadsAtOnce_andSlowestBody_changeOnlyThose() {
        assertThat(RateLimits.standard().uploads()).isEqualTo(new RateLimits.AtOnce(10, 100));
        assertThat(RateLimits.standard().slowestBody())
                .isEqualTo(new RateLimits.SlowestBody(500, Duration.ofSeconds(30)));
        RateLimits limits = RateLimits.off()
                .withUploadsAtOnce(1, 2)
                .withSlowestBody(3, Duration.ofSeconds(4))
                .withList(5);

        assertThat(limits.of(Operation.UPLOAD)).isZero();
        assertThat(limits.of(Operation.LIST)).isEqualTo(5);
        assertThat(limits.uploads()).isEqualTo(new RateLimits.AtOnce(1, 2));
        assertThat(limits.slowestBody()).isEqualTo(new RateLimits.SlowestBody(3, Duration.ofSeconds(4)));
        assertThatThrownBy(() -> limits.withUploadsAtOnce(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits.withUploadsAtOnce(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits.withSlowestBody(-1, Duration.ofSeconds(4)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits.withSlowestBody(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
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
        time.pass(Duration.ofSeconds(45));

        assertThat(limiter.count("a", Operation.UPLOAD))
                .isEqualTo(new RateLimiter.Decision(Operation.UPLOAD, false, 10, 0, 15));
        time.pass(Duration.ofSeconds(14));
        assertThat(limiter.count("a", Operation.UPLOAD).allowed()).isFalse();
        time.pass(Duration.ofSeconds(1));
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
        time.pass(Duration.ofSeconds(50));
        for (int i = 0; i < 10; i++) {
            limiter.count("a", Operation.UPLOAD);
        }
        // A new generation begins in between.
        time.pass(Duration.ofSeconds(20));

        assertThat(limiter.count("a", Operation.UPLOAD).allowed()).isFalse();
    }

    @Test
    void count_usersWhoDoNotComeBack_areForgotten() {
        for (int i = 0; i < 1000; i++) {
            limiter.count("user" + i, Operation.LIST);
        }
        assertThat(limiter.size()).isEqualTo(1000);

        time.pass(Duration.ofSeconds(61));
        limiter.count("a", Operation.LIST);
        time.pass(Duration.ofSeconds(61));
        limiter.count("a", Operation.LIST);

        assertThat(limiter.size()).isLessThanOrEqualTo(2);
    }

    @Test
    void count_aMillionUsers_keepsTwoGenerationsAtMost() {
        int most = 0;
        for (int i = 0; i < 1_000_000; i++) {
            limiter.count("user" + i, Operation.LIST);
            if (i % 1_000 == 0) {
                most = Math.max(most, limiter.size());
            }
        }

        assertThat(most).isGreaterThan(100_000);
        assertThat(Math.max(most, limiter.size())).isLessThanOrEqualTo(2 * RateLimiter.MAX_KEYS);
    }

    /** What it costs to be forgotten early is more than what is gained by it: a generation of requests for one limit. */
    @Test
    void count_othersWhoFillAGeneration_forgetNobodyWhoComesBack() {
        RateLimiter small = new RateLimiter(RateLimits.standard(), time, 100);
        for (int i = 0; i < 10; i++) {
            small.count("a", Operation.UPLOAD);
        }

        for (int i = 0; i < 10_000; i++) {
            small.count("account" + i, Operation.LIST);
            if (i % 50 == 0) {
                assertThat(small.count("a", Operation.UPLOAD).allowed()).isFalse();
            }
        }
    }

    @Test
    void key_isShortAndPlain_whateverTheUserIsCalled() {
        for (String user :
                List.of("", "a", "../\r\n'; drop table bucket", "\u202e\uD83D\uDE00", "x".repeat(1_000_000))) {
            assertThat(RateLimiter.key(user, Operation.UPLOAD, Integer.MAX_VALUE))
                    .matches("upload\\.2147483647\\.[A-Za-z0-9_-]{43}")
                    .hasSizeLessThanOrEqualTo(61);
        }
    }

    /** Rows of shared buckets live on over an update of this library. */
    @Test
    void key_isTheSameInEveryVersion() {
        assertThat(RateLimiter.key("123", Operation.LIST, 100))
                .isEqualTo("list.100.pmWkWSBCL51Bfkhn79xPuKBKHz__H6B-mY6G9_eieuM");
    }
}
