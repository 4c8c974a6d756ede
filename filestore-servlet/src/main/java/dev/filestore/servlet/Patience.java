package dev.filestore.servlet;

import io.github.bucket4j.TimeMeter;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How long clients are waited for while they send, and how many that are refused already. Safe for any number of threads. */
final class Patience {

    private final RateLimits.SlowestBody slowest;
    private final TimeMeter time;
    private final Semaphore known;
    private final Semaphore unknown;

    /**
     * Starts.
     *
     * @param slowest the slowest that a body may come
     * @param refusedAtOnce how many clients may be listened to at the same time whose answer is known already; as many
     *     whose users are known, and as many others
     * @param time where the time comes from
     */
    Patience(RateLimits.SlowestBody slowest, int refusedAtOnce, TimeMeter time) {
        this.slowest = slowest;
        this.known = new Semaphore(refusedAtOnce);
        this.unknown = new Semaphore(refusedAtOnce);
        this.time = time;
    }

    long nanoTime() {
        return time.currentTimeNanos();
    }

    /**
     * How far a body is behind the slowest rate. It is never ahead: bytes that come fast buy no time for later ones.
     *
     * @param behind how far it was, in nanoseconds
     * @param waited how long was waited since, in nanoseconds
     * @param bytes how many bytes came for that
     */
    long behind(long behind, long waited, int bytes) {
        return slowest.bytesPerSecond() == 0
                ? 0
                : Math.max(0, behind + waited - bytes * TimeUnit.SECONDS.toNanos(1) / slowest.bytesPerSecond());
    }

    boolean isOver(long behind) {
        return behind > slowest.grace().toNanos();
    }

    /** What a client is told that was too slow. */
    String rule() {
        return "a body comes with at least " + slowest.bytesPerSecond()
                + " bytes per second, or makes up for it within "
                + slowest.grace().toSeconds() + " seconds";
    }

    /**
     * Whether a client may be listened to that is refused; then {@link #leave} is to be called behind it.
     *
     * @param userIsKnown whether it is known whose it is: nobody else can take the places of those
     */
    boolean enter(boolean userIsKnown) {
        return places(userIsKnown).tryAcquire();
    }

    void leave(boolean userIsKnown) {
        places(userIsKnown).release();
    }

    private Semaphore places(boolean userIsKnown) {
        return userIsKnown ? known : unknown;
    }
}
