package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A storage that breaks its contract: each put fails after the fact, and the deletion of one key, in ways of its own. */
final class OddStorage extends ForwardingStorage {

    private final String oddKey;

    OddStorage(StorageBackend storage, String oddKey) {
        super(storage);
        this.oddKey = oddKey;
    }

    /** Stores all the bytes, and throws an exception that is not the source's. */
    @Override
    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        super.put(key, headers, source, length);
        throw new IOException("a connection of the storage's own broke");
    }

    @Override
    public void delete(String key) {
        if (key.equals(oddKey)) {
            throw new IllegalStateException("odd");
        }
        super.delete(key);
    }
}
