package dev.filestore.examples.backend;

import dev.filestore.BreakingOffContract;
import dev.filestore.ByteRange;
import dev.filestore.StorageBackend;
import dev.filestore.StorageBackendContract;
import java.io.InputStream;
import java.util.List;
import javax.sql.DataSource;

/** The contract kit, run against {@link DatabaseStorage} on the database of the subclass. */
abstract class DatabaseStorageContract extends StorageBackendContract implements BreakingOffContract {

    abstract DataSource database();

    @Override
    protected StorageBackend backend() {
        return new DatabaseStorage(database());
    }

    @Override
    protected int partSizeBytes() {
        return DatabaseStorage.CHUNK_BYTES;
    }

    @Override
    protected List<String> leftovers(String prefix) {
        return Sql.texts(database(), "SELECT put_key FROM blobs WHERE object_key IS NULL").stream()
                .filter(key -> key.startsWith(prefix))
                .toList();
    }

    @Override
    protected boolean leaveUnfinished(String key) {
        return killPut(key);
    }

    @Override
    public InputStream openBreakingOff(byte[] content, int at) {
        String key = key("cut");
        backend().delete(key);
        store(key, content);
        InputStream in = backend().open(key, ByteRange.ALL, null).orElseThrow();
        Sql.run(database(), "UPDATE blob_chunks SET bytes = SUBSTRING(bytes FROM 1 FOR " + at + ")");
        return in;
    }
}
