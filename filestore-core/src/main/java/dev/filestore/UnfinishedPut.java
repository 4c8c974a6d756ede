package dev.filestore;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a put has left in a storage, or is just writing: a temporary file, an open multipart upload. No reader sees it.
 *
 * @param id names it to the storage that listed it, and says nothing to others
 * @param key the name of the object that it was to become; null where the storage does not know it any more
 * @param touchedAt when it was last written to, or, where the storage does not know that, when it was begun; by the
 *     storage's clock
 */
public record UnfinishedPut(String id, @Nullable String key, Instant touchedAt) {

    /** Checks that nothing is missing. */
    public UnfinishedPut {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(touchedAt, "touchedAt");
    }
}
