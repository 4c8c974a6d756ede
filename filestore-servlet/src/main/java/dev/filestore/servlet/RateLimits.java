package dev.filestore.servlet;

import io.github.bucket4j.distributed.proxy.ProxyManager;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much of the servlet a user may take: requests per minute, uploads at the same time, and time to send them. Immutable;
 * each {@code with} method returns a copy.
 *
 * <p>Requests per minute: at most so many from the first one on until a minute has passed, then as many again. Each request
 * of a known user counts, whatever becomes of it. Every process counts for itself, unless
 * {@linkplain #withSharedBuckets they count together}.
 */
public final class RateLimits {

    private static final RateLimits OFF =
            new RateLimits(Map.of(), new AtOnce(10, 100), new SlowestBody(500, Duration.ofSeconds(30)), null);

    private final Map<Operation, Integer> perMinute;
    private final AtOnce uploads;
    private final SlowestBody slowestBody;
    private final @Nullable ProxyManager<String> sharedBuckets;

    private RateLimits(
            Map<Operation, Integer> perMinute,
            AtOnce uploads,
            SlowestBody slowestBody,
            @Nullable ProxyManager<String> sharedBuckets) {
        this.perMinute = perMinute;
        this.uploads = uploads;
        this.slowestBody = slowestBody;
        this.sharedBuckets = sharedBuckets;
    }

    /** What is counted together. */
    enum Operation {
        UPLOAD,
        LIST,
        DELETE,
        OTHER;

        /** What clients, logs and keys call it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How many uploads there may be at the same time.
     *
     * @param perUser how many of one user
     * @param inAll how many of all users together
     */
    record AtOnce(int perUser, int inAll) {

        /** How many clients may be waited for beside those that upload. */
        int others() {
            return Math.max(1, inAll / 4);
        }
    }

    /**
     * The slowest that a body may come.
     *
     * @param bytesPerSecond how fast; 0 if as slowly as it likes
     * @param grace how far it may fall behind that
     */
    record SlowestBody(int bytesPerSecond, Duration grace) {}

    /**
     * 10 uploads, 100 lists, 50 deletes and 100 other requests per minute; 10 uploads of one user and 100 of all users at the
     * same time; bodies that come with 500 bytes per second, or make up for it within 30 seconds.
     *
     * @return the limits
     */
    public static RateLimits standard() {
        return OFF.with(Operation.UPLOAD, 10)
                .with(Operation.LIST, 100)
                .with(Operation.DELETE, 50)
                .with(Operation.OTHER, 100);
    }

    /**
     * Any number of requests per minute. What keeps slow clients from taking all threads stays as in {@link #standard()}. To
     * limit only some operations, name them here, or start from {@link #standard()} and raise the others.
     *
     * @return the absence of limits per minute
     */
    public static RateLimits off() {
        return OFF;
    }

    /**
     * The same limits with another one for uploads.
     *
     * @param perMinute how many, at least 1
     * @return a copy
     */
    public RateLimits withUpload(int perMinute) {
        return with(Operation.UPLOAD, perMinute);
    }

    /**
     * The same limits with another one for lists.
     *
     * @param perMinute how many, at least 1
     * @return a copy
     */
    public RateLimits withList(int perMinute) {
        return with(Operation.LIST, perMinute);
    }

    /**
     * The same limits with another one for deletes.
     *
     * @param perMinute how many, at least 1
     * @return a copy
     */
    public RateLimits withDelete(int perMinute) {
        return with(Operation.DELETE, perMinute);
    }

    /**
     * The same limits with another one for all other requests: reading a file or its record, and presigning.
     *
     * @param perMinute how many, at least 1
     * @return a copy
     */
    public RateLimits withOther(int perMinute) {
        return with(Operation.OTHER, perMinute);
    }

    private RateLimits with(Operation operation, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a rate limit is at least 1 per minute, found " + limit);
        }
        Map<Operation, Integer> limits = new EnumMap<>(Operation.class);
        limits.putAll(perMinute);
        limits.put(operation, limit);
        return new RateLimits(Collections.unmodifiableMap(limits), uploads, slowestBody, sharedBuckets);
    }

    /**
     * The same limits with other ones for uploads at the same time, in this process. What is beyond is refused at once, and
     * nothing waits in a queue: 429 where it is the user's own uploads that are too many, 503 where it is everybody's.
     *
     * <p>An upload holds a thread of the container from its first byte to its last, as fast as its client sends. So the
     * number for all should leave threads over: half of them is a good measure, and 100 is half of what Jetty and Tomcat
     * have unless they are told otherwise.
     *
     * @param perUser how many of one user, at least 1
     * @param inAll how many of all users together, at least as many
     * @return a copy
     */
    public RateLimits withUploadsAtOnce(int perUser, int inAll) {
        if (perUser < 1 || inAll < perUser) {
            throw new IllegalArgumentException(
                    "uploads at the same time are at least 1 of each user, and as many in all, found " + perUser
                            + " and " + inAll);
        }
        return new RateLimits(perMinute, new AtOnce(perUser, inAll), slowestBody, sharedBuckets);
    }

    /**
     * The same limits with another one for clients that send slowly: a body is refused when it has fallen behind this
     * rate by more than the grace. Only the time counts in which it is waited for, and not what the storage takes; and
     * bytes that come faster than this are no credit for later.
     *
     * @param bytesPerSecond how fast a body comes at least; 0 for no such limit
     * @param grace how far it may fall behind, at least a second
     * @return a copy
     */
    public RateLimits withSlowestBody(int bytesPerSecond, Duration grace) {
        if (bytesPerSecond < 0 || grace.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "the slowest body has 0 bytes per second or more, and a second of grace or" + " more, found "
                            + bytesPerSecond + " and " + grace);
        }
        return new RateLimits(perMinute, uploads, new SlowestBody(bytesPerSecond, grace), sharedBuckets);
    }

    /**
     * The same limits, counted together by all processes that are given the same buckets: in a database, in Redis, or
     * whatever else Bucket4j has a back-end for. The caller makes them, and closes what is behind them after the servlet.
     *
     * <p>Keys are {@code operation.limit.user}: ASCII, 61 characters at most, the user as a SHA-256 in base64url. A host that
     * keeps other buckets in the same place maps them apart by {@link ProxyManager#withMapper}.
     *
     * <p>The clocks of the processes count, or the clock that the buckets were built with. Make them with an
     * {@code expirationAfterWrite} of a minute or more after they are full again: then nothing grows. Where they are an
     * {@code ExpiredEntriesCleaner}, as those in databases are, expired ones are removed from here once a minute; behind
     * {@code withMapper} that is the host's to do.
     *
     * <p>A back-end that fails, or takes more than two seconds, is left alone for ten seconds, and each process counts
     * for itself meanwhile.
     *
     * @param buckets the buckets
     * @return a copy
     */
    public RateLimits withSharedBuckets(ProxyManager<String> buckets) {
        return new RateLimits(perMinute, uploads, slowestBody, Objects.requireNonNull(buckets, "buckets"));
    }

    /** How many requests of a kind per minute; 0 where there is no limit. */
    int of(Operation operation) {
        return perMinute.getOrDefault(operation, 0);
    }

    AtOnce uploads() {
        return uploads;
    }

    SlowestBody slowestBody() {
        return slowestBody;
    }

    @Nullable
    ProxyManager<String> sharedBuckets() {
        return sharedBuckets;
    }

    /** Returns the limits. */
    @Override
    public String toString() {
        return "RateLimits[perMinute=" + perMinute + ", uploads=" + uploads + ", slowestBody=" + slowestBody
                + ", shared=" + (sharedBuckets != null) + "]";
    }
}
