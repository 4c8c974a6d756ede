package dev.filestore.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The bytes of one part, in segments that are allocated as bytes come and are used again for the next part; with the CRC32
 * of the part and of all parts, taken while the bytes are in the processor's cache. For one thread.
 */
final class PartBuffer {

    private static final int SEGMENT = 64 * 1024;

    /** Most files are small: they do not pay for a whole segment. */
    private static final int FIRST_SEGMENT = 8 * 1024;

    private final List<byte[]> segments = new ArrayList<>();
    private final CRC32 ofAll = new CRC32();
    private CRC32 ofPart = ofAll;
    private byte[] ahead = new byte[0];
    private int aheadLength;
    private long size;
    private long total;

    /** The segment that is being filled, and how much of it is. */
    private int current;

    private int filled;

    /**
     * Reads until there are so many bytes.
     *
     * @return whether the source ended before
     */
    boolean fill(InputStream source, long limit) throws IOException {
        while (size < limit) {
            byte[] segment = segment();
            int read = source.read(segment, filled, (int) Math.min(segment.length - filled, limit - size));
            if (read < 0) {
                return true;
            }
            accept(segment, filled, read);
        }
        return false;
    }

    /**
     * Looks whether the source goes on, and keeps what it gives for the next part.
     *
     * @return whether it ended
     */
    boolean isAtEnd(InputStream source) throws IOException {
        ahead = new byte[SEGMENT];
        int read = source.read(ahead, 0, ahead.length);
        aheadLength = Math.max(read, 0);
        return read < 0;
    }

    /** Begins the next part. */
    void next() {
        size = 0;
        current = 0;
        filled = 0;
        ofPart = new CRC32();
        if (aheadLength > 0) {
            segments.add(0, ahead);
            accept(ahead, 0, aheadLength);
            aheadLength = 0;
        }
    }

    private byte[] segment() {
        if (current < segments.size() && filled == segments.get(current).length) {
            current++;
            filled = 0;
        }
        if (current == segments.size()) {
            segments.add(new byte[segments.isEmpty() ? FIRST_SEGMENT : SEGMENT]);
        }
        return segments.get(current);
    }

    private void accept(byte[] segment, int offset, int length) {
        ofPart.update(segment, offset, length);
        if (ofPart != ofAll) {
            ofAll.update(segment, offset, length);
        }
        filled += length;
        size += length;
        total += length;
    }

    /** How many bytes the part has. */
    long size() {
        return size;
    }

    /** How many bytes all parts have, this one included. */
    long total() {
        return total;
    }

    /** The CRC32 of the part, in the form of the header field. */
    String checksum() {
        return encoded(ofPart);
    }

    /** The CRC32 of all parts, this one included. */
    String totalChecksum() {
        return encoded(ofAll);
    }

    private static String encoded(CRC32 checksum) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) checksum.getValue())
                .array();
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The part as a body that can be sent again, until the next part begins. */
    RequestBody body(String contentType) {
        return RequestBody.fromContentProvider(Reader::new, size, contentType);
    }

    private final class Reader extends InputStream {

        private int segment;
        private int position;
        private long left = size;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, buffer.length);
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            if (position == segments.get(segment).length) {
                segment++;
                position = 0;
            }
            byte[] from = segments.get(segment);
            int read = (int) Math.min(Math.min(length, from.length - position), left);
            System.arraycopy(from, position, buffer, offset, read);
            position += read;
            left -= read;
            return read;
        }

        @Override
        public int available() {
            return (int) Math.min(left, Integer.MAX_VALUE);
        }
    }
}
