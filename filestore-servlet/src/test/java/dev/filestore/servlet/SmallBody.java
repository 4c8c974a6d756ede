package dev.filestore.servlet;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes the bytes of a request's body from what publishes them, unless they are many. */
final class SmallBody implements Flow.Subscriber<ByteBuffer> {

    private static final int MAX_BYTES = 1 << 20;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<@Nullable String> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    private SmallBody() {}

    /** The bytes, each a character; null where there are more than a mebibyte, or they cannot be had a second time. */
    static @Nullable String of(BodyPublisher publisher) {
        if (publisher.contentLength() > MAX_BYTES) {
            return null;
        }
        SmallBody body = new SmallBody();
        publisher.subscribe(body);
        return body.whole.join();
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        started.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
        byte[] next = new byte[buffer.remaining()];
        buffer.get(next);
        bytes.writeBytes(next);
        if (bytes.size() > MAX_BYTES) {
            Objects.requireNonNull(subscription).cancel();
            whole.complete(null);
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.complete(null);
    }

    @Override
    public void onComplete() {
        whole.complete(bytes.toString(StandardCharsets.ISO_8859_1));
    }
}
