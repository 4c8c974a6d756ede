package dev.filestore;

import dev.filestore.StoredCounts.Scope;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that an audit found to be wrong, and that was still so when it looked again.
 *
 * @param kind what is wrong
 * @param key the name of the object; null for a {@link Kind#STALE_UPLOAD} whose key the storage does not know any more
 * @param fileId the id of the file; null where no row is concerned
 * @param recordedSize how many bytes the row says the object has, or how many rows a count says there are; null where that
 *     does not matter
 * @param actualSize how many bytes the object has, or how many rows there are; null where there is none, or it does not
 *     matter
 * @param since when the object was written, the upload was touched last, the file was uploaded, or the row was due; up to
 *     when a count counts
 * @param count what a {@link Kind#WRONG_COUNT} is of; null for all other kinds
 */
public record AuditFinding(
        Kind kind,
        @Nullable String key,
        @Nullable Long fileId,
        @Nullable Long recordedSize,
        @Nullable Long actualSize,
        Instant since,
        @Nullable Scope count) {

    /** What can be wrong. */
    public enum Kind {
        /** An object that no row names. Applied, it is removed. */
        ORPHAN_OBJECT,
        /** A row of a file that readers see, without its object. Applied, the record is removed, and so lost as well. */
        MISSING_OBJECT,
        /** An object that has not as many bytes as its file. Cannot be applied: nothing tells which of both is right. */
        WRONG_SIZE,
        /** What a put left that no row knows of any more: a temporary file, a multipart upload. Applied, it is removed. */
        STALE_UPLOAD,
        /**
         * A row that a sweep should have dealt with: none runs, or it has failed at the row for longer than the grace.
         * Cannot be applied: {@link FileStore#sweep()} does.
         */
        OVERDUE,
        /**
         * A count of rows that the database keeps for the totals of lists is not how many there are. Looked at whatever the
         * prefix is. Applied, it is counted anew.
         */
        WRONG_COUNT;

        boolean isApplicable() {
            return this != WRONG_SIZE && this != OVERDUE;
        }
    }

    /** Checks that nothing is missing. */
    public AuditFinding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(since, "since");
    }

    static AuditFinding orphan(ObjectInfo object) {
        return new AuditFinding(
                Kind.ORPHAN_OBJECT, object.key(), null, null, object.size(), object.lastModified(), null);
    }

    static AuditFinding missing(FileRow row) {
        return new AuditFinding(Kind.MISSING_OBJECT, row.key(), row.id(), row.size(), null, row.uploadedAt(), null);
    }

    static AuditFinding wrongSize(FileRow row, ObjectInfo object) {
        return new AuditFinding(
                Kind.WRONG_SIZE, row.key(), row.id(), row.size(), object.size(), object.lastModified(), null);
    }

    static AuditFinding stale(UnfinishedPut put) {
        return new AuditFinding(Kind.STALE_UPLOAD, put.key(), null, null, null, put.touchedAt(), null);
    }

    static AuditFinding overdue(FileRow row, Instant since) {
        return new AuditFinding(Kind.OVERDUE, row.key(), row.id(), null, null, since, null);
    }

    static AuditFinding wrongCount(Scope scope, StoredCounts.Comparison found) {
        return new AuditFinding(Kind.WRONG_COUNT, null, null, found.stored(), found.actual(), found.until(), scope);
    }
}
