package dev.filestore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A storage whose calls are recorded, and fail where that is asked for. */
public final class RecordingStorage implements StorageBackend {

    private final StorageBackend storage;
    private final SpiCalls calls;

    /**
     * Wraps a storage.
     *
     * @param storage what does the work
     * @param calls the record
     */
    public RecordingStorage(StorageBackend storage, SpiCalls calls) {
        this.storage = storage;
        this.calls = calls;
    }

    @Override
    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        return make("put", key, new Put(key, headers, source, length));
    }

    private final class Put implements SpiCalls.Body<@Nullable String, IOException> {

        private final String key;
        private final ObjectHeaders headers;
        private final InputStream source;
        private final long length;

        Put(String key, ObjectHeaders headers, InputStream source, long length) {
            this.key = key;
            this.headers = headers;
            this.source = source;
            this.length = length;
        }

        @Override
        public @Nullable String run() throws IOException {
            return storage.put(key, headers, source, length);
        }

        @Override
        public Put detached() throws IOException {
            return new Put(key, headers, new ByteArrayInputStream(source.readAllBytes()), length);
        }
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
        return make("open", key, () -> storage.open(key, range, tag)).map(calls::opened);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return make("stat", key, () -> storage.stat(key));
    }

    @Override
    public void delete(String key) {
        make("delete", key, () -> {
            storage.delete(key);
            return key;
        });
    }

    @Override
    public void purge(String key) {
        make("purge", key, () -> {
            storage.purge(key);
            return key;
        });
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        return make("list", prefix, () -> storage.list(prefix, after, limit));
    }

    @Override
    public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
        return make("listUnfinished", prefix, () -> storage.listUnfinished(prefix, after, limit));
    }

    @Override
    public void abort(UnfinishedPut put) {
        make("abort", String.valueOf(put.key()), () -> {
            storage.abort(put);
            return put;
        });
    }

    @Override
    public void close() {
        storage.close();
    }

    private <T, X extends Exception> T make(String call, String key, SpiCalls.Body<T, X> body) throws X {
        return calls.make(call, () -> new StorageException(call + " " + key + ": failed on purpose", null), body);
    }
}
