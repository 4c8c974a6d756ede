package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** An upload's hold on its row, extended while bytes flow. Used by the uploading thread alone. */
final class Lease {

    /** Well before the lease ends, and seldom enough to cost nothing. */
    private static final Duration EXTEND_EVERY = Uploads.LEASE.dividedBy(6);

    private final MetadataRepository metadata;
    private final Clock clock;
    private FileRow row;
    private Instant extendAt;

    Lease(MetadataRepository metadata, FileRow row, Clock clock) {
        this.metadata = metadata;
        this.row = row;
        this.clock = clock;
        this.extendAt = row.uploadedAt().plus(EXTEND_EVERY);
    }

    /** The row as this upload last wrote it. */
    FileRow row() {
        return row;
    }

    /**
     * Extends the lease if it is time.
     *
     * @throws StorageException if the upload was given up
     * @throws MetadataException if the database failed
     */
    void extend() {
        Instant now = Engine.now(clock);
        if (now.isBefore(extendAt)) {
            return;
        }
        Optional<FileRow> extended = metadata.compareAndSet(row.withDueAt(now.plus(Uploads.LEASE)));
        row = extended.orElseThrow(() -> lost(row));
        extendAt = now.plus(EXTEND_EVERY);
    }

    static StorageException lost(FileRow row) {
        return new StorageException(
                "put " + row.key() + ": given up, since nothing was heard of the upload for "
                        + Uploads.LEASE.toMinutes() + " minutes, or its owner's files were erased",
                null);
    }
}
