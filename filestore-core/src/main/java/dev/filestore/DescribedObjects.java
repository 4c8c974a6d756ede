package dev.filestore;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StorageBackend} is besides that can tell more of an object than its size: what it needs to pin one that somebody
 * else has put there, see {@link FileStore#adopt}. The guarantees for its method are those of {@link StorageBackend}.
 */
public interface DescribedObjects {

    /**
     * What is known of one object.
     *
     * @param object its name, size and time
     * @param tag what tells it from others of its key: what {@link StorageBackend#put} would have returned for it. Null where
     *     the storage has none
     * @param headers what the storage tells those who read the object past us, as it is written there, each field empty where
     *     it is missing; null where nobody can read it past us
     */
    record Description(
            ObjectInfo object,
            @Nullable String tag,
            @Nullable ObjectHeaders headers) {

        /** Checks that nothing is missing. */
        public Description {
            Objects.requireNonNull(object, "object");
        }
    }

    /**
     * Looks an object up.
     *
     * @param key the name
     * @return what is known of it, or empty where no such object exists
     * @throws StorageException if the storage failed
     */
    Optional<Description> describe(String key);
}
