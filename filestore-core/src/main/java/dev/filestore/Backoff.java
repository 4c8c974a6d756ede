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
        Duration backoff = FIRST.multipliedBy(1L << Math.min(attempts, 10));
        return Engine.now(clock).plus(backoff.compareTo(LONGEST) < 0 ? backoff : LONGEST);
    }
}
