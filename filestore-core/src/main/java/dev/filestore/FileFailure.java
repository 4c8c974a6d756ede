package dev.filestore;

import java.util.Objects;

/**
 * The storage or the database failed at a file.
 *
 * @param operation {@code upload}, {@code delete} or {@code sweep}
 * @param fileId the file's id
 * @param key the name of its object
 * @param attempts how often that failed by now, at least 1; for sweeps counted in the database, across processes
 * @param cause what was thrown
 */
public record FileFailure(String operation, long fileId, String key, int attempts, RuntimeException cause) {

    /** Checks that nothing is missing. */
    public FileFailure {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(cause, "cause");
    }
}
