package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Feels whether storage and database answer, at most once in some seconds, and once it knows something never twice at once. */
final class Pulse {

    private static final Duration KEPT = Duration.ofSeconds(5);

    /** No layout makes it, and nothing is ever written there. */
    private static final String ABSENT_KEY = "filestore-health";

    private final MetadataRepository metadata;
    private final Clock clock;
    private final Kept<Optional<String>> storage;
    private final Kept<Rows> rows;

    /** @param nanos a clock that only goes forward, in nanoseconds */
    Pulse(StorageBackend storage, MetadataRepository metadata, Clock clock, LongSupplier nanos) {
        this.metadata = metadata;
        this.clock = clock;
        this.storage = new Kept<>(() -> problem(() -> storage.stat(ABSENT_KEY)), nanos);
        this.rows = new Kept<>(this::look, nanos);
    }

    private record Rows(Optional<String> problem, DueRows.@Nullable Backlog backlog, Instant at) {}

    StoreHealth health() {
        Rows found = rows.get();
        return health(found, storage.get());
    }

    /** Without a question to the storage. */
    StoreHealth rowsOnly() {
        return health(rows.get(), Optional.empty());
    }

    private static StoreHealth health(Rows found, Optional<String> storageProblem) {
        Optional<DueRows.Backlog> backlog = Optional.ofNullable(found.backlog());
        return new StoreHealth(
                found.problem(),
                storageProblem,
                backlog.map(DueRows.Backlog::rows),
                backlog.map(due -> age(due.oldest(), found.at())));
    }

    private static Duration age(@Nullable Instant oldest, Instant now) {
        return oldest == null || oldest.isAfter(now) ? Duration.ZERO : Duration.between(oldest, now);
    }

    private Rows look() {
        Instant now = Engine.now(clock);
        DueRows.Backlog[] backlog = new DueRows.Backlog[1];
        Optional<String> problem = problem(() -> {
            if (metadata instanceof DueRows due) {
                backlog[0] = due.due(now, StoreHealth.BACKLOG_LIMIT);
            } else {
                metadata.find(0);
            }
        });
        return new Rows(problem, backlog[0], now);
    }

    private static Optional<String> problem(Runnable question) {
        try {
            question.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            // Its causes may quote addresses of hosts and users of databases; they are in the log of whoever fails
            // next.
            return Optional.of(
                    e instanceof FileStoreException
                            ? String.valueOf(e.getMessage())
                            : e.getClass().getName());
        }
    }

    /** An answer that is asked for anew when it is old. Whoever comes while it is being asked for gets the one before. */
    private static final class Kept<T> {

        private final Supplier<T> question;
        private final LongSupplier nanos;
        private final AtomicBoolean asking = new AtomicBoolean();
        private volatile @Nullable Answer<T> last;

        Kept(Supplier<T> question, LongSupplier nanos) {
            this.question = question;
            this.nanos = nanos;
        }

        private record Answer<T>(T value, long at) {}

        T get() {
            Answer<T> known = last;
            if (known != null && nanos.getAsLong() - known.at() < TimeUnit.SECONDS.toNanos(KEPT.toSeconds())) {
                return known.value();
            }
            boolean mine = asking.compareAndSet(false, true);
            if (known != null && !mine) {
                return known.value();
            }
            try {
                T value = question.get();
                last = new Answer<>(value, nanos.getAsLong());
                return value;
            } finally {
                if (mine) {
                    asking.set(false);
                }
            }
        }
    }
}
