package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** A storage in which something happens just before an object is opened. */
class VanishingStorage implements StorageBackend {

    private final StorageBackend storage;
    private final Runnable beforeOpen;

    VanishingStorage(StorageBackend storage, Runnable beforeOpen) {
        this.storage = storage;
        this.beforeOpen = beforeOpen;
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range) {
        beforeOpen.run();
        return storage.open(key, range);
    }

    @Override
    public void put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        storage.put(key, headers, source, length);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return storage.stat(key);
    }

    @Override
    public void delete(String key) {
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
