package dev.filestore.servlet;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ExpiredEntriesCleaner;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buckets that several processes draw from. The back-end is asked on threads of its own, so that however long it takes no
 * request waits for it longer than two seconds. When it has failed it is left alone for a while, and then asked by one
 * request. And it is asked nothing that is known already: who was refused is refused until the bucket is full again.
 */
final class SharedBuckets implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(FileStoreServlet.class);
    private static final int THREADS = 8;
    private static final int LONGEST_QUEUE = 1_000;
    private static final int EXPIRED_AT_ONCE = 1_000;

    private final ProxyManager<String> buckets;
    private final TimeMeter time;
    private final Duration patience;
    private final Generations<Long> refusedUntil;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(LONGEST_QUEUE), SharedBuckets::thread);
    private final AtomicLong cleanedAt;
    private final AtomicLong pausedUntil = new AtomicLong();
    private volatile boolean failing;

    SharedBuckets(ProxyManager<String> buckets, TimeMeter time) {
        this(buckets, time, PATIENCE);
    }

    SharedBuckets(ProxyManager<String> buckets, TimeMeter time, Duration patience) {
        this.buckets = buckets;
        this.time = time;
        this.patience = patience;
        this.refusedUntil = new Generations<>(RateLimiter.PERIOD, RateLimiter.MAX_KEYS, time);
        this.cleanedAt = new AtomicLong(time.currentTimeNanos());
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "filestore-rate-limits");
        thread.setDaemon(true);
        return thread;
    }

    /** Counts a request; null if the back-end does not answer. */
    RateLimiter.@Nullable Decision count(String key, RateLimits.Operation operation, int limit) {
        long now = time.currentTimeNanos();
        Long until = refusedUntil.find(key);
        if (until != null && until - now > 0) {
            return RateLimiter.Decision.refused(operation, limit, until - now);
        }
        if (isPaused(now)) {
            return null;
        }
        ConsumptionProbe probe = ask(key, limit);
        if (probe == null) {
            return null;
        }
        if (!probe.isConsumed()) {
            // Whatever the clocks of others say, nobody is shut out of this process for longer than a period.
            refusedUntil.put(key, now + Math.min(probe.getNanosToWaitForReset(), RateLimiter.PERIOD.toNanos()));
        }
        cleanNowAndThen(now);
        return RateLimiter.Decision.of(operation, limit, probe);
    }

    private @Nullable ConsumptionProbe ask(String key, int limit) {
        Future<ConsumptionProbe> asked;
        try {
            asked = threads.submit(
                    () -> buckets.getProxy(key, () -> configuration(limit)).tryConsumeAndReturnRemaining(1));
        } catch (RejectedExecutionException e) {
            // More are waiting than could be answered in time, or the servlet is going.
            return null;
        }
        try {
            ConsumptionProbe probe = asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (failing) {
                failing = false;
                LOG.info("rate limits are counted together with other processes again");
            }
            return probe;
        } catch (TimeoutException | ExecutionException e) {
            asked.cancel(true);
            pause(e);
        } catch (InterruptedException e) {
            asked.cancel(true);
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private static BucketConfiguration configuration(int limit) {
        return BucketConfiguration.builder()
                .addLimit(RateLimiter.bandwidth(limit))
                .build();
    }

    /** Of those who come when a pause is over, one is let through. */
    private boolean isPaused(long now) {
        if (!failing) {
            return false;
        }
        long until = pausedUntil.get();
        return now - until < 0 || !pausedUntil.compareAndSet(until, now + PAUSE.toNanos());
    }

    private synchronized void pause(Exception reason) {
        pausedUntil.set(time.currentTimeNanos() + PAUSE.toNanos());
        if (!failing) {
            failing = true;
            LOG.warn(
                    "the shared buckets of the rate limits gave no answer within {} s; this process counts for itself until they"
                            + " do, and asks again every {} s",
                    patience.toSeconds(),
                    PAUSE.toSeconds(),
                    reason instanceof ExecutionException ? reason.getCause() : reason);
        }
    }

    private void cleanNowAndThen(long now) {
        long last = cleanedAt.get();
        if (buckets instanceof ExpiredEntriesCleaner cleaner
                && now - last >= RateLimiter.PERIOD.toNanos()
                && cleanedAt.compareAndSet(last, now)) {
            try {
                threads.execute(() -> clean(cleaner));
            } catch (RejectedExecutionException e) {
                LOG.debug("expired buckets are removed a minute later", e);
            }
        }
    }

    private static void clean(ExpiredEntriesCleaner cleaner) {
        try {
            int removed = EXPIRED_AT_ONCE;
            while (removed == EXPIRED_AT_ONCE) {
                removed = cleaner.removeExpired(EXPIRED_AT_ONCE);
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "expired buckets of the rate limits cannot be removed; were they built with expirationAfterWrite?",
                    e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
