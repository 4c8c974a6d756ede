package dev.filestore;

import org.jspecify.annotations.Nullable;

/**
 * The {@link ContentScanner} could not say whether a file is clean. Nothing was stored; the upload can be repeated from
 * the start, and may come about when the scanner works again. Scanners throw it, with the message naming what they did,
 * and the exception of whatever they use as the cause.
 */
public final class ScanException extends FileStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what was tried.
     *
     * @param message what the scanner did
     * @param cause what failed, or null
     */
    public ScanException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
