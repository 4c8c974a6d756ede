package dev.filestore.servlet;

/**
 * How many requests a user may make per minute: at most so many from the first one on until a minute has passed, then as
 * many again. Immutable; each {@code with} method returns a copy.
 *
 * <p>Limits are counted in the memory of one process: behind a load balancer each process counts for itself.
 */
public final class RateLimits {

    private static final RateLimits OFF = new RateLimits(0, 0, 0, 0);

    private final int upload;
    private final int list;
    private final int delete;
    private final int other;

    private RateLimits(int upload, int list, int delete, int other) {
        this.upload = upload;
        this.list = list;
        this.delete = delete;
        this.other = other;
    }

    /** What is counted together. */
    enum Operation {
        UPLOAD,
        LIST,
        DELETE,
        OTHER
    }

    /**
     * 10 uploads, 100 lists, 50 deletes and 100 other requests per minute.
     *
     * @return the limits
     */
    public static RateLimits standard() {
        return new RateLimits(10, 100, 50, 100);
    }

    /**
     * No limits at all. To limit only some operations, start from {@link #standard()} and raise the others.
     *
     * @return the absence of limits
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
        return new RateLimits(requirePositive(perMinute), list, delete, other);
    }

    /**
     * The same limits with another one for lists.
     *
     * @param perMinute how many, at least 1
     * @return a copy
     */
    public RateLimits withList(int perMinute) {
        return new RateLimits(upload, requirePositive(perMinute), delete, other);
    }

    /**
     * The same limits with another one for deletes.
     *
     * @param perMinute how many, at least 1
     * @return a copy
     */
    public RateLimits withDelete(int perMinute) {
        return new RateLimits(upload, list, requirePositive(perMinute), other);
    }

    /**
     * The same limits with another one for all other requests: reading a file or its record, and presigning.
     *
     * @param perMinute how many, at least 1
     * @return a copy
     */
    public RateLimits withOther(int perMinute) {
        return new RateLimits(upload, list, delete, requirePositive(perMinute));
    }

    /** How many requests of a kind per minute; 0 where there is no limit. */
    int of(Operation operation) {
        return switch (operation) {
            case UPLOAD -> upload;
            case LIST -> list;
            case DELETE -> delete;
            case OTHER -> other;
        };
    }

    private static int requirePositive(int perMinute) {
        if (perMinute < 1) {
            throw new IllegalArgumentException("a rate limit is at least 1 per minute, found " + perMinute);
        }
        return perMinute;
    }

    /** Returns the limits. */
    @Override
    public String toString() {
        return "RateLimits[upload=" + upload + ", list=" + list + ", delete=" + delete + ", other=" + other + "]";
    }
}
