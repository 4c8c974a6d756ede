package dev.filestore.s3;

/** How large each part of an object is: S3 takes 10,000 at most. */
final class PartSizes {

    static final int MAX_PARTS = 10_000;

    /** Growing by a share of what is sent, 5 MiB parts reach 5 TiB within 10,000. */
    private static final int SHARE = 1_280;

    private static final int SEGMENT = 64 * 1024;

    private final long first;
    private final boolean growing;

    /**
     * Chooses.
     *
     * @param smallest the configured size
     * @param length how many bytes the object has, or -1 if that is unknown
     */
    PartSizes(long smallest, long length) {
        // Equal parts where it can be: some stores insist.
        first = length < 0 ? smallest : Math.max(smallest, roundedUp((length + MAX_PARTS - 1) / MAX_PARTS));
        growing = length < 0;
    }

    /** The size of the part that starts there. */
    long at(long offset) {
        return growing ? Math.max(first, roundedUp(offset / SHARE)) : first;
    }

    private static long roundedUp(long size) {
        return (size + SEGMENT - 1) / SEGMENT * SEGMENT;
    }
}
