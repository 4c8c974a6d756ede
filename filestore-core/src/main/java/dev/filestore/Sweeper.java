package dev.filestore;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps a store in the background, on a daemon thread of its own, until it is closed. Any number of nodes may each have
 * one: what one of them has claimed the others pass over, and a random part of each pause keeps them from coming all at once.
 * What the sweeps did is told to the store's {@linkplain FileStoreListener listeners}. Thread-safe.
 *
 * <pre>{@code
 * Sweeper sweeper = Sweeper.start(store, Duration.ofMinutes(1));
 * ...
 * sweeper.close(); // before the store
 * }</pre>
 */
public final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final double DEFAULT_JITTER = 0.2;

    private final FileStore store;
    private final double jitter;
    private final Duration every;
    private final ScheduledThreadPoolExecutor timer;

    private Sweeper(FileStore store, Duration every, double jitter) {
        this.store = store;
        this.every = every;
        this.jitter = jitter;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "filestore-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Starts to sweep, with pauses that differ by up to a fifth.
     *
     * @param store the store, which stays the caller's
     * @param every the pause between the end of a sweep and the start of the next, on average; the first comes after a
     *     random part of it. At least a millisecond and at most a day
     * @return the sweeper, to be closed before the store
     */
    public static Sweeper start(FileStore store, Duration every) {
        return start(store, every, DEFAULT_JITTER);
    }

    /**
     * Starts to sweep.
     *
     * @param store the store, which stays the caller's
     * @param every the pause between the end of a sweep and the start of the next, on average; the first comes after a
     *     random part of it. At least a millisecond and at most a day
     * @param jitter by which part of itself each pause differs at most, 0 to 1
     * @return the sweeper, to be closed before the store
     */
    public static Sweeper start(FileStore store, Duration every, double jitter) {
        Objects.requireNonNull(store, "store");
        if (every.compareTo(Duration.ofMillis(1)) < 0 || every.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("a pause is a millisecond to a day, found " + every);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("a jitter is 0 to 1, found " + jitter);
        }
        Sweeper sweeper = new Sweeper(store, every, jitter);
        sweeper.schedule((long) (every.toNanos() * ThreadLocalRandom.current().nextDouble()));
        return sweeper;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The sweep throws nothing, and makes its own successor.
    private synchronized void schedule(long nanos) {
        if (!timer.isShutdown()) {
            timer.schedule(this::sweep, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        try {
            SweepReport report = store.sweep();
            if (!report.isEmpty()) {
                LOG.info("swept: {}", report);
            }
        } catch (RuntimeException | Error e) {
            // The timer would keep an error to itself.
            LOG.warn("a sweep failed, and is tried again", e);
        } finally {
            double part = 1 + jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
            schedule((long) (every.toNanos() * part));
        }
    }

    /**
     * Ends the sweeping: waits some seconds for a sweep that is running, then interrupts it. What it leaves is due again
     * after some minutes. Repeatable.
     */
    @Override
    public void close() {
        synchronized (this) {
            timer.shutdown();
        }
        try {
            if (timer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
    }
}
