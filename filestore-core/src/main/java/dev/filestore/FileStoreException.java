package dev.filestore;

import org.jspecify.annotations.Nullable;

/**
 * An operation that did not come about for a reason outside the calling code: the file, the caller, the source of the
 * bytes, the scanner, the storage or the database. Misuse of the library is told by {@link NullPointerException},
 * {@link IllegalArgumentException} and {@link IllegalStateException} instead.
 *
 * <p>Messages name what was done and the key or id that it was done to. They hold no secret and no signed URL, and no
 * more of a user's text than its cleaned file name.
 */
public abstract sealed class FileStoreException extends RuntimeException
        permits FileRefusedException,
                FileMissingException,
                NotAuthorizedException,
                InvalidCursorException,
                SourceException,
                ScanException,
                StorageException,
                MetadataException {

    private static final long serialVersionUID = 1L;

    FileStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
