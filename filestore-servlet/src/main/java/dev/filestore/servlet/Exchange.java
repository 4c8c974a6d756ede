package dev.filestore.servlet;

import dev.filestore.Caller;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Used by the request's thread alone. */
final class Exchange {

    private static final Pattern SAFE_REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{8,64}");

    /** Beyond this a client that goes on sending is better cut off than listened to. */
    private static final long DRAIN_BYTES = 64L << 20;

    private static final long DRAIN_SECONDS = 60;

    /** The same for clients that nobody knows. */
    private static final long ANONYMOUS_DRAIN_SECONDS = 10;

    /** The same where too much was asked: the next one needs the thread. */
    private static final long OVERLOAD_DRAIN_SECONDS = 5;

    /** So little is under way anyway: the connection may live on. */
    static final long SMALL_BODY_BYTES = 64 * 1024;

    /** The policy that JSON comes with: there is nothing in it to show, to frame or to run. */
    static final String JSON_POLICY = "default-src 'none'; frame-ancestors 'none'";

    private static final int COPY_BYTES = 64 * 1024;

    final HttpServletRequest request;
    final HttpServletResponse response;
    final RequestBody body;
    final String requestId;
    private final Patience patience;
    private final long startNanos = System.nanoTime();
    private @Nullable Query query;

    /** Who asks, once that is known. */
    @Nullable
    Caller caller;

    /** After how many seconds the user may ask for the like again; 0 for at once. */
    private long secondsUntilAllowed;

    /** The id of the file that it is about, once that is known. */
    long fileId;

    Exchange(HttpServletRequest request, HttpServletResponse response, Patience patience) {
        this.request = request;
        this.response = response;
        this.patience = patience;
        this.body = new RequestBody(request, patience);
        String proposed = request.getHeader("X-Request-Id");
        this.requestId = proposed != null && SAFE_REQUEST_ID.matcher(proposed).matches()
                ? proposed
                : UUID.randomUUID().toString();
    }

    String method() {
        return request.getMethod();
    }

    /** The id of the user who asks, who is known. */
    String userId() {
        return Objects.requireNonNull(caller, "nobody was let in").userId();
    }

    boolean isHead() {
        return method().equals("HEAD");
    }

    /** The path below the servlet's own. */
    @Nullable
    String path() {
        return isDefaultServlet() ? request.getServletPath() : request.getPathInfo();
    }

