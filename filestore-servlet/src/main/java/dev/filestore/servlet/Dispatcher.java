package dev.filestore.servlet;

import dev.filestore.Caller;
import dev.filestore.FileMissingException;
import dev.filestore.FileRefusedException;
import dev.filestore.FileStore;
import dev.filestore.FileStoreException;
import dev.filestore.InvalidCursorException;
import dev.filestore.NotAuthorizedException;
import dev.filestore.ScanException;
import dev.filestore.UserFiles;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a request through to its endpoint, once it is known who sends it and how often; and turns failures into answers. */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(FileStoreServlet.class);

    /** A scanner that restarts reads its signatures for about as long. */
    private static final String SCANNER_RETRY_SECONDS = "30";

    private final FileStore store;
    private final AccessPolicy access;
    private final RateLimiter limiter;
    private final Endpoints endpoints;
    private final OpenApiDocument description = new OpenApiDocument();

    Dispatcher(FileStore store, AccessPolicy access, RateLimiter limiter, Endpoints endpoints) {
        this.store = store;
        this.access = access;
        this.limiter = limiter;
        this.endpoints = endpoints;
    }

    /**
     * Answers a request.
     *
     * @throws IOException if the answer broke off halfway, or the client goes on sending behind it; the container then breaks
     *     the connection
     */
    void answer(Exchange exchange, Route route) throws IOException {
        if (!serveOrRefuse(exchange, route)) {
            throw new CutOffException(exchange.requestId);
        }
    }

    /** Returns whether all of the client's body has come. */
    private boolean serveOrRefuse(Exchange exchange, Route route) throws IOException {
        Failure failure;
        try {
            serve(exchange, route);
            return exchange.listen();
        } catch (MalformedBodyException e) {
            failure = Failure.Kind.INVALID.because(String.valueOf(e.getMessage()), e);
        } catch (RequestBody.BrokenException e) {
            LOG.debug("request {}: the body broke off", exchange.requestId, e);
            failure = Failure.Kind.INVALID.because("The body broke off", e);
        } catch (Exchange.StorageBrokeException | RuntimeException | Error e) {
            failure = failure(e);
            if (failure.kind() == Failure.Kind.INTERNAL || e instanceof ScanException) {
                LOG.error("request {} failed", exchange.requestId, e);
            }
            if (e instanceof ScanException) {
                exchange.response.setHeader("Retry-After", SCANNER_RETRY_SECONDS);
            }
            if (exchange.response.isCommitted()) {
                // Only a broken connection still tells the client that the bytes it has are not all.
                throw new IOException("the answer to request " + exchange.requestId + " broke off", e);
            }
        } catch (IOException e) {
            gone(exchange, e);
            return true;
        }
        try {
            return exchange.send(failure);
        } catch (IOException e) {
            gone(exchange, e);
            return true;
        }
    }

    /** Makes the container close at once: Tomcat would go on reading, as slowly as the client likes. */
    private static final class CutOffException extends IOException {

        private static final long serialVersionUID = 1L;

        CutOffException(String requestId) {
            super("request " + requestId + " is answered, and its client still sends: it is cut off");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static void gone(Exchange exchange, IOException e) {
        LOG.debug("request {}: the client went away", exchange.requestId, e);
    }

    private void serve(Exchange exchange, Route route) throws IOException {
        String method = exchange.method();
        Route.Target target = route.target();
        if (!method.equals("POST")) {
            // Some clients send a body with everything; it means nothing.
            exchange.body.drop(Exchange.SMALL_BODY_BYTES);
        }
        if (method.equals("OPTIONS")) {
            exchange.response.setHeader("Allow", target.allow());
            exchange.sendNothing(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        if (target == Route.Target.OPENAPI && target.has(method)) {
            description.send(exchange);
            return;
        }
        if (target == Route.Target.CONTENT
                && target.has(method)
                && (exchange.query().has("signature") || exchange.query().has("expires"))) {
            endpoints.signedContent(exchange, id(exchange, route));
            return;
        }
        Caller caller = access.authenticate(exchange.request).orElseThrow(() -> {
            exchange.response.setHeader("WWW-Authenticate", "Bearer");
            return Failure.Kind.UNAUTHENTICATED.because(
                    "A valid bearer token, or the login of this service, is needed");
        });
        exchange.caller = caller;
        count(exchange, caller, route.operation(method));
        if (target == Route.Target.NOTHING) {
            throw Failure.Kind.NOT_FOUND.because("There is nothing at this path");
        }
        if (!target.has(method)) {
            exchange.response.setHeader("Allow", target.allow());
            throw Failure.Kind.METHOD.because("This path has the methods " + target.allow());
        }
        UserFiles files = store.as(caller);
        switch (target) {
            case UPLOAD -> endpoints.upload(exchange, files);
            case FILES -> endpoints.list(exchange, files);
            case PRESIGNED_URL -> endpoints.presign(exchange, files);
            case CONTENT -> endpoints.content(exchange, files, id(exchange, route));
            case FILE -> {
                long id = id(exchange, route);
                if (method.equals("DELETE")) {
                    endpoints.delete(exchange, files, id);
                } else {
                    endpoints.find(exchange, files, id);
                }
            }
            case OPENAPI, NOTHING -> throw new IllegalStateException("answered above");
        }
    }

    private static long id(Exchange exchange, Route route) {
        exchange.fileId = route.id();
        return exchange.fileId;
    }

    private void count(Exchange exchange, Caller caller, RateLimits.Operation operation) {
        if (!limiter.limits(operation)) {
            return;
        }
        RateLimiter.Decision decision = limiter.count(caller.userId(), operation);
        exchange.tell(decision);
        if (!decision.allowed()) {
            throw Failure.Kind.TOO_MANY
                    .because("At most " + decision.limit() + " such requests are allowed per minute; the next one in "
                            + decision.resetSeconds() + " seconds")
                    .withRetryAfter(decision.resetSeconds());
        }
    }

    private static Failure failure(Throwable thrown) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        String message = String.valueOf(thrown.getMessage());
        if (thrown instanceof FileRefusedException refused) {
            return switch (refused.reason()) {
                case TOO_LARGE -> Failure.Kind.TOO_LARGE.because(message, thrown);
                case EMPTY -> Failure.Kind.EMPTY.because(message, thrown);
                case TYPE_NOT_ALLOWED -> Failure.Kind.TYPE_NOT_ALLOWED.because(message, thrown);
                case INFECTED -> Failure.Kind.INFECTED.because(message, thrown);
                case TOO_MANY_FILES -> Failure.Kind.TOO_MANY_FILES.because(message, thrown);
            };
        }
        if (thrown instanceof ScanException) {
            return Failure.Kind.UNAVAILABLE.because(
                    "The file could not be scanned, and was not stored; try again later", thrown);
        }
        if (thrown instanceof FileMissingException) {
            return Failure.Kind.NOT_FOUND.because(message, thrown);
        }
        if (thrown instanceof NotAuthorizedException) {
            return Failure.Kind.FORBIDDEN.because(message, thrown);
        }
        if (thrown instanceof InvalidCursorException) {
            return Failure.Kind.INVALID.because(message, thrown);
        }
        return Failure.Kind.INTERNAL.because(
                thrown instanceof FileStoreException
                        ? "The storage failed; try again later, and quote the request_id if it goes on"
                        : "Something unexpected happened; quote the request_id to those who run this service",
                thrown);
    }
}
