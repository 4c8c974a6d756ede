package dev.filestore.examples.batch;

import java.nio.file.Path;

/**
 * What became of one file.
 *
 * @param path the file
 * @param kind what became of it
 * @param reason why, where it was not stored; else empty
 */
record Outcome(Path path, Kind kind, String reason) {

    enum Kind {
        STORED,
        THERE_ALREADY,
        /** The store takes no such file; the next run asks again and is told the same. */
        REFUSED,
        /** The file, the storage or the database failed; the next run tries again. */
        FAILED,
        /** The program was stopped before or while it was the file's turn. */
        NOT_REACHED
    }
}
