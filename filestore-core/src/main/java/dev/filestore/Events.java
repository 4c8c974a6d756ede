package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners. What they must hear is written in the file's row in the very change that it is about, and taken out
 * of it only when all of them have heard it: until then the row is due, and a sweep has it told again.
 */
final class Events {

    /** When a sweep takes over the telling. */
    static final Duration TOLD_WITHIN = Duration.ofMinutes(1);

    /** How long listeners may take after they have returned: less, so that no sweep tells them the same meanwhile. */
    private static final Duration HEARD_WITHIN = Duration.ofSeconds(45);

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
    private static final int QUEUE = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final CompletableFuture<Void> HEARD = CompletableFuture.completedFuture(null);

    private final List<FileStoreListener> listeners;
    private final MetadataRepository metadata;
    private final Clock clock;
    private final Executor executor;
    private final @Nullable ThreadPoolExecutor own;
    private final Duration heardWithin;
    private final AtomicReference<Instant> quietUntil = new AtomicReference<>(Instant.MIN);

    /** One for each file whose listeners are not done yet although they have returned. */
    private final Semaphore unheard = new Semaphore(QUEUE);

    private volatile boolean closed;

    Events(List<FileStoreListener> listeners, @Nullable Executor executor, MetadataRepository metadata, Clock clock) {
        this(listeners, executor, metadata, clock, HEARD_WITHIN);
    }

    Events(
            List<FileStoreListener> listeners,
            @Nullable Executor executor,
            MetadataRepository metadata,
            Clock clock,
            Duration heardWithin) {
        this.listeners = List.copyOf(listeners);
        this.metadata = metadata;
        this.clock = clock;
        this.heardWithin = heardWithin;
        this.own = executor == null && !listeners.isEmpty() ? ownThread() : null;
        this.executor = executor != null ? executor : own != null ? own : Runnable::run;
    }

