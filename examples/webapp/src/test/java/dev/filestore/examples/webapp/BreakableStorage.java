package dev.filestore.examples.webapp;

import dev.filestore.ByteRange;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.UnfinishedPut;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A real storage that fails while it is told to. */
final class BreakableStorage implements StorageBackend {

    private final StorageBackend storage;
    private volatile boolean broken;

    BreakableStorage(StorageBackend storage) {
        this.storage = storage;
    }

    void whileBroken(Runnable action) {
        broken = true;
        try {
            action.run();
        } finally {
            broken = false;
        }
    }

    private StorageBackend working(String act) {
        if (broken) {
            throw new StorageException(act, new IOException("broken by the test"));
        }
        return storage;
    }

    @Override
    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        return working("put " + key).put(key, headers, source, length);
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
        return working("open " + key).open(key, range, tag);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return working("stat " + key).stat(key);
    }

    @Override
    public void delete(String key) {
        working("delete " + key).delete(key);
    }

    @Override
    public void purge(String key) {
        working("purge " + key).purge(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        return working("list " + prefix).list(prefix, after, limit);
    }

    @Override
    public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
        return working("list unfinished " + prefix).listUnfinished(prefix, after, limit);
    }

    @Override
    public void abort(UnfinishedPut put) {
        working("abort " + put.key()).abort(put);
    }

    @Override
    public void close() {
        storage.close();
    }
}
