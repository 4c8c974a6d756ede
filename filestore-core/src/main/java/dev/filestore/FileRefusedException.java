package dev.filestore;

import java.util.Objects;

/** The file itself is not accepted. Another file, or the same one made right, may be. Nothing was stored. */
public final class FileRefusedException extends FileStoreException {

    private static final long serialVersionUID = 1L;

    /** Why a file is refused. */
    public enum Reason {
        /** It has more bytes than its type may have. */
        TOO_LARGE,
        /** It has no bytes. */
        EMPTY,
        /** Its type is not allowed, or its bytes are not what its name and declared type claim. */
        TYPE_NOT_ALLOWED,
        /** The {@link ContentScanner} found something in it. */
        INFECTED,
        /** Its owner has as many files as one may have, and must delete one first. */
        TOO_MANY_FILES
    }

    /** The kind of refusal. */
    private final Reason reason;

    /**
     * Says why.
     *
     * @param reason the kind of refusal
     * @param message what was found and what is allowed, fit to be shown to the user
     */
    public FileRefusedException(Reason reason, String message) {
        super(message, null);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * The kind of refusal.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
