package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** When something that failed is tried again: after a minute, then twice as long each time, six hours at most. */
final class Backoff {

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(6);

    private Backoff() {}

    /** The moment of the next attempt, after so many that failed before the present one. */
    static Instant after(int attempts, Clock clock) {
        return Engine.now(clock).plus(wait(attempts));
    }

    /** How long it took at least from the first of so many failed attempts to the last. */
    static Duration spent(int attempts) {
        Duration spent = Duration.ZERO;
        for (int i = 0; i < attempts - 1; i++) {
            spent = spent.plus(wait(i));
        }
        return spent;
    }

    private static Duration wait(int attempts) {
        Duration wait = FIRST.multipliedBy(1L << Math.min(attempts, 10));
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }
}
