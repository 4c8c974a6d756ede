package dev.filestore.examples.backend;

import dev.filestore.ByteRange;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.UnfinishedPut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A storage in two tables of a database, which {@code blobs.sql} makes: for files of some megabytes where there is no S3, and
 * where one backup is to hold files and rows. Thread-safe, and several processes may work on one database.
 *
 * <p>Bytes come in chunks, each written and read by a short transaction of its own. So no connection waits for a slow client,
 * and no file is in memory whole.
 */
public final class DatabaseStorage implements StorageBackend {

    static final int CHUNK_BYTES = 256 * 1024;

    private static final String UNIQUE_VIOLATION = "23505";

    private final DataSource database;

    /**
     * Opens a storage.
     *
     * @param database gives connections whose transactions are their own and nobody else's: not one that takes part in
     *     transactions of a container. It stays the caller's to close
     */
    public DatabaseStorage(DataSource database) {
        this.database = database;
    }

    /** Takes no notice of the headers: nobody reads past us. */
    @Override
    public String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        String id = UUID.randomUUID().toString();
        try {
            begin(id, key);
            long size = receive(id, key, source);
            publish(id, key, size);
            return '"' + id + '"';
        } catch (SQLException e) {
            String why = UNIQUE_VIOLATION.equals(e.getSQLState()) ? ": an object of that key is there already" : "";
            StorageException failed = new StorageException("put " + key + why, e);
            cleanUp(id, failed);
            throw failed;
        } catch (IOException broken) {
            StorageException left = new StorageException("put " + key + ": remove what a broken source left", broken);
            if (!cleanUp(id, left)) {
                throw left;
            }
            throw broken;
        }
    }

    private void begin(String id, String key) throws SQLException {
        update("INSERT INTO blobs (id, put_key, touched_at) VALUES (?, ?, ?)", id, utf8(key), now());
    }

    private long receive(String id, String key, InputStream source) throws IOException, SQLException {
        byte[] buffer = new byte[CHUNK_BYTES];
        long size = 0;
        while (true) {
            int read = source.readNBytes(buffer, 0, CHUNK_BYTES);
            if (Thread.currentThread().isInterrupted()) {
                throw new SQLException("interrupted while " + key + " was put");
            }
            if (read > 0) {
                byte[] bytes = Arrays.copyOf(buffer, read);
                update("INSERT INTO blob_chunks (blob_id, first_byte, bytes) VALUES (?, ?, ?)", id, size, bytes);
                size += read;
            }
            if (read < CHUNK_BYTES) {
                return size;
            }
        }
    }

    /** The one statement that makes an object of chunks. */
    private void publish(String id, String key, long size) throws SQLException {
        String sql = "UPDATE blobs SET object_key = put_key, size_bytes = ?, touched_at = ? WHERE id = ?";
        if (update(sql, size, now(), id) == 0) {
            throw new SQLException("the put of " + key + " was aborted while it ran");
        }
    }

    private boolean cleanUp(String id, StorageException failure) {
        try {
            removeUnfinished(id);
            return true;
        } catch (SQLException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /** Leaves an object alone: the put may have succeeded, and only its answer been lost. */
    private void removeUnfinished(String id) throws SQLException {
        update("DELETE FROM blobs WHERE id = ? AND object_key IS NULL", id);
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
        String sql = "SELECT id, size_bytes FROM blobs WHERE object_key = ?";
        try {
            return query(sql, row -> new Blob(row.getString(1), row.getLong(2)), utf8(key)).stream()
                    .filter(blob -> tag == null || tag.equals('"' + blob.id() + '"'))
                    .findFirst()
                    .map(blob -> new ChunkStream(this, blob.id(), range, blob.sizeBytes()));
        } catch (SQLException e) {
            throw new StorageException("open " + key, e);
        }
    }

    private record Blob(String id, long sizeBytes) {}

    /** The chunk of an object that a byte is in, or the last one before it, or null. */
    @Nullable
    Chunk chunk(String id, long at) throws SQLException {
        String sql = "SELECT first_byte, bytes FROM blob_chunks WHERE blob_id = ? AND first_byte <= ?"
                + " ORDER BY first_byte DESC LIMIT 1";
        List<Chunk> found = query(sql, row -> new Chunk(row.getLong(1), row.getBytes(2)), id, at);
        return found.isEmpty() ? null : found.get(0);
    }

    static final class Chunk {

        final long firstByte;
        final byte[] bytes;

        Chunk(long firstByte, byte[] bytes) {
            this.firstByte = firstByte;
            this.bytes = bytes;
        }

        boolean holds(long at) {
            return at - firstByte < bytes.length;
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        String sql = "SELECT object_key, size_bytes, touched_at FROM blobs WHERE object_key = ?";
        try {
            return query(sql, DatabaseStorage::info, utf8(key)).stream().findFirst();
        } catch (SQLException e) {
            throw new StorageException("stat " + key, e);
        }
    }

    @Override
    public void delete(String key) {
        try {
            update("DELETE FROM blobs WHERE object_key = ?", utf8(key));
        } catch (SQLException e) {
            throw new StorageException("delete " + key, e);
        }
    }

    @Override
    public void purge(String key) {
        try {
            update("DELETE FROM blobs WHERE put_key = ?", utf8(key));
        } catch (SQLException e) {
            throw new StorageException("purge " + key, e);
        }
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        String sql = "SELECT object_key, size_bytes, touched_at FROM blobs"
                + " WHERE object_key >= ? AND object_key < ? AND object_key > ? ORDER BY object_key LIMIT ?";
        try {
            return query(sql, DatabaseStorage::info, utf8(prefix), behind(prefix), utf8(after), limit);
        } catch (SQLException e) {
            throw new StorageException("list " + prefix, e);
        }
    }

    @Override
    public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
        String sql = "SELECT id, put_key, touched_at FROM blobs WHERE object_key IS NULL"
                + " AND put_key >= ? AND put_key < ? AND id > ? ORDER BY id LIMIT ?";
        try {
            return query(
                    sql,
                    row -> new UnfinishedPut(row.getString(1), key(row.getBytes(2)), time(row.getLong(3))),
                    utf8(prefix),
                    behind(prefix),
                    after,
                    limit);
        } catch (SQLException e) {
            throw new StorageException("list what is unfinished below " + prefix, e);
        }
    }

    @Override
    public void abort(UnfinishedPut put) {
        try {
            removeUnfinished(put.id());
        } catch (SQLException e) {
            throw new StorageException("abort the put of " + put.key(), e);
        }
    }

    /** Does nothing: the connections are the caller's. */
    @Override
    public void close() {}

    private static ObjectInfo info(ResultSet row) throws SQLException {
        return new ObjectInfo(key(row.getBytes(1)), row.getLong(2), time(row.getLong(3)));
    }

    private static byte[] utf8(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private static String key(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** What is greater than every key that starts with the prefix: no UTF-8 has this byte. */
    private static byte[] behind(String prefix) {
        byte[] start = utf8(prefix);
        byte[] end = Arrays.copyOf(start, start.length + 1);
        end[start.length] = (byte) 0xff;
        return end;
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private static Instant time(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    private int update(String sql, Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Reader<T> reader, Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        // Some pools give connections that forget what nobody commits.
        connection.setAutoCommit(true);
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
