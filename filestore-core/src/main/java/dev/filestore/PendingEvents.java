package dev.filestore;

/** What the listeners of a store are still to be told of a file, see {@link FileStoreListener}. */
public enum PendingEvents {
    /** Nothing. */
    NONE,
    /** That it was stored. */
    STORED,
    /** That it is gone. */
    DELETED,
    /** Both, in that order. */
    BOTH;

    boolean stored() {
        return this == STORED || this == BOTH;
    }

    boolean deleted() {
        return this == DELETED || this == BOTH;
    }

    PendingEvents withDeleted() {
        return stored() ? BOTH : DELETED;
    }

    PendingEvents withoutStored() {
        return deleted() ? DELETED : NONE;
    }
}