    /** One thread, which is there only while there is something to tell. It takes whatever is to be written down. */
    private static ThreadPoolExecutor ownThread() {
        ThreadPoolExecutor thread =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread made = new Thread(task, "filestore-events");
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    /** Whether there is anybody to tell. */
    boolean wanted() {
        return !listeners.isEmpty();
    }

    /** When a row with events must be looked at again; null where nobody is to be told. */
    @Nullable
    Instant toldBy() {
        return wanted() ? Engine.now(clock).plus(TOLD_WITHIN) : null;
    }

    /**
     * Tells what stands in a row, and then changes the row by what is given.
     *
     * @return false where the listeners have too much to do already
     */
    boolean tell(FileRow row, Consumer<FileRow> told) {
        return submit(() -> {
            StoredFile file = row.toStoredFile();
            boolean heard = true;
            if (row.pendingEvents().stored()) {
                FileEvent event = new FileEvent(row.id() + "/stored", file);
                heard = all(event.id(), listener -> listener.stored(event));
            }
            if (heard && row.pendingEvents().deleted()) {
                tellDeleted(new FileEvent(row.id() + "/deleted", file), row, told);
            } else {
                conclude(row, told, heard);
            }
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Whatever comes of it is written down.
    private void tellDeleted(FileEvent event, FileRow row, Consumer<FileRow> told) {
        if (!unheard.tryAcquire()) {
            conclude(row, told, false);
            return;
        }
        CompletableFuture<Void> heard = allLater(event.id(), listener -> listener.deletedLater(event));
        if (heard.isDone()) {
            unheard.release();
            conclude(row, told, !heard.isCompletedExceptionally());
        } else {
            heard.orTimeout(heardWithin.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((nothing, failure) -> concludeLater(row, told, failure));
        }
    }

    /** On the executor: what completes a listener's work is not to wait for the database. */
    private void concludeLater(FileRow row, Consumer<FileRow> told, @Nullable Throwable failure) {
        if (failure != null) {
            warn("a listener was not done in time, or failed, and a sweep will tell it again", failure);
        }
        try {
            executor.execute(() -> conclude(row, told, failure == null));
        } catch (Throwable e) {
            warn("what was told could not be written down, and a sweep will tell it again", e);
        } finally {
            unheard.release();
        }
    }

    private void conclude(FileRow row, Consumer<FileRow> told, boolean heard) {
        try {
            if (heard) {
                told.accept(row);
            } else {
                putOff(row);
            }
        } catch (RuntimeException e) {
            LOG.warn("file {}: what was told could not be written down, and will be told again", row.id(), e);
        }
    }

    /** Tells that a file was stored, and writes down that it was told. */
    void tellStored(FileRow row) {
        tell(row, this::acknowledgeStored);
    }

    /** Tells in a sweep that a file was stored. */
    void retellStored(FileRow row) {
        retell(row, this::acknowledgeStored);
    }

    /** Tells in a sweep, which must not meet again, and again at once, with what listeners have no time for. */
    void retell(FileRow row, Consumer<FileRow> told) {
        if (!tell(row, told)) {
            putOff(row);
        }
    }

    private void putOff(FileRow row) {
        metadata.compareAndSet(row.withFailedTelling(Backoff.after(row.attempts(), clock)));
    }

    /** Whoever changed the row meanwhile may not know that it was told. */
    private void acknowledgeStored(FileRow told) {
        Optional<FileRow> row = Optional.of(told);
        while (row.isPresent() && row.get().pendingEvents().stored()) {
            FileRow found = row.get();
            FileRow next = found.state() == FileState.AVAILABLE
                    ? found.withPendingEvents(PendingEvents.NONE, found.dueAtExpiry())
                    : found.withPendingEvents(found.pendingEvents().withoutStored(), found.dueAt());
            if (metadata.compareAndSet(next).isPresent()) {
                return;
            }
            row = metadata.find(told.id());
        }
    }

    void expired(FileRow row) {
        FileEvent event = new FileEvent(row.id() + "/expired", row.toStoredFile());
        submit(() -> all(event.id(), listener -> listener.expired(event)));
    }

    void failed(String operation, FileRow row, int attempts, RuntimeException cause) {
        FileFailure failure = new FileFailure(operation, row.id(), row.key(), attempts, cause);
        submit(() -> all("failed " + operation, listener -> listener.failed(failure)));
    }

    void swept(SweepReport report) {
        submit(() -> all("swept", listener -> listener.swept(report)));
    }

    private boolean all(String event, Consumer<FileStoreListener> call) {
        return !allLater(event, listener -> {
                    call.accept(listener);
                    return HEARD;
                })
                .isCompletedExceptionally();
    }

    /** Every listener is called, whatever another does. */
    private CompletableFuture<Void> allLater(String event, Function<FileStoreListener, CompletionStage<Void>> call) {
        CompletableFuture<?>[] heard = new CompletableFuture<?>[listeners.size()];
        for (int i = 0; i < heard.length; i++) {
            try {
                heard[i] = call.apply(listeners.get(i)).toCompletableFuture();
            } catch (Throwable e) {
                // An error, too, and what other languages throw unchecked: the operation it is told of has succeeded.
                heard[i] = CompletableFuture.failedFuture(e);
                LOG.warn("a listener failed at {}", event, e);
            }
        }
        return CompletableFuture.allOf(heard);
    }

    private boolean submit(Runnable telling) {
        if (!wanted()) {
            return true;
        }
        try {
            if (own != null && (closed || own.getQueue().size() >= QUEUE)) {
                throw new RejectedExecutionException();
            }
            executor.execute(telling);
            return true;
        } catch (RejectedExecutionException e) {
            warn("listeners are too slow, or the store is closed: a sweep will tell them what must be told", null);
        } catch (Throwable e) {
            // Such as the error of a system that has no thread left.
            warn("the listeners' executor failed: a sweep will tell them what must be told", e);
        }
        return false;
    }

    /** Once a minute: it would else be said of every file. */
    private void warn(String what, @Nullable Throwable cause) {
        Instant now = Engine.now(clock);
        Instant until = quietUntil.get();
        if (!now.isBefore(until) && quietUntil.compareAndSet(until, now.plus(QUIET))) {
            LOG.warn(what, cause);
        }
    }

    /** Waits a while for what is to be told, and for those who are done later; the rest is told by a sweep. */
    void close() {
        if (own == null) {
            return;
        }
        closed = true;
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            own.submit(() -> {}).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            if (unheard.tryAcquire(QUEUE, end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                own.shutdown();
                if (own.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
            // Closed already, or not to be waited for.
        }
        own.shutdownNow();
    }
}
