package dev.filestore.s3;

import dev.filestore.StorageException;

/** How large each part of an object is: S3 takes 10,000 at most. */
final class PartSizes {

    static final int MAX_PARTS = 10_000;

    /** Growing by a share of what is sent, 5 MiB parts reach 5 TiB within 10,000. */
    private static final int SHARE = 1_280;

    private final long first;
    private final long largest;
    private final long length;

    /**
     * Chooses.
     *
     * @param smallest the configured size
     * @param largest what memory has room for
     * @param length how many bytes the object has, or -1 if that is unknown
     * @param key the object, for messages
     * @throws StorageException if so many bytes do not fit 10,000 such parts
     */
    PartSizes(long smallest, long largest, long length, String key) {
        // Equal parts where it can be: some stores insist.
        this.first = length < 0 ? smallest : Math.max(smallest, roundedUp((length + MAX_PARTS - 1) / MAX_PARTS));
        this.largest = largest;
        this.length = length;
        if (first > largest) {
            throw new StorageException(
                    "put " + key + ": " + length + " bytes need parts of " + first + ", and all parts have " + largest
                            + " bytes of memory, see S3Settings.Builder.partMemoryBytes",
                    null);
        }
    }

    /** The size of the part that starts there: what is left, where that is known to be less. */
    long at(long offset) {
        return length < 0
                ? Math.min(largest, Math.max(first, roundedUp(offset / SHARE)))
                // One byte more than announced is for the source to refuse.
                : Math.max(1, Math.min(first, length - offset));
    }

    private static long roundedUp(long size) {
        return (size + PartMemory.SEGMENT - 1) / PartMemory.SEGMENT * PartMemory.SEGMENT;
    }
}
