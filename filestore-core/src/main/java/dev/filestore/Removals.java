package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How files go: by a delete, by expiry, by an upload that died; and the sweep that finishes all of it. */
final class Removals {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

    /** When the sweeper takes over a delete of which nothing is heard. */
    private static final Duration DELETE_LEASE = Duration.ofMinutes(1);

    /** How long one sweeper has its rows to itself. */
    private static final Duration SWEEP_LEASE = Duration.ofMinutes(5);

    /** Longer than any put can live that was given up. */
    private static final Duration PUT_GRACE = Duration.ofHours(1);

    /**
     * A key holds the second of its upload; this long after it no clock in use makes the same key again, and the row
     * that keeps it reserved may go.
     */
    private static final Duration KEY_RESERVATION = Duration.ofMinutes(5);

    private static final int BATCH = 50;
    private static final Duration FIRST_BACKOFF = Duration.ofMinutes(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofHours(6);

    private final StorageBackend storage;
    private final MetadataRepository metadata;
    private final Clock clock;

    Removals(StorageBackend storage, MetadataRepository metadata, Clock clock) {
        this.storage = storage;
        this.metadata = metadata;
        this.clock = clock;
    }

    void delete(long id, Predicate<FileRow> allowed) {
        // Each turn that does not end it was lost to somebody who changed the row, towards its end.
        while (true) {
            Instant now = Engine.now(clock);
            FileRow row = metadata.find(id)
                    .filter(found -> isDeletable(found, now))
                    .orElseThrow(() -> new FileMissingException(id));
            boolean brokenOff = row.state() == FileState.DELETING;
            if (!allowed.test(row)) {
                // A delete that was broken off is nobody's business but its owner's: for others the file is gone.
                throw brokenOff ? new FileMissingException(id) : NotAuthorizedException.foreign(id);
            }
            if (brokenOff) {
                finish(row);
                return;
            }
            Optional<FileRow> marked = metadata.compareAndSet(row.toDeleting(now.plus(DELETE_LEASE)));
            if (marked.isPresent()) {
                finish(marked.get());
                return;
            }
        }
    }

    /** A file that readers see, or one whose delete was broken off. */
    private static boolean isDeletable(FileRow row, Instant now) {
        Instant expiresAt = row.expiresAt();
        boolean expired = expiresAt != null && !now.isBefore(expiresAt);
        return !expired
                && (row.state() == FileState.AVAILABLE || (row.state() == FileState.DELETING && row.wasAvailable()));
    }

    SweepReport sweep() {
        SweepReport report = new SweepReport(0, 0, 0, 0);
        List<FileRow> claimed;
        do {
            Instant now = Engine.now(clock);
            claimed = metadata.claimDue(now, now.plus(SWEEP_LEASE), BATCH);
            for (FileRow row : claimed) {
                report = report.plus(sweep(row));
            }
        } while (claimed.size() == BATCH && !Thread.currentThread().isInterrupted());
        return report;
    }

    private SweepReport sweep(FileRow row) {
        try {
            return switch (row.state()) {
                case PENDING -> giveUp(row, new SweepReport(0, 1, 0, 0));
                case AVAILABLE -> expire(row);
                case DELETING -> finish(row);
                case DELETED -> {
                    removeBytes(row);
                    yield metadata.remove(row) ? new SweepReport(0, 0, 1, 0) : new SweepReport(0, 0, 0, 0);
                }
            };
        } catch (RuntimeException e) {
            // Whatever one row meets with must not keep the sweep from the others.
            LOG.warn("sweep of file {} failed in state {}, attempt {}", row.id(), row.state(), row.attempts() + 1, e);
            putOff(row, e);
            return new SweepReport(0, 0, 0, 1);
        }
    }

    private SweepReport expire(FileRow row) {
        if (row.isVisibleAt(Engine.now(clock))) {
            // Somebody gave the file a longer life and left it due: readers see it, and so it stays.
            metadata.compareAndSet(row.withDueAt(row.expiresAt()));
            return new SweepReport(0, 0, 0, 0);
        }
        return giveUp(row, new SweepReport(1, 0, 0, 0));
    }

    private SweepReport giveUp(FileRow row, SweepReport done) {
        Instant now = Engine.now(clock);
        Optional<FileRow> marked = metadata.compareAndSet(row.toDeleting(now.plus(SWEEP_LEASE)));
        // Whoever changed the row since it was claimed knows better.
        return marked.isEmpty() ? new SweepReport(0, 0, 0, 0) : done.plus(sweep(marked.get()));
    }

    /** Removes the bytes of a row in {@link FileState#DELETING}, then the row, or lets it wait for its key's sake. */
    private SweepReport finish(FileRow row) {
        removeBytes(row);
        Instant now = Engine.now(clock);
        Instant reservedUntil = row.wasAvailable() ? row.uploadedAt().plus(KEY_RESERVATION) : now.plus(PUT_GRACE);
        if (now.isBefore(reservedUntil)) {
            // Lost to another who finishes the same delete: then it is finished.
            metadata.compareAndSet(row.toDeleted(reservedUntil));
            return new SweepReport(0, 0, 0, 0);
        }
        return metadata.remove(row) ? new SweepReport(0, 0, 1, 0) : new SweepReport(0, 0, 0, 0);
    }

    private void removeBytes(FileRow row) {
        if (row.wasAvailable()) {
            storage.delete(row.key());
        } else {
            storage.purge(row.key());
        }
    }

    private void putOff(FileRow row, RuntimeException failure) {
        Duration backoff = FIRST_BACKOFF.multipliedBy(1L << Math.min(row.attempts(), 10));
        Duration wait = backoff.compareTo(LONGEST_BACKOFF) < 0 ? backoff : LONGEST_BACKOFF;
        try {
            metadata.compareAndSet(row.withFailedAttempt(Engine.now(clock).plus(wait)));
        } catch (MetadataException e) {
            // The lease of the claim runs out by itself.
            failure.addSuppressed(e);
        }
    }
}
