package dev.filestore.examples.batch;

import dev.filestore.AdoptRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an application had recorded of a file, as its query gave it.
 *
 * @param number which row of the query's it is, from 1
 * @param ref what the application calls the file
 * @param id the id that the file is to keep
 * @param key the name of its object
 * @param isTwice whether another row has that key
 */
record OldRow(
        long number,
        @Nullable String ref,
        @Nullable String id,
        @Nullable String key,
        @Nullable String name,
        @Nullable String owner,
        @Nullable String contentType,
        @Nullable String size,
        @Nullable String sha256,
        @Nullable Instant createdAt,
        @Nullable Instant expiresAt,
        boolean isTwice) {

    /** What the file is called in a report: what its application calls it, or else its number. */
    String called() {
        return ref != null ? ref : id != null ? id : "row " + number;
    }

    /**
     * The row as the store is asked for it.
     *
     * @throws IllegalArgumentException if something is missing or malformed
     */
    AdoptRequest toRequest() {
        if (key == null || owner == null) {
            throw new IllegalArgumentException((key == null ? Column.KEY : Column.OWNER).label() + " is null");
        }
        String fileName = name != null ? name : key.substring(key.lastIndexOf('/') + 1);
        return new AdoptRequest(
                key,
                fileName,
                owner,
                id == null ? 0 : id(id),
                contentType,
                size == null ? -1 : number(Column.SIZE, size, 0, Long.MAX_VALUE),
                sha256,
                createdAt,
                expiresAt);
    }

    /** @throws IllegalArgumentException if no file can keep that id */
    static long id(String text) {
        return number(Column.ID, text, 1, AdoptRequest.MAX_ID);
    }

    private static long number(Column column, String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as any other number that will not do.
        }
        throw new IllegalArgumentException(
                column.label() + " is a whole number from " + least + " to " + most + ", found " + text);
    }
}
