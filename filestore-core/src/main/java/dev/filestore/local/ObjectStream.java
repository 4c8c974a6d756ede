package dev.filestore.local;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** A run of bytes of an object. Not buffered. */
final class ObjectStream extends InputStream {

    /** The channel copies each read through memory of its own, which should not grow with the reader's array. */
    private static final int MAX_READ_BYTES = 256 * 1024;

    private final FileChannel channel;
    private final long end;
    private long position;

    /**
     * Takes the channel over.
     *
     * @param position the first byte
     * @param end the byte behind the last, which the file had when it was opened
     */
    ObjectStream(FileChannel channel, long position, long end) {
        this.channel = channel;
        this.position = position;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (position == end) {
            return -1;
        }
        int wanted = (int) Math.min(Math.min(length, MAX_READ_BYTES), end - position);
        int read = channel.read(ByteBuffer.wrap(buffer, offset, wanted), position);
        if (read < 0) {
            throw new EOFException("the object was cut off at byte " + position + " of " + end + " while it was read");
        }
        position += read;
        return read;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, end - position));
        position += skipped;
        return skipped;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
