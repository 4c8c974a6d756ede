package dev.filestore.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The body of a request as the container gives it, which knows whether it was begun and whether it has ended. */
final class RequestBody extends InputStream {

    private final HttpServletRequest request;
    private @Nullable InputStream in;
    private boolean begun;
    private boolean ended;

    RequestBody(HttpServletRequest request) {
        this.request = request;
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
        if (ended) {
            return -1;
        }
        InputStream from = in;
        if (from == null) {
            from = request.getInputStream();
            in = from;
        }
        int read;
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
        return read;
    }

    /** Whether the client may still be sending. */
    boolean isPending() {
        return !ended && (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null);
    }

    /** Whether the client holds its body back until it is told to go on, which it was not. */
    boolean isHeldBack() {
        return !begun && request.getHeader("Expect") != null;
    }

    /** Reads on and throws away, until the client has sent all or a bound is reached. */
    void drain(long maxBytes, long maxSeconds) {
        byte[] buffer = new byte[16 * 1024];
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(maxSeconds);
        try {
            for (long left = maxBytes; left > 0 && System.nanoTime() < deadline; ) {
                int read = read(buffer, 0, buffer.length);
                if (read < 0) {
                    return;
                }
                left -= read;
            }
        } catch (IOException | IllegalStateException e) {
            // The client is gone, or somebody else has the body: nothing is left to do for it.
            ended = true;
        }
    }
}
