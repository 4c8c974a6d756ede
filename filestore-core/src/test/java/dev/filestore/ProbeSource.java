package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A source of bytes that can fail at a chosen place, and that knows how it was read. For one thread. */
public final class ProbeSource extends InputStream {

    private final byte[] content;
    private final int failAt;
    private final IOException failure = new IOException("the source broke off, as the test told it");
    private int maxRead = Integer.MAX_VALUE;
    private Runnable beforeEnd = () -> {};
    private Runnable beforeFailure = () -> {};
    private int position;
    private int reads;
    private int singleReads;
    private boolean ended;
    private boolean closed;

    /** Gives all of the content, and ends. */
    public ProbeSource(byte[] content) {
        this(content, -1);
    }

    private ProbeSource(byte[] content, int failAt) {
        this.content = content;
        this.failAt = failAt;
    }

    /** Gives {@code failAt} bytes of the content, then fails; with all bytes given it fails where it should end. */
    public static ProbeSource failingAt(byte[] content, int failAt) {
        return new ProbeSource(content, Objects.checkIndex(failAt, content.length + 1));
    }

    /** Gives at most so many bytes to each read. */
    public ProbeSource inPiecesOf(int bytes) {
        maxRead = bytes;
        return this;
    }

    /** Runs before it fails. */
    public ProbeSource beforeFailure(Runnable act) {
        beforeFailure = act;
        return this;
    }

    /** Runs after all bytes were given and before the end is told. */
    public ProbeSource beforeEnd(Runnable act) {
        beforeEnd = act;
        return this;
    }

    @Override
    public int read() throws IOException {
        singleReads++;
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        reads++;
        if (position == failAt) {
            beforeFailure.run();
            throw failure;
        }
        int end = failAt < 0 ? content.length : failAt;
        if (position == end) {
            if (!ended) {
                beforeEnd.run();
                ended = true;
            }
            return -1;
        }
        int read = Math.min(Math.min(length, maxRead), end - position);
        System.arraycopy(content, position, buffer, offset, read);
        position += read;
        return read;
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The exception with which it fails. */
    public IOException failure() {
        return failure;
    }

    /** How many reads there were, single ones included. */
    public int reads() {
        return reads;
    }

    /** How many reads of a single byte there were. */
    public int singleReads() {
        return singleReads;
    }

    /** Whether a read was answered with -1. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }
}
