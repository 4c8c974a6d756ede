package dev.filestore;

import dev.filestore.FileRefusedException.Reason;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a store that has come to its end, as an {@link OperationObserver} is told of it.
 *
 * @param kind what was done
 * @param outcome how it ended
 * @param reason why the file was refused; null unless the outcome is {@link Outcome#REFUSED}
 * @param fileId the file's id; 0 where it had none yet, and for a sweep
 * @param category the file's category; null where it was not known yet, for a delete and for a sweep
 * @param bytes how many bytes of the file were read from the uploader, or handed to the reader; 0 for the others
 * @param elapsed how long it took; for a download, from the moment its bytes were asked for until they were closed
 * @param stages how long each stage took that an upload came to; empty for the others, cannot be changed
 * @param swept what a sweep did; null for the others, and where the sweep broke off
 */
public record Operation(
        Kind kind,
        Outcome outcome,
        @Nullable Reason reason,
        long fileId,
        @Nullable Category category,
        long bytes,
        Duration elapsed,
        Map<Stage, Duration> stages,
        @Nullable SweepReport swept) {

    /** What is observed. */
    public enum Kind {
        /** A file is stored. */
        UPLOAD,
        /** A file's bytes, or some of them, are read through the store. What a signed address hands out passes it by. */
        DOWNLOAD,
        /** An address is signed. */
        PRESIGN,
        /** A file is deleted on request. */
        DELETE,
        /** All that is due is dealt with. */
        SWEEP
    }

    /** The steps of an upload, in their order. */
    public enum Stage {
        /** The first bytes are read and judged, and where files per owner are limited, they are counted. */
        JUDGE,
        /** The row is inserted. */
        INSERT,
        /** The bytes are read, scanned and put: the uploader's pace is in it. */
        PUT,
        /** The file is made visible. */
        ACTIVATE
    }

    /** How an operation ended. */
    public enum Outcome {
        /** It was done. */
        SUCCESS,
        /** The file was not accepted: {@link FileRefusedException}. */
        REFUSED,
        /** There is no such file: {@link FileMissingException}. */
        MISSING,
        /** The caller may not: {@link NotAuthorizedException}. */
        FORBIDDEN,
        /** The uploader broke off, or sent other bytes than announced: {@link SourceException}. */
        BROKEN_SOURCE,
        /** The scanner failed: {@link ScanException}. */
        SCANNER_FAILED,
        /** The storage failed: {@link StorageException}. */
        STORAGE_FAILED,
        /** The database failed: {@link MetadataException}. */
        DATABASE_FAILED,
        /** Anything else was thrown, such as for misuse. */
        ERROR;

        static Outcome of(@Nullable Throwable failure) {
            if (failure == null) {
                return SUCCESS;
            } else if (failure instanceof FileRefusedException) {
                return REFUSED;
            } else if (failure instanceof FileMissingException) {
                return MISSING;
            } else if (failure instanceof NotAuthorizedException) {
                return FORBIDDEN;
            } else if (failure instanceof SourceException) {
                return BROKEN_SOURCE;
            } else if (failure instanceof ScanException) {
                return SCANNER_FAILED;
            } else if (failure instanceof StorageException) {
                return STORAGE_FAILED;
            }
            return failure instanceof MetadataException ? DATABASE_FAILED : ERROR;
        }
    }

    /** Checks that nothing is missing. */
    public Operation {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(elapsed, "elapsed");
        stages = stages.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(stages));
    }
}
