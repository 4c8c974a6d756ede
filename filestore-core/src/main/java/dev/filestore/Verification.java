package dev.filestore;

/** What {@link FileStore#verify} found when it read a file's bytes again. */
public enum Verification {
    /** The storage has as many bytes as the row says, and they have its SHA-256. */
    INTACT,
    /** The storage has other bytes, or more or fewer of them; or another object than the one that was stored. */
    DIFFERENT,
    /** The storage has no such object. */
    MISSING
}
