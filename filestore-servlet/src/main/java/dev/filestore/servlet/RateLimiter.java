package dev.filestore.servlet;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts requests per user. A bucket that nobody used for a minute is full again and as good as a new one, so the
 * buckets are kept in two generations: each minute the older one, whose users did not come back, is dropped. Where more
 * users come within a minute than a generation may hold, it is dropped earlier, and those users start anew.
 */
final class RateLimiter {

    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int MAX_BUCKETS_PER_GENERATION = 100_000;

    private final RateLimits limits;
    private final TimeMeter time;
    private final int maxBuckets;
    private volatile Generations generations;

    RateLimiter(RateLimits limits, TimeMeter time) {
        this(limits, time, MAX_BUCKETS_PER_GENERATION);
    }

    RateLimiter(RateLimits limits, TimeMeter time, int maxBuckets) {
        this.limits = limits;
        this.time = time;
        this.maxBuckets = maxBuckets;
        this.generations = new Generations(Map.of(), new ConcurrentHashMap<>(), time.currentTimeNanos());
    }

    private record Key(String userId, RateLimits.Operation operation) {}

    private record Generations(Map<Key, Bucket> older, ConcurrentHashMap<Key, Bucket> younger, long sinceNanos) {}

    /**
     * What is left to a user.
     *
     * @param operation what was counted
     * @param allowed whether this request is within the limit
     * @param limit how many per minute
     * @param remaining how many are left now
     * @param resetSeconds after how many seconds there will be as many as ever again; at least 1
     */
    record Decision(RateLimits.Operation operation, boolean allowed, int limit, long remaining, long resetSeconds) {}

    /** Whether there is a limit at all. */
    boolean limits(RateLimits.Operation operation) {
        return limits.of(operation) > 0;
    }

    /** Counts a request. To be called only where there is a limit. */
    Decision count(String userId, RateLimits.Operation operation) {
        int limit = limits.of(operation);
        ConsumptionProbe probe = bucket(new Key(userId, operation), limit).tryConsumeAndReturnRemaining(1);
        long reset = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForReset() + TimeUnit.SECONDS.toNanos(1) - 1);
        return new Decision(operation, probe.isConsumed(), limit, probe.getRemainingTokens(), Math.max(1, reset));
    }

    /** How many buckets are in memory. */
    int size() {
        Generations now = generations;
        return now.older.size() + now.younger.size();
    }

    private Bucket bucket(Key key, int limit) {
        Generations now = current();
        Bucket bucket = now.younger.get(key);
        if (bucket != null) {
            return bucket;
        }
        return now.younger.computeIfAbsent(key, absent -> {
            Bucket old = now.older.get(absent);
            return old != null ? old : newBucket(limit);
        });
    }

    private Generations current() {
        Generations now = generations;
        if (isOver(now)) {
            synchronized (this) {
                now = generations;
                if (isOver(now)) {
                    now = new Generations(now.younger, new ConcurrentHashMap<>(), time.currentTimeNanos());
                    generations = now;
                }
            }
        }
        return now;
    }

    private boolean isOver(Generations now) {
        return time.currentTimeNanos() - now.sinceNanos >= PERIOD.toNanos() || now.younger.size() >= maxBuckets;
    }

    private Bucket newBucket(int limit) {
        return Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(bandwidth -> bandwidth.capacity(limit).refillIntervally(limit, PERIOD))
                .build();
    }
}
