package dev.filestore.servlet;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A time that goes on when it is told to, or by a step each time that somebody looks. */
final class SettableTime implements TimeMeter {

    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    private volatile long step;

    void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    SettableTime stepping(Duration duration) {
        step = duration.toNanos();
        return this;
    }

    @Override
    public long currentTimeNanos() {
        return nanos.getAndAdd(step);
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
