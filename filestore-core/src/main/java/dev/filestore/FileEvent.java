package dev.filestore;

import java.util.Objects;

/**
 * Something that happened to a file once in its life.
 *
 * @param id the same each time that this event is told, and no other event's: such as {@code 42/stored}
 * @param file the file as it was at the time of the telling, or last before it was gone
 */
public record FileEvent(String id, StoredFile file) {

    /** Checks that nothing is missing. */
    public FileEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(file, "file");
    }
}
