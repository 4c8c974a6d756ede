package dev.filestore;

/** A cursor that this store did not make, or made for another list. Start the list again without one. */
public final class InvalidCursorException extends FileStoreException {

    private static final long serialVersionUID = 1L;

    InvalidCursorException() {
        super("the cursor is not one that this list gave; start again without a cursor", null);
    }
}
