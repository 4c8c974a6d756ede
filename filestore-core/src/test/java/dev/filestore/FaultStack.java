package dev.filestore;

import java.util.List;

/** A storage and a repository whose operations are to meet with every fault. */
public interface FaultStack {

    /** What it is called in the report, such as {@code disk-h2}. */
    String name();

    /** The storage, without an object at first. */
    StorageBackend storage();

    /** The repository, without a row at first. */
    MetadataRepository metadata();

    /** What puts left unfinished: temporary files, open multipart uploads. */
    List<String> unfinished();

    /** Removes all objects, rows, and what is unfinished: a case went wrong, and the next is to start anew. */
    void clear();

    /** From which size on an object is sent in parts; 0 where it never is. */
    default int partSizeBytes() {
        return 0;
    }

    /** Whether readers look at everything before and after each call, and not only now and then. */
    default boolean isWatchedAtEachCall() {
        return true;
    }

    /** One in how many pairs of faults is tried; 1 for all. */
    default int oneInPairs() {
        return 1;
    }
}
