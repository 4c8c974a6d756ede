package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A storage that hands every call on, for tests to override what they want to go another way. */
class ForwardingStorage implements StorageBackend {

    private final StorageBackend storage;

    ForwardingStorage(StorageBackend storage) {
        this.storage = storage;
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
        return storage.open(key, range, tag);
    }

    @Override
    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        return storage.put(key, headers, source, length);
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
    public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
        return storage.listUnfinished(prefix, after, limit);
    }

    @Override
    public void abort(UnfinishedPut put) {
        storage.abort(put);
    }

    @Override
    public void close() {
        storage.close();
    }
}
