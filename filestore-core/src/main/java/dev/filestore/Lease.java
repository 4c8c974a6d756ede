package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An upload's hold on its row, extended while bytes flow. Used by the uploading thread alone. */
final class Lease {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

    /** Well before the lease ends, and seldom enough to cost nothing. */
    private static final Duration EXTEND_EVERY = Uploads.LEASE.dividedBy(6);

    /** How soon after a failure. */
    private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(30);

    private final MetadataRepository metadata;
    private final Clock clock;
    private FileRow row;
    private Instant extendAt;

    /** An extension of which nobody knows whether it was made. */
    private @Nullable FileRow asked;

    Lease(MetadataRepository metadata, FileRow row, Clock clock) {
        this.metadata = metadata;
        this.row = row;
        this.clock = clock;
        this.extendAt = row.uploadedAt().plus(EXTEND_EVERY);
    }

    /** The row as this upload last knew it. */
    FileRow row() {
        return row;
    }

    /**
     * The row as this upload last wrote it, also where the answer to that was lost.
     *
     * @return empty if the upload was given up
     * @throws MetadataException if the database, which has to be asked then, failed
     */
    Optional<FileRow> settled() {
        FileRow wanted = asked;
        if (wanted == null) {
            return Optional.of(row);
        }
        Optional<FileRow> found = metadata.find(row.id()).filter(now -> isSame(now, row) || isSame(now, wanted));
        if (found.isPresent()) {
            row = found.get();
            asked = null;
        }
        return found;
    }

    /** When it is due tells one extension from another, and both from the claim of a sweep, which gives the upload up. */
    private static boolean isSame(FileRow found, FileRow known) {
        return found.state() == FileState.PENDING && Objects.equals(found.dueAt(), known.dueAt());
    }

    /**
     * Extends the lease if it is time. A database that fails is asked again a little later, as long as the lease lasts.
     *
     * @throws StorageException if the upload was given up
     * @throws MetadataException if the database failed, and the lease is over
     */
    void extend() {
        Instant now = Engine.now(clock);
        if (now.isBefore(extendAt)) {
            return;
        }
        try {
            FileRow next = settled().orElseThrow(() -> lost(row)).withDueAt(now.plus(Uploads.LEASE));
            asked = next;
            row = metadata.compareAndSet(next).orElseThrow(() -> lost(next));
            asked = null;
            extendAt = now.plus(EXTEND_EVERY);
        } catch (MetadataException e) {
            Instant end = row.dueAt();
            if (end == null || !now.isBefore(end)) {
                throw e;
            }
            LOG.warn("file {}: the lease of its upload could not be extended, and lasts until {}", row.id(), end, e);
            Instant soon = now.plus(TRY_AGAIN_AFTER);
            extendAt = soon.isBefore(end) ? soon : end;
        }
    }

    static StorageException lost(FileRow row) {
        return new StorageException(
                "put " + row.key() + ": given up, since nothing was heard of the upload for "
                        + Uploads.LEASE.toMinutes() + " minutes, or its owner's files were erased",
                null);
    }
}
