package dev.filestore;

/** Where in its life a file is. Readers see only {@link #AVAILABLE} files. */
public enum FileState {
    /** The bytes are on their way. */
    PENDING,
    /** The bytes are all there, counted and digested. */
    AVAILABLE,
    /** Gone for every reader; the bytes are still to be removed. */
    DELETING,
    /**
     * The bytes were removed. The row keeps the key reserved until its {@link FileRow#dueAt()}; then the object is
     * removed once more, against a put that landed late, and the row goes.
     */
    DELETED
}
