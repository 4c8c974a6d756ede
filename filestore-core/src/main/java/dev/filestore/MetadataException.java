package dev.filestore;

import org.jspecify.annotations.Nullable;

/**
 * The database refused, or did not answer. Whether the call took effect is then unknown: the life cycle copes with
 * either. Repositories throw it, with the database's own exception as the cause.
 */
public final class MetadataException extends FileStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what was tried.
     *
     * @param message the act and the key or id
     * @param cause what the persistence layer threw, or null
     */
    public MetadataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
