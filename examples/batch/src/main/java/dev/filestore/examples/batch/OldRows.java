package dev.filestore.examples.batch;

import dev.filestore.examples.batch.Arguments.UsageException;
import dev.filestore.examples.environment.Settings;
import dev.filestore.examples.environment.SourceDatabase;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a query gave, in a temporary file: to go through them takes as long as to read all objects, and no database
 * waits for that. Memory holds eight bytes of each, to tell which keys come twice. {@link #next} is thread-safe.
 */
final class OldRows implements AutoCloseable {

    /** So that drivers stream. */
    private static final int ROWS_AT_ONCE = 500;

    private final FileChannel spool;
    private final DataInputStream in;
    private final long count;
    private final long highestId;
    private final Set<Long> twice;
    private long read;

    private OldRows(FileChannel spool, long count, long highestId, Set<Long> twice) throws IOException {
        this.spool = spool;
        this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(spool.position(0)), 1 << 16));
        this.count = count;
        this.highestId = highestId;
        this.twice = twice;
    }

    /**
     * Runs the query.
     *
     * @throws UsageException if the database does not take it, or it gives other columns than are known
     * @throws dev.filestore.examples.environment.SettingException if the database cannot be reached
     */
    static OldRows read(Settings settings, String query) throws UsageException, IOException {
        try (Connection connection = SourceDatabase.connect(settings)) {
            return read(connection, query);
        } catch (SQLException e) {
            throw new UsageException("--query: the database says: " + e.getMessage());
        }
    }

    static OldRows read(Connection connection, String query) throws SQLException, UsageException, IOException {
        // Gone from the folder at once, and from the disk with the process.
        Path file = Files.createTempFile("adopt", ".rows");
        FileChannel spool = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = statement.executeQuery(query)) {
                return write(rows, columns(rows.getMetaData()), spool);
            }
        } catch (SQLException | UsageException | IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    private static Map<Column, Integer> columns(ResultSetMetaData found) throws SQLException, UsageException {
        Map<Column, Integer> columns = new EnumMap<>(Column.class);
        for (int i = 1; i <= found.getColumnCount(); i++) {
            String label = found.getColumnLabel(i);
            Column column = Column.of(label)
                    .orElseThrow(() -> new UsageException(
                            "--query: there is no column " + label + "; give it one of the names " + Column.all()));
            if (columns.put(column, i) != null) {
                throw new UsageException("--query: the column " + column.label() + " comes twice");
            }
            int type = found.getColumnType(i);
            if (column.isTime() && type != Types.TIMESTAMP && type != Types.TIMESTAMP_WITH_TIMEZONE) {
                throw new UsageException("--query: the column " + column.label() + " must be a timestamp, found "
                        + found.getColumnTypeName(i));
            }
        }
        for (Column column : Column.values()) {
            if (column.isRequired() && !columns.containsKey(column)) {
                throw new UsageException("--query: the column " + column.label() + " is missing");
            }
        }
        return columns;
    }

    private static OldRows write(ResultSet rows, Map<Column, Integer> columns, FileChannel spool)
            throws SQLException, IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(spool), 1 << 16));
        long[] hashes = new long[1024];
        int count = 0;
        long highestId = 0;
        while (rows.next()) {
            for (Column column : Column.values()) {
                Integer place = columns.get(column);
                String value = place == null ? null : column.isTime() ? time(rows, place) : rows.getString(place);
                write(out, value);
                if (column == Column.KEY) {
                    hashes = count < hashes.length ? hashes : Arrays.copyOf(hashes, 2 * count);
                    hashes[count] = hash(value);
                } else if (column == Column.ID) {
                    highestId = Math.max(highestId, idOf(value));
                }
            }
            count++;
        }
        out.flush();
        return new OldRows(spool, count, highestId, twice(hashes, count));
    }

    /** In UTC where the column knows no zone. */
    private static @Nullable String time(ResultSet rows, int column) throws SQLException {
        String type = rows.getMetaData().getColumnTypeName(column).toLowerCase(Locale.ROOT);
        if (type.contains("timestamptz") || type.contains("with time zone")) {
            OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
            return time == null ? null : time.toInstant().toString();
        }
        LocalDateTime time = rows.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC).toString();
    }

    /** 0 where it is none, which is told when it is the row's turn. */
    private static long idOf(@Nullable String value) {
        try {
            return value == null ? 0 : OldRow.id(value);
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    /** Sixty-four bits, well mixed: of ten million keys, two that are not the same have one hash once in 300,000 runs. */
    private static long hash(@Nullable String key) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : bytes(String.valueOf(key))) {
            hash = (hash ^ b) * 0x100000001b3L;
            hash ^= hash >>> 32;
        }
        return hash;
    }

    private static Set<Long> twice(long[] hashes, int count) {
        Arrays.sort(hashes, 0, count);
        Set<Long> twice = new HashSet<>();
        for (int i = 1; i < count; i++) {
            if (hashes[i] == hashes[i - 1]) {
                twice.add(hashes[i]);
            }
        }
        return twice;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = bytes(text);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private @Nullable String text() throws IOException {
        int length = in.readInt();
        return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** How many rows there are. */
    long count() {
        return count;
    }

    /** The highest id that a file is to keep; 0 where none is. */
    long highestId() {
        return highestId;
    }

    /** Gives the next row, or null at the end. */
    synchronized @Nullable OldRow next() throws IOException {
        if (read == count) {
            return null;
        }
        read++;
        String ref = text();
        String id = text();
        String key = text();
        return new OldRow(
                read,
                ref,
                id,
                key,
                text(),
                text(),
                text(),
                text(),
                text(),
                instant(text()),
                instant(text()),
                key != null && twice.contains(hash(key)));
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    /** Removes the temporary file. */
    @Override
    public void close() throws IOException {
        spool.close();
    }
}
