package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A storage that breaks its contract: it fails in ways of its own, always, or where one key is concerned. */
final class OddStorage implements StorageBackend {

    private final StorageBackend storage;
    private final String oddKey;

    OddStorage(StorageBackend storage, String oddKey) {
        this.storage = storage;
        this.oddKey = oddKey;
    }

    /** Stores all the bytes, and throws an exception that is not the source's. */
    @Override
    public void put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        storage.put(key, headers, source, length);
        throw new IOException("a connection of the storage's own broke");
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range) {
        return storage.open(key, range);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return storage.stat(key);
    }

    @Override
    public void delete(String key) {
        if (key.equals(oddKey)) {
            throw new IllegalStateException("odd");
        }
        storage.delete(key);
    }

    @Override
    public void purge(String key) {
        storage.purge(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        return storage.list(prefix, after, limit);
    }

    @Override
    public void close() {
        storage.close();
    }
}
