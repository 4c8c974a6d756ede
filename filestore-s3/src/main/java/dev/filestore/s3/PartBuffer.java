package dev.filestore.s3;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The bytes of one part, in segments that are taken as bytes come, with their CRC32, taken while they are in the processor's
 * cache. For one thread at a time; filled first, then read any number of times, then closed.
 */
final class PartBuffer implements AutoCloseable {

    /** Most files are small: they do not pay for a whole segment. */
    private static final int FIRST_SEGMENT = 8 * 1024;

    /** So much is held without a reservation: files up to it never wait for the parts of others. */
    private static final int UNRESERVED = FIRST_SEGMENT + PartMemory.SEGMENT;

    private final PartMemory memory;
    private final String key;
    private final List<byte[]> segments = new ArrayList<>();
    private final CRC32 checksum = new CRC32();
    private PartMemory.@Nullable Share share;
    private long size;

    /** How much of the last segment is filled. */
    private int filled;

    /**
     * Begins a part.
     *
     * @param memory where its segments come from
     * @param key the object that it is a part of, for messages
     */
    PartBuffer(PartMemory memory, String key) {
        this.memory = memory;
        this.key = key;
    }

    /** Gives it what is reserved for the whole part, which it closes. */
    void use(PartMemory.Share share) {
        this.share = share;
    }

    /**
     * Reads until there are so many bytes; waits for memory where the part outgrows its first bytes.
     *
     * @return whether the source ended before
     * @throws IOException what the source threw
     * @throws dev.filestore.StorageException if there was no memory in time
     */
    boolean fill(InputStream source, long limit) throws IOException {
        while (size < limit) {
            if (size >= UNRESERVED && share == null) {
                share = memory.reserve(limit, key);
            }
            if (readOnce(source, limit)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads once, to see whether the source goes on.
     *
     * @return whether it ended
     */
    boolean begin(InputStream source) throws IOException {
        return readOnce(source, FIRST_SEGMENT);
    }

    private boolean readOnce(InputStream source, long limit) throws IOException {
        if (segments.isEmpty()) {
            segments.add(new byte[FIRST_SEGMENT]);
        } else if (filled == segments.get(segments.size() - 1).length) {
            segments.add(memory.take());
            filled = 0;
        }
        byte[] segment = segments.get(segments.size() - 1);
        int read = source.read(segment, filled, (int) Math.min(segment.length - filled, limit - size));
        if (read < 0) {
            return true;
        }
        checksum.update(segment, filled, read);
        filled += read;
        size += read;
        return false;
    }

    /** How many bytes the part has. */
    long size() {
        return size;
    }

    /** The CRC32 of the part. */
    long checksum() {
        return checksum.getValue();
    }

    /** The part as a body that can be sent again, until the part is closed. */
    RequestBody body(String contentType) {
        return RequestBody.fromContentProvider(Reader::new, size, contentType);
    }

    /** Gives its memory to others. Nobody reads it any more. */
    @Override
    public void close() {
        for (byte[] segment : segments) {
            if (segment.length == PartMemory.SEGMENT) {
                memory.giveBack(segment);
            }
        }
        segments.clear();
        size = 0;
        if (share != null) {
            share.close();
            share = null;
        }
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
