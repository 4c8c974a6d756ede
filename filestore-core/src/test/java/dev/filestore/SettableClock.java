package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is moved. Thread-safe. */
public final class SettableClock extends Clock {

    private final AtomicReference<Instant> now;

    /**
     * A clock that shows a moment.
     *
     * @param now the moment
     */
    public SettableClock(Instant now) {
        this.now = new AtomicReference<>(now);
    }

    /**
     * Moves the clock.
     *
     * @param step how far, forward or back
     */
    public void advance(Duration step) {
        now.updateAndGet(moment -> moment.plus(step));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the time is UTC");
    }
}
