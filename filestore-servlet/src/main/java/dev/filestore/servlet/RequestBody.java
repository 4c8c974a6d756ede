package dev.filestore.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as the container gives it, which knows whether it was begun and whether it has ended, and does not
 * wait for ever: where it comes too slowly, reading fails with a {@link MalformedBodyException}.
 */
final class RequestBody extends InputStream {

    /** As much as an order in JSON may have. */
    private static final int SMALL_BYTES = 8 * 1024;

    private final HttpServletRequest request;
    private final Patience patience;
    private @Nullable InputStream in;
    private boolean begun;
    private boolean ended;
    private long received;
    private long nanosBehind;
    /** What was taken before it was asked for. */
    private InputStream taken = InputStream.nullInputStream();

    RequestBody(HttpServletRequest request, Patience patience) {
        this.request = request;
        this.patience = patience;
    }

    /** The connection broke, or the container refused what came over it. */
    static final class BrokenException extends IOException {

        private static final long serialVersionUID = 1L;

        BrokenException(Throwable cause) {
            super("the request body broke off", cause);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        int read = length == 0 ? 0 : taken.read(buffer, offset, length);
        return read >= 0 ? read : receive(buffer, offset, length);
    }

    private int receive(byte[] buffer, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        if (isTooSlow()) {
            throw tooSlow();
        }
        InputStream from = stream();
        int read;
        long start = patience.nanoTime();
        try {
            read = from.read(buffer, offset, length);
        } catch (IOException | RuntimeException e) {
            // Jetty tells of bad chunks by an unchecked exception. Nothing more can be read in either case.
            ended = true;
            throw new BrokenException(e);
        }
        if (read < 0) {
            ended = true;
            if (!begun && request.getContentLengthLong() > 0) {
                throw new IllegalStateException(
                        "the request body was read before it reached FileStoreServlet: a filter or the container"
                                + " called getParts or getParameter; keep uploads away from it");
            }
        }
        begun = true;
        if (read >= 0) {
            received += read;
            // Only the client was waited for meanwhile: what the storage takes passes between two reads.
            nanosBehind = patience.behind(nanosBehind, patience.nanoTime() - start, read);
            if (isTooSlow()) {
                throw tooSlow();
            }
        }
        return read;
    }

    private InputStream stream() throws IOException {
        InputStream from = in;
        if (from == null) {
            from = request.getInputStream();
            in = from;
        }
        return from;
    }

    private MalformedBodyException tooSlow() {
        return new MalformedBodyException("The body comes too slowly: " + patience.rule());
    }

    /** Whether the client was given up. */
    boolean isTooSlow() {
        return patience.isOver(nanosBehind);
    }

    /**
     * Whether all of a small body that is not begun has come already, so that nobody is waited for. It is taken as far as it
     * has: a container may only tell that there is something, and not how much.
     */
    boolean isHere() throws IOException {
        long length = request.getContentLengthLong();
        if (length < 0 || length > SMALL_BYTES) {
            return false;
        }
        byte[] small = new byte[(int) length];
        int count = 0;
        while (count < small.length && isComing()) {
            count += Math.max(0, receive(small, count, small.length - count));
        }
        taken = new ByteArrayInputStream(small, 0, count);
        return count == small.length;
    }

    /**
     * Whether some of it has come and waits to be read. Of a body without a known length that cannot be told: what has come
     * may be the frame of a chunk, behind which a read would wait.
     */
    boolean isComing() throws IOException {
        return isPending() && request.getContentLengthLong() >= 0 && stream().available() > 0;
    }

    /** Whether the client may still be sending. */
    boolean isPending() {
        long length = request.getContentLengthLong();
        return !ended && (length >= 0 ? received < length : request.getHeader("Transfer-Encoding") != null);
    }

    /** Whether the client holds its body back until it is told to go on, which it was not (RFC 9110 section 10.1.1). */
    boolean isHeldBack() {
        return !begun
                && "100-continue".equalsIgnoreCase(request.getHeader("Expect"))
                && !request.getProtocol().equals("HTTP/1.0");
    }

    /** Reads on and throws away, until the client has sent all or a bound is reached. */
    void drain(long maxBytes, long maxSeconds) {
        long deadline = patience.nanoTime() + TimeUnit.SECONDS.toNanos(maxSeconds);
        drain(maxBytes, () -> patience.nanoTime() - deadline < 0);
    }

    /** Throws away what has come already, up to a bound, and waits for nothing. */
    void drop(long maxBytes) {
        drain(maxBytes, this::isComing);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void drain(long maxBytes, Condition goOn) {
        byte[] buffer = new byte[16 * 1024];
        try {
            for (long left = maxBytes; left > 0 && isPending() && goOn.holds(); ) {
                left -= Math.max(0, read(buffer, 0, buffer.length));
            }
        } catch (MalformedBodyException e) {
            // Too slow even for this: it is cut off.
        } catch (IOException | IllegalStateException e) {
            // The client is gone, or somebody else has the body: nothing is left to do for it.
            ended = true;
        }
    }
}
