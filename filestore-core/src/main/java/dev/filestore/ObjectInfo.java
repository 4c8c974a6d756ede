package dev.filestore;

import java.time.Instant;
import java.util.Objects;

/**
 * What a storage knows of an object.
 *
 * @param key its name
 * @param size how many bytes
 * @param lastModified when it was written, by the storage's clock and in its precision; for an object that came in
 *     parts it may be the time of the first
 */
public record ObjectInfo(String key, long size, Instant lastModified) {

    /** Checks that nothing is missing. */
    public ObjectInfo {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(lastModified, "lastModified");
    }
}