    /** The path of a resource below the servlet's own, as the client sees it. */
    String locate(String below) {
        String servletPath = isDefaultServlet() ? "" : request.getServletPath();
        try {
            return request.getContextPath() + new URI(null, null, servletPath + below, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the servlet's path is not one", e);
        }
    }

    private boolean isDefaultServlet() {
        return request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT;
    }

    Query query() {
        Query parsed = query;
        if (parsed == null) {
            parsed = new Query(request.getQueryString());
            query = parsed;
        }
        return parsed;
    }

    /** A header field of the request, its lines joined by commas; null where there is none. */
    @Nullable
    String field(String name) {
        List<String> lines = Collections.list(request.getHeaders(name));
        return lines.isEmpty() ? null : String.join(", ", lines);
    }

    long millis() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    /** Says how much the user may still ask for: in the fields that are in use, and in those of the coming standard. */
    void tell(RateLimiter.Decision decision) {
        String policy = decision.operation().label();
        secondsUntilAllowed = decision.remaining() == 0 ? decision.resetSeconds() : 0;
        response.setHeader("RateLimit-Limit", Integer.toString(decision.limit()));
        response.setHeader("RateLimit-Remaining", Long.toString(decision.remaining()));
        response.setHeader("RateLimit-Reset", Long.toString(decision.resetSeconds()));
        response.setHeader("RateLimit-Policy", '"' + policy + "\";q=" + decision.limit() + ";w=60");
        response.setHeader(
                "RateLimit", '"' + policy + "\";r=" + decision.remaining() + ";t=" + decision.resetSeconds());
    }

    /** Answers with JSON. */
    void send(int status, byte[] json) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(json.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", JSON_POLICY);
        response.setHeader("X-Request-Id", requestId);
        if (!isHead()) {
            response.getOutputStream().write(json);
        }
    }

    /** Answers without a body, and without saying so where a length of 0 would be a lie, or is forbidden: 204, 304. */
    void sendNothing(int status) throws IOException {
        response.setStatus(status);
        response.setHeader("X-Request-Id", requestId);
        // Containers add a length to an answer that is complete when it begins.
        response.flushBuffer();
    }

    /**
     * Answers with a failure. Where the client is still sending, it is listened to for a while after the answer is on its
     * way, and then cut off: closing on it at once would make its system drop the answer. That is a courtesy, to so many at
     * a time that it never takes all threads.
     *
     * @return whether all of the client's body has come; where it has not, the connection is good for nothing more
     */
    boolean send(Failure failure) throws IOException {
        if (failure.retryAfterSeconds() > 0) {
            response.setHeader(
                    "Retry-After", Long.toString(Math.max(failure.retryAfterSeconds(), secondsUntilAllowed)));
        }
        byte[] json = FileJson.failure(failure, requestId);
        if (!isHeardOn()) {
            if (body.isPending()) {
                closeConnection();
            }
            send(failure.kind().status, json);
            return true;
        }
        boolean userIsKnown = caller != null;
        boolean heard = !body.isTooSlow() && patience.enter(userIsKnown);
        try {
            long length = request.getContentLengthLong();
            boolean small = length >= 0 && length <= SMALL_BODY_BYTES;
            if (!small || !heard) {
                closeConnection();
            }
            boolean waits = failure.isOverload() && length >= 0 && (small || !body.isComing());
            if (!staysReadable() && waits) {
                dropAll();
            } else if (!staysReadable()) {
                drain(seconds(failure), heard);
            }
            send(failure.kind().status, json);
            return listen(seconds(failure), heard);
        } finally {
            if (heard) {
                patience.leave(userIsKnown);
            }
        }
    }

    /** Takes what has come without waiting; where that is not all, the connection is good for nothing more. */
    private void dropAll() {
        body.drop(SMALL_BODY_BYTES);
        if (body.isPending()) {
            closeConnection();
        }
    }

    /**
     * Listens to a client that sends what nobody asked for, behind its answer.
     *
     * @return as {@link #send(Failure)} does
     */
    boolean listen() throws IOException {
        if (isHttp1() && body.isPending() && body.isHeldBack()) {
            // Nobody told the client to go on, and Tomcat would wait for its body all the same behind a success.
            closeConnection();
            response.flushBuffer();
            return false;
        }
        if (!isHeardOn()) {
            return true;
        }
        if (!staysReadable()) {
            dropAll();
        }
        boolean userIsKnown = caller != null;
        boolean heard = patience.enter(userIsKnown);
        try {
            return listen(OVERLOAD_DRAIN_SECONDS, heard);
        } finally {
            if (heard) {
                patience.leave(userIsKnown);
            }
        }
    }

    private boolean listen(long seconds, boolean heard) throws IOException {
        response.flushBuffer();
        if (staysReadable()) {
            drain(seconds, heard);
        }
        return !body.isPending();
    }

    /** Whether the client's body is in the way of its next request. */
    private boolean isHeardOn() {
        return body.isPending() && !body.isHeldBack() && isHttp1();
    }

    private boolean isHttp1() {
        return request.getProtocol().startsWith("HTTP/1");
    }

    private void closeConnection() {
        if (isHttp1()) {
            response.setHeader("Connection", "close");
        }
    }

    private void drain(long seconds, boolean heard) {
        if (heard) {
            body.drain(DRAIN_BYTES, seconds);
        } else {
            body.drop(DRAIN_BYTES);
        }
    }

    private long seconds(Failure failure) {
        if (failure.isOverload()) {
            return OVERLOAD_DRAIN_SECONDS;
        }
        return caller == null ? ANONYMOUS_DRAIN_SECONDS : DRAIN_SECONDS;
    }

    /** Whether the request can be read on when the answer is complete: from Servlet 6.1 on Tomcat closes it then. */
    private boolean staysReadable() {
        ServletContext context = request.getServletContext();
        return context.getMajorVersion() < 6 || (context.getMajorVersion() == 6 && context.getMinorVersion() < 1);
    }

    /**
     * Answers with bytes as they come from a storage. Nothing of the answer is touched before a whole buffer of them is
     * there, or all; what was begun then is sent off at once. So a storage that fails is either told in the proper way, or
     * by a connection that breaks, and never by a mixture of both.
     *
     * @throws StorageBrokeException if reading failed when the answer was under way
     * @throws IOException if the client is gone
     */
    void send(int status, Map<String, String> headers, long length, InputStream bytes) throws IOException {
        byte[] buffer = new byte[(int) Math.min(COPY_BYTES, length)];
        int first = fill(bytes, buffer);
        setAll(status, headers, length);
        response.getOutputStream().write(buffer, 0, first);
        if (first < length) {
            response.flushBuffer();
        }
        for (int filled = fill(bytes, buffer); filled > 0; filled = fill(bytes, buffer)) {
            response.getOutputStream().write(buffer, 0, filled);
        }
    }

    /** Answers with what would stand above such bytes. */
    void sendHead(Map<String, String> headers, long length) {
        setAll(HttpServletResponse.SC_OK, headers, length);
    }

    private void setAll(int status, Map<String, String> headers, long length) {
        response.setStatus(status);
        headers.forEach(response::setHeader);
        response.setContentLengthLong(length);
        response.setHeader("X-Request-Id", requestId);
    }

    /** Reads until the buffer is full: what is less, such as a record of TLS, most containers copy and keep back. */
    private static int fill(InputStream bytes, byte[] buffer) throws StorageBrokeException {
        try {
            return bytes.readNBytes(buffer, 0, buffer.length);
        } catch (IOException e) {
            throw new StorageBrokeException(e);
        }
    }

    /** The bytes of a stored file could not be read to their end. */
    static final class StorageBrokeException extends IOException {

        private static final long serialVersionUID = 1L;

        StorageBrokeException(IOException cause) {
            super("the stored bytes broke off", cause);
        }
    }
}
