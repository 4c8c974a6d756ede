package dev.filestore.s3;

import dev.filestore.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one put, some of which run on other threads while its own goes on reading. For the put's thread alone.
 *
 * @param <T> what a request gives
 */
final class PartsInFlight<T> {

    private final Executor executor;
    private final String key;
    private final List<Flight> flights = new ArrayList<>();

    PartsInFlight(Executor executor, String key) {
        this.executor = executor;
        this.key = key;
    }

    /** Runs a request on another thread, or on this one where there is no other. */
    void send(Supplier<T> request) {
        Flight flight = new Flight(request);
        flights.add(flight);
        try {
            executor.execute(flight);
        } catch (RejectedExecutionException e) {
            flight.run();
        }
    }

    /** Runs a request on this thread. */
    void sendHere(Supplier<T> request) {
        Flight flight = new Flight(request);
        flights.add(flight);
        flight.run();
    }

    /** How many have not ended. */
    long running() {
        return flights.stream().filter(flight -> !flight.result.isDone()).count();
    }

    /** Throws what the first of those that failed threw, and waits for none. */
    void check() {
        flights.stream()
                .filter(flight -> flight.result.isCompletedExceptionally())
                .forEach(Flight::result);
    }

    /**
     * Waits for all.
     *
     * @return what they gave, in their order
     * @throws RuntimeException what the first of those that failed threw
     */
    List<T> join() {
        return flights.stream().map(Flight::result).toList();
    }

    /**
     * Waits until none runs.
     *
     * @return whether each of them succeeded, with an outcome that is good
     */
    boolean settle(Predicate<T> good) {
        return flights.stream().filter(flight -> !flight.succeeded(good)).count() == 0;
    }

    /** Waits until none runs, and does not let them finish. */
    void stop() {
        flights.forEach(Flight::stop);
        settle(any -> true);
    }

    private final class Flight implements Runnable {

        private final Supplier<T> request;
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private boolean stopped;
        private @Nullable Thread runner;

        Flight(Supplier<T> request) {
            this.request = request;
        }

        @Override
        public void run() {
            try {
                begin();
                T given = request.get();
                end();
                result.complete(given);
            } catch (Throwable e) {
                end();
                result.completeExceptionally(e);
            }
        }

        private synchronized void begin() {
            if (stopped) {
                throw new CancellationException();
            }
            runner = Thread.currentThread();
        }

        private synchronized void end() {
            runner = null;
        }

        synchronized void stop() {
            stopped = true;
            if (runner != null) {
                runner.interrupt();
            }
        }

        boolean succeeded(Predicate<T> good) {
            return result.handle((given, e) -> e == null && good.test(given)).join();
        }

        T result() {
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
    }
}
