package dev.filestore.s3;

import dev.filestore.StorageException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Paths on their way to CloudFront, in batches: as many as one request takes, or what a short delay brings together. One
 * request at a time, on one thread, which is there only while there is something to send. Thread-safe.
 */
final class InvalidationQueue implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InvalidationRequests requests;
    private final int batchSize;
    private final int queueSize;
    private final Duration delay;
    private final ScheduledThreadPoolExecutor thread;

    /** What CloudFront has not answered to, by its path; guarded by itself, as all that follows. */
    private final Map<String, Invalidation> open = new HashMap<>();

    /** The part of it that was not sent yet. */
    private final Deque<Invalidation> waiting = new ArrayDeque<>();

    private boolean scheduled;
    private boolean closed;

    private record Invalidation(String event, String path, CompletableFuture<Void> done) {}

    /** @param requests what sends them, which the queue closes */
    InvalidationQueue(InvalidationRequests requests, int batchSize, int queueSize, Duration delay) {
        this.requests = requests;
        this.batchSize = batchSize;
        this.queueSize = queueSize;
        this.delay = delay;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "filestore-cloudfront");
            made.setDaemon(true);
            return made;
        });
        thread.setKeepAliveTime(10, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Adds a path, or joins it where it is on its way.
     *
     * @param event what it is about, the same at each repetition
     * @return what completes when CloudFront has accepted the path, and fails if it has not, or too many wait
     */
    CompletionStage<Void> add(String event, String path) {
        synchronized (open) {
            Invalidation invalidation = open.get(path);
            if (invalidation == null) {
                if (closed || waiting.size() >= queueSize) {
                    return CompletableFuture.failedStage(
                            failure(path + (closed ? ": closed" : ": too many wait"), null));
                }
                invalidation = new Invalidation(event, path, new CompletableFuture<>());
                open.put(path, invalidation);
                waiting.add(invalidation);
                if (waiting.size() == batchSize) {
                    thread.execute(this::sendBatch);
                } else {
                    schedule();
                }
            }
            return invalidation.done.minimalCompletionStage();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It fails nowhere but in the stages.
    private void schedule() {
        if (!scheduled && !closed && !waiting.isEmpty()) {
            scheduled = true;
            Duration pause = waiting.size() < batchSize ? delay : Duration.ZERO;
            thread.schedule(this::sendBatch, pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void sendBatch() {
        List<Invalidation> batch = new ArrayList<>();
        synchronized (open) {
            while (batch.size() < batchSize && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
        }
        if (!batch.isEmpty()) {
            send(batch);
        }
        synchronized (open) {
            scheduled = false;
            schedule();
        }
    }

    private void send(List<Invalidation> batch) {
        batch.sort(Comparator.comparing(Invalidation::path));
        try {
            requests.send(
                    reference(batch), batch.stream().map(Invalidation::path).toList());
            conclude(batch, null);
        } catch (Throwable e) {
            // An error, too: whoever waits is to know.
            conclude(batch, failure(batch.size() + " paths", e));
        }
    }

    private void conclude(List<Invalidation> batch, @Nullable Throwable failure) {
        synchronized (open) {
            batch.forEach(invalidation -> open.remove(invalidation.path));
        }
        for (Invalidation invalidation : batch) {
            if (failure == null) {
                invalidation.done.complete(null);
            } else {
                invalidation.done.completeExceptionally(failure);
            }
        }
    }

    /** The same for the same deletions: a request that is repeated because its answer was lost makes no second invalidation. */
    private static String reference(List<Invalidation> batch) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Invalidation invalidation : batch) {
                // Neither holds a line break.
                digest.update((invalidation.event + "\n" + invalidation.path + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return "filestore-" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static StorageException failure(String what, @Nullable Throwable cause) {
        return new StorageException("invalidate at CloudFront " + what, cause);
    }

    /** Sends what waits, for a while, and refuses what comes. What is left fails. Repeatable. */
    @Override
    public void close() {
        synchronized (open) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            thread.submit(this::sendAll).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // Told to those who wait, below.
        }
        thread.shutdownNow();
        List<Invalidation> left;
        synchronized (open) {
            waiting.clear();
            left = List.copyOf(open.values());
        }
        conclude(left, failure(left.size() + " paths: closed", null));
        requests.close();
    }

    private void sendAll() {
        boolean more = true;
        while (more) {
            sendBatch();
            synchronized (open) {
                more = !waiting.isEmpty();
            }
        }
    }
}
