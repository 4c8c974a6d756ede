package dev.filestore.s3;

import dev.filestore.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The requests of one put, some of which run on other threads while its own goes on reading. For the put's thread alone.
 *
 * @param <T> what a request gives
 */
final class PartsInFlight<T> {

    private final Executor executor;
    private final String key;
    private final List<CompletableFuture<T>> results = new ArrayList<>();

    PartsInFlight(Executor executor, String key) {
        this.executor = executor;
        this.key = key;
    }

    /** Runs a request on another thread, or on this one where there is no other. */
    void send(Supplier<T> request) {
        try {
            results.add(CompletableFuture.supplyAsync(request, executor));
        } catch (RejectedExecutionException e) {
            sendHere(request);
        }
    }

    /** Runs a request on this thread. */
    void sendHere(Supplier<T> request) {
        results.add(CompletableFuture.completedFuture(request.get()));
    }

    /** How many have not ended. */
    long running() {
        return results.stream().filter(result -> !result.isDone()).count();
    }

    /** Throws what the first of those that failed threw, and waits for none. */
    void check() {
        results.stream().filter(CompletableFuture::isCompletedExceptionally).forEach(this::result);
    }

    /**
     * Waits for all.
     *
     * @return what they gave, in their order
     * @throws RuntimeException what the first of those that failed threw
     */
    List<T> join() {
        return results.stream().map(this::result).toList();
    }

    private T result(CompletableFuture<T> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("put " + key + ": interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e);
        }
    }

    /**
     * Waits until none runs, also when interrupted: each ends by itself, at its timeout if not before.
     *
     * @return whether each of them succeeded, with an outcome that is good
     */
    boolean settle(Predicate<T> good) {
        boolean all = true;
        for (CompletableFuture<T> result : results) {
            all &= result.handle((given, e) -> e == null && good.test(given)).join();
        }
        return all;
    }
}
