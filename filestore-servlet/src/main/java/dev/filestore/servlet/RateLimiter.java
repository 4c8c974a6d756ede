package dev.filestore.servlet;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests per user, together with other processes where they share buckets, and in memory otherwise. A bucket that
 * nobody used for a minute is full again and as good as a new one, so that {@link Generations} bound the memory. Where more
 * users come within a minute than a generation may hold, some start anew: that takes as many requests as a generation holds.
 */
final class RateLimiter implements AutoCloseable {

    static final Duration PERIOD = Duration.ofMinutes(1);
    static final int MAX_KEYS = 100_000;

    private final RateLimits limits;
    private final TimeMeter time;
    private final Generations<Bucket> local;
    private final @Nullable SharedBuckets shared;

    RateLimiter(RateLimits limits, TimeMeter time) {
        this(limits, time, MAX_KEYS);
    }

    RateLimiter(RateLimits limits, TimeMeter time, int maxKeys) {
        this.limits = limits;
        this.time = time;
        this.local = new Generations<>(PERIOD, maxKeys, time);
        ProxyManager<String> buckets = limits.sharedBuckets();
        this.shared = buckets == null ? null : new SharedBuckets(buckets, time);
    }

    /**
     * What is left to a user.
     *
     * @param operation what was counted
     * @param allowed whether this request is within the limit
     * @param limit how many per minute
     * @param remaining how many are left now
     * @param resetSeconds after how many seconds there will be as many as ever again; at least 1
     */
    record Decision(RateLimits.Operation operation, boolean allowed, int limit, long remaining, long resetSeconds) {

        static Decision of(RateLimits.Operation operation, int limit, ConsumptionProbe probe) {
            return new Decision(
                    operation,
                    probe.isConsumed(),
                    limit,
                    probe.getRemainingTokens(),
                    wholeSeconds(probe.getNanosToWaitForReset()));
        }

        static Decision refused(RateLimits.Operation operation, int limit, long nanosToReset) {
            return new Decision(operation, false, limit, 0, wholeSeconds(nanosToReset));
        }

        private static long wholeSeconds(long nanos) {
            return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
        }
    }

    /** Whether there is a limit at all. */
    boolean limits(RateLimits.Operation operation) {
        return limits.of(operation) > 0;
    }

    /** Counts a request. To be called only where there is a limit. */
    Decision count(String userId, RateLimits.Operation operation) {
        int limit = limits.of(operation);
        String key = key(userId, operation, limit);
        Decision together = shared == null ? null : shared.count(key, operation, limit);
        return together != null
                ? together
                : Decision.of(
                        operation,
                        limit,
                        local.get(key, absent -> newBucket(limit)).tryConsumeAndReturnRemaining(1));
    }

    /** How many buckets are in memory. */
    int size() {
        return local.size();
    }

    /** All that a bucket is for, in a text whose length no user can choose. Part of what shared buckets promise. */
    static String key(String userId, RateLimits.Operation operation, int limit) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(userId.getBytes(StandardCharsets.UTF_8));
            return operation.label()
                    + '.'
                    + limit
                    + '.'
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** As many at once when the period is over, and none before. */
    static Bandwidth bandwidth(int limit) {
        return Bandwidth.builder()
                .capacity(limit)
                .refillIntervally(limit, PERIOD)
                .build();
    }

    private Bucket newBucket(int limit) {
        return Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(bandwidth(limit))
                .build();
    }

    /** Counts no more together with others. */
    @Override
    public void close() {
        if (shared != null) {
            shared.close();
        }
    }
}
