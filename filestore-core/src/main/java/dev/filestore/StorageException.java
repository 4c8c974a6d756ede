package dev.filestore;

import org.jspecify.annotations.Nullable;

/**
 * The storage refused, or did not answer. Whether the call took effect is then unknown: the life cycle copes with
 * either. Backends throw it, with the message naming the act and the key, and the storage's own exception as the cause.
 * What was worth repeating was repeated by the backend: nothing above it retries.
 */
public final class StorageException extends FileStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what was tried.
     *
     * @param message the act and the key
     * @param cause what the storage's client threw, or null
     */
    public StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
