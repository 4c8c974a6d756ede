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
    static final Duration PUT_GRACE = Duration.ofHours(1);

    /**
     * A key holds the second of its upload; this long after it no clock in use makes the same key again, and the row
     * that keeps it reserved may go.
     */
    private static final Duration KEY_RESERVATION = Duration.ofMinutes(5);

    private static final SweepReport NOTHING = new SweepReport(0, 0, 0, 0);

    /** No user's id. */
    private static final String NOBODY = "";

    private static final Category ORPHAN = new Category("orphan");

    private final StorageBackend storage;
    private final MetadataRepository metadata;
    private final Events events;
    private final Observers observers;
    private final int batch;
    private final Clock clock;

    /** @param batch how many rows a sweep takes at a time */
    Removals(
            StorageBackend storage,
            MetadataRepository metadata,
            Events events,
            Observers observers,
            int batch,
            Clock clock) {
        this.storage = storage;
        this.metadata = metadata;
        this.events = events;
        this.observers = observers;
        this.batch = batch;
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
            Optional<FileRow> marked =
                    brokenOff ? Optional.of(row) : metadata.compareAndSet(row.toDeleting(now.plus(DELETE_LEASE)));
            if (marked.isPresent()) {
                finishDelete(marked.get());
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

    /**
     * Removes the bytes of a row whatever its state; the row follows when nothing needs it any more. An upload that is
     * under way is given up: it finds out at its end, or when it next extends its lease, and removes what it wrote.
     *
     * @return whether there was anything to remove
     */
    boolean erase(FileRow listed) {
        Optional<FileRow> row = Optional.of(listed);
        // Each turn that does not end it was lost to somebody who changed the row since it was read.
        while (row.isPresent()) {
            FileRow found = row.get();
            if (found.state() == FileState.DELETED) {
                if (!Engine.now(clock).isBefore(heldUntil(found))) {
                    forgetAtLast(found);
                }
                return false;
            }
            Optional<FileRow> marked = found.state() == FileState.DELETING
                    ? row
                    : metadata.compareAndSet(found.toDeleting(Engine.now(clock).plus(DELETE_LEASE)));
            if (marked.isPresent()) {
                finishDelete(marked.get());
                return true;
            }
            row = metadata.find(found.id());
        }
        return false;
    }

    /** From when on a row in {@link FileState#DELETED} may go: its key is free then, and no put can still land. */
    Instant heldUntil(FileRow row) {
        Instant due = row.dueAt();
        Instant reservedUntil = row.uploadedAt().plus(KEY_RESERVATION);
        return due == null || due.isBefore(reservedUntil) ? reservedUntil : due;
    }

    private void finishDelete(FileRow row) {
        try {
            finish(row);
        } catch (FileStoreException e) {
            events.failed("delete", row, row.attempts() + 1, e);
            throw e;
        }
    }

    SweepReport sweep() {
        Observers.Watch watch = observers.start(Operation.Kind.SWEEP);
        try {
            SweepReport report = sweepAll();
            watch.swept(report);
            watch.end(null);
            return report;
        } catch (Throwable e) {
            watch.end(e);
            throw e;
        }
    }

    private SweepReport sweepAll() {
        SweepReport report = NOTHING;
        List<FileRow> claimed;
        do {
            Instant now = Engine.now(clock);
            claimed = metadata.claimDue(now, now.plus(SWEEP_LEASE), batch);
            for (FileRow row : claimed) {
                if (Thread.currentThread().isInterrupted()) {
                    // The rest become due again by themselves.
                    break;
                }
                report = report.plus(sweep(row));
            }
        } while (claimed.size() == batch && !Thread.currentThread().isInterrupted());
        events.swept(report);
        return report;
    }

    private SweepReport sweep(FileRow row) {
        try {
            return switch (row.state()) {
                case PENDING -> giveUp(row);
                case AVAILABLE -> isOver(row) ? expire(row) : putAtRest(row);
                case DELETING -> finish(row);
                case DELETED -> forgetAtLast(row);
            };
        } catch (RuntimeException e) {
            // Whatever one row meets with must not keep the sweep from the others.
            LOG.warn("sweep of file {} failed in state {}, attempt {}", row.id(), row.state(), row.attempts() + 1, e);
            events.failed("sweep", row, row.attempts() + 1, e);
            putOff(row, e);
            return new SweepReport(0, 0, 0, 1);
        }
    }

    private boolean isOver(FileRow row) {
        Instant due = row.dueAtExpiry();
        return due != null && !Engine.now(clock).isBefore(due);
    }

    private SweepReport expire(FileRow row) {
        return mark(row)
                .map(marked -> {
                    events.expired(marked);
                    return new SweepReport(1, 0, 0, 0).plus(sweep(marked));
                })
                .orElse(NOTHING);
    }

    private SweepReport giveUp(FileRow row) {
        return mark(row)
                .map(marked -> new SweepReport(0, 1, 0, 0).plus(sweep(marked)))
                .orElse(NOTHING);
    }

    /** Empty where somebody changed the row since it was claimed, and so knows better. */
    private Optional<FileRow> mark(FileRow row) {
        return metadata.compareAndSet(row.toDeleting(Engine.now(clock).plus(SWEEP_LEASE)));
    }

    /** A file that lives on: listeners have not heard of it yet, or somebody gave it a longer life and left it due. */
    private SweepReport putAtRest(FileRow row) {
        if (row.pendingEvents().stored() && events.wanted()) {
            events.retellStored(row);
        } else {
            metadata.compareAndSet(row.withPendingEvents(PendingEvents.NONE, row.dueAtExpiry()));
        }
        return NOTHING;
    }

    /** Removes the bytes of a row in {@link FileState#DELETING}; the row follows when nothing needs it any more. */
    private SweepReport finish(FileRow row) {
        removeBytes(row);
        Instant toldBy = row.wasAvailable() ? events.toldBy() : null;
        if (toldBy == null) {
            forget(row);
        } else {
            markDeleted(row, toldBy).ifPresent(gone -> events.tell(gone, this::forget));
        }
        return new SweepReport(0, 0, 1, 0);
    }

    /** Empty where another has finished the same. Whoever wrote down meanwhile that the file was told as stored has not. */
    private Optional<FileRow> markDeleted(FileRow row, Instant toldBy) {
        Optional<FileRow> found = Optional.of(row);
        while (found.filter(left -> left.state() == FileState.DELETING).isPresent()) {
            FileRow left = found.get();
            Optional<FileRow> gone = metadata.compareAndSet(
                    left.toDeleted(toldBy, left.pendingEvents().withDeleted()));
            if (gone.isPresent()) {
                return gone;
            }
            found = metadata.find(row.id());
        }
        return Optional.empty();
    }

    /** Removes a row whose bytes are gone, or lets it wait for its key's sake. */
    private void forget(FileRow row) {
        Instant now = Engine.now(clock);
        Instant reservedUntil = row.wasAvailable() ? row.uploadedAt().plus(KEY_RESERVATION) : now.plus(PUT_GRACE);
        // Lost to another who finishes the same: then it is finished.
        if (now.isBefore(reservedUntil)) {
            metadata.compareAndSet(row.toDeleted(reservedUntil, PendingEvents.NONE));
        } else {
            metadata.remove(row);
        }
    }

    /** Once more, against a put that landed late. */
    private SweepReport forgetAtLast(FileRow row) {
        if (row.pendingEvents() == PendingEvents.NONE) {
            removeBytes(row);
            metadata.remove(row);
        } else if (events.wanted()) {
            events.retell(row, this::forget);
        } else {
            forget(row);
        }
        return NOTHING;
    }

    private void removeBytes(FileRow row) {
        if (row.wasAvailable()) {
            storage.delete(row.key());
        } else {
            storage.purge(row.key());
        }
    }

    private void putOff(FileRow row, RuntimeException failure) {
        try {
            metadata.compareAndSet(row.withFailedAttempt(Backoff.after(row.attempts(), clock)));
        } catch (MetadataException e) {
            // The lease of the claim runs out by itself.
            failure.addSuppressed(e);
        }
    }

    /**
     * Removes an object that no row names, in the way of every removal: by a row, which nobody else can make for that key
     * by then, and which a sweep finishes.
     *
     * @return false where a row names the object by now
     */
    boolean removeOrphan(String key, long size) {
        Instant now = Engine.now(clock);
        Optional<FileRow> row = metadata.insert(new FileRow(
                0,
                0,
                FileState.DELETING,
                now.plus(SWEEP_LEASE),
                0,
                NOBODY,
                key,
                key.substring(key.lastIndexOf('/') + 1),
                size,
                "application/octet-stream",
                ORPHAN,
                null,
                null,
                null,
                null,
                now,
                null,
                PendingEvents.NONE));
        row.ifPresent(this::sweep);
        return row.isPresent();
    }

    /**
     * Removes the row of a file whose object is lost.
     *
     * @return false where the row is another by now
     */
    boolean discard(FileRow row) {
        Optional<FileRow> marked = mark(row);
        marked.ifPresent(this::sweep);
        return marked.isPresent();
    }
}
