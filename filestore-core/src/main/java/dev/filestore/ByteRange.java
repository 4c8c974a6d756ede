package dev.filestore;

/**
 * A run of bytes of an object, in the sense of one range of RFC 9110 section 14.1.
 *
 * @param offset the first byte, counted from 0
 * @param length how many bytes at most, at least 1; what lies beyond the end of the object is left out
 */
public record ByteRange(long offset, long length) {

    /** The whole object. */
    public static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE);

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if the offset is negative or the length less than 1
     */
    public ByteRange {
        if (offset < 0 || length < 1) {
            throw new IllegalArgumentException(
                    "a byte range starts at 0 or later and has at least 1 byte, found offset " + offset + ", length "
                            + length);
        }
    }

    /**
     * The last byte of the range.
     *
     * @return the offset of the last byte, inclusive; {@link Long#MAX_VALUE} where the range is open
     */
    public long last() {
        return length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length - 1;
    }
}
