package dev.filestore;

/** There is no such file: never was, was deleted, has expired, or is not uploaded to its end. */
public final class FileMissingException extends FileStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which.
     *
     * @param id the id that was asked for
     */
    public FileMissingException(long id) {
        super("no file has the id " + id, null);
    }
}
