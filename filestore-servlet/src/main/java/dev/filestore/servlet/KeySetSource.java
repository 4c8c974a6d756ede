package dev.filestore.servlet;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches a JSON Web Key Set (RFC 7517) from its address, each time it is asked: bounded in size and time, and from nowhere else. */
final class KeySetSource implements JWKSetSource<SecurityContext> {

    private static final Logger LOG = LoggerFactory.getLogger(JwtAccessPolicy.class);
    private static final int MAX_BYTES = 256 * 1024;

    private final HttpRequest request;
    private final Duration patience;
    private final HttpClient client;

    KeySetSource(URI address, Duration patience) {
        this.request = HttpRequest.newBuilder(address)
                .header("Accept", "application/json")
                .build();
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
            throws JWKSetUnavailableException {
        String why;
        try {
            return parse(fetch());
        } catch (ParseException | RuntimeException e) {
            // The library meets some bodies that are no key set with exceptions of other kinds.
            why = "what came is no key set";
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        // The address may hold what nobody else is to know.
        LOG.warn("the key set of {} could not be fetched: {}", request.uri().getHost(), why);
        throw new JWKSetUnavailableException(why);
    }

    private byte[] fetch() throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, info -> new BoundedBody());
        try {
            HttpResponse<byte[]> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new IOException("not within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(
                    cause instanceof TooLargeException
                            ? "more than " + MAX_BYTES + " bytes"
                            : cause.getClass().getSimpleName(),
                    cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Members that are not understood are left out, and do not spoil the others (RFC 7517 section 5). */
    private static JWKSet parse(byte[] body) throws ParseException {
        Map<String, Object> json = JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8));
        Map<String, Object>[] members = JSONObjectUtils.getJSONObjectArray(json, "keys");
        if (members == null) {
            throw new ParseException("no keys", 0);
        }
        List<JWK> keys = new ArrayList<>();
        for (Map<String, Object> member : members) {
            try {
                keys.add(JWK.parse(member));
            } catch (ParseException | RuntimeException e) {
                LOG.debug(
                        "a member of the key set is not understood: {}",
                        e.getClass().getSimpleName());
            }
        }
        return new JWKSet(keys);
    }

    /** Does nothing: the client's threads are daemons, which end when nobody holds the client any more. */
    @Override
    public void close() {}

    /** There is more to come than a key set can have. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Gathers a body up to its bound. */
    private static final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription started) {
            subscription = started;
            started.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (bytes.size() + buffer.remaining() > MAX_BYTES) {
                    body.completeExceptionally(new TooLargeException());
                    Objects.requireNonNull(subscription).cancel();
                    return;
                }
                byte[] piece = new byte[buffer.remaining()];
                buffer.get(piece);
                bytes.write(piece, 0, piece.length);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
