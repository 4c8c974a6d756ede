package dev.filestore;

/** The caller may not do this to that file, which belongs to somebody else; or the signature does not allow it. */
public final class NotAuthorizedException extends FileStoreException {

    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message what was refused
     */
    public NotAuthorizedException(String message) {
        super(message, null);
    }

    static NotAuthorizedException foreign(long id) {
        return new NotAuthorizedException("the file " + id + " belongs to another user");
    }
}
