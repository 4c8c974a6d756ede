package dev.filestore;

import org.jspecify.annotations.Nullable;

/**
 * The bytes could not be read to their end, or were not those that were announced, by number or by SHA-256. Nothing was
 * stored; the upload can be repeated from the start.
 */
public final class SourceException extends FileStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what was found.
     *
     * @param message what happened
     * @param cause what the source threw, or null
     */
    public SourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
