package dev.filestore.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** The bytes of an open object. For one thread at a time. */
final class ObjectStream extends InputStream {

    private final String key;
    private final ResponseInputStream<?> answer;
    private long left;
    private boolean ended;
    private boolean closed;

    ObjectStream(String key, ResponseInputStream<?> answer, long length) {
        this.key = key;
        this.answer = answer;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (closed) {
            throw new IOException("open " + key + ": the stream is closed");
        }
        if (length == 0) {
            return 0;
        }
        if (ended) {
            return -1;
        }
        try {
            int read = left == 0 ? -1 : answer.read(buffer, offset, length);
            if (read < 0 && left > 0) {
                throw new IOException("open " + key + ": the bytes broke off, " + left + " are missing");
            }
            left -= Math.max(read, 0);
            if (left == 0) {
                // Readers who know the length never ask for the end, which is where the SDK compares the checksum.
                ended = answer.read() < 0;
            }
            return read;
        } catch (AbortedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("open " + key + ": interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (SdkException e) {
            throw new IOException("open " + key + ": " + e.getClass().getSimpleName(), e);
        }
    }

    @Override
    public int available() throws IOException {
        return closed || ended ? 0 : answer.available();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (ended) {
            answer.close();
        } else {
            // Closing would read all that is left, to save the connection.
            answer.abort();
        }
    }
}
