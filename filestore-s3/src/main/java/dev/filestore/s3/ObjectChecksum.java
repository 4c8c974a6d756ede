package dev.filestore.s3;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * The CRC32 of an object, joined from those of its parts in their order: no byte is looked at twice.
 *
 * <p>A CRC is the remainder of a polynomial over GF(2). Appending n bytes multiplies what came before by x to the power of
 * 8n; a polynomial is held as in the CRC itself, the highest power in the lowest bit.
 */
final class ObjectChecksum {

    private static final int POLYNOMIAL = 0xEDB88320;
    private static final int ONE = 1 << 31;
    private static final int X_TO_THE_8 = ONE >>> 8;

    private int crc;

    /** Appends a part. */
    void append(long partCrc, long length) {
        crc = product(power(length), crc) ^ (int) partCrc;
    }

    /** The checksum of all parts so far, in the form of the header field. */
    String encoded() {
        return encoded(Integer.toUnsignedLong(crc));
    }

    /** A CRC32 in the form of the header field. */
    static String encoded(long crc) {
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(Integer.BYTES).putInt((int) crc).array());
    }

    /** x to the power of eight times so many. */
    private static int power(long bytes) {
        int result = ONE;
        int square = X_TO_THE_8;
        for (long left = bytes; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                result = product(square, result);
            }
            square = product(square, square);
        }
        return result;
    }

    private static int product(int a, int b) {
        int sum = 0;
        int shifted = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                sum ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? shifted >>> 1 ^ POLYNOMIAL : shifted >>> 1;
        }
        return sum;
    }
}
