package dev.filestore.jpa;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A table of as many files as one likes, written by the database itself. Every tenth is {@link #HEAVY}'s, and the others are
 * a thousand users'. A third are images, every {@value #RARE}th a video, the rest documents.
 */
final class ManyRows {

    /** The user who has a tenth of all files. */
    static final String HEAVY = "heavy";

    /** One in so many files is a video. */
    private static final int RARE = 500_000;

    private static final int AT_ONCE = 250_000;
    private static final int USERS = 1_000;
    private static final LocalDateTime PAST = LocalDateTime.of(2021, 1, 1, 0, 0);

    private final Databases.Database database;
    private final Set<Long> expired = new HashSet<>();
    private long rows;

    /** An empty database with room for so many rows, in a file where that is up to us. */
    static Databases.Database room(String kind, long rows, Path file) throws SQLException {
        if (kind.equals("h2") && rows > 100_000) {
            // In memory it would not hold as many.
            return new Databases.Database("h2", "jdbc:h2:" + file, "sa", "");
        }
        Databases.Database database = Databases.of(kind);
        if (kind.equals("mariadb")) {
            // The default of 128 MB is for the smallest machines.
            database.run("set global innodb_buffer_pool_size = 1073741824");
        }
        return database;
    }

    ManyRows(Databases.Database empty) throws SQLException {
        this.database = empty.withTable();
    }

    /**
     * Adds rows until there have been so many; they are numbered from 1 on. None is due: eight in nine are permanent, the
     * ninth expires in a far future. Statistics are fresh then.
     */
    void growTo(long total) throws SQLException {
        Dialect sql = Dialect.of(database.kind());
        String expiry = "case when mod(n, 9) = 1 then " + sql.timeAfter("2100-01-01 00:00:00") + " end";
        String key = sql.key();
        for (long from = rows + 1; from <= total; from += AT_ONCE) {
            long to = Math.min(from + AT_ONCE - 1, total);
            database.run("insert into file_uploads (user_id, file_key, file_key_bytes, original_filename, file_size,"
                    + " content_type, category, s3_url, uploaded_at, expires_at, due_at, state, version, attempts,"
                    + " sha256, pending_events) select case when mod(n, 10) = 0 then '" + HEAVY
                    + "' else concat('user-', mod(n, " + USERS + ")) end, " + key + ", "
                    + sql.bytes().formatted(key) + ", 'document.pdf', 2048576, 'application/pdf', case when mod(n, "
                    + RARE + ") = 10 then 'video' when mod(n, 3) = 0 then 'image' else 'document' end,"
                    + " concat('https://softfactory-uploads.s3.us-east-1.amazonaws.com/', " + key + "), "
                    + sql.timeAfter("2020-01-01 00:00:00") + ", " + expiry + ", " + expiry + ", 'AVAILABLE', 1, 0, '"
                    + "0123456789abcdef".repeat(4) + "', 'NONE' from "
                    + sql.series().formatted(from, to));
        }
        rows = total;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String analyze : sql.analyze()) {
                statement.execute(analyze);
            }
        }
    }

    /** What databases say in words of their own; {@code n} is the number of the row. */
    private record Dialect(String series, String key, String bytes, String timeAfter, List<String> analyze) {

        static Dialect of(String kind) {
            return switch (kind) {
                case "h2" ->
                    new Dialect(
                            "(select x as n from system_range(%d, %d)) s",
                            "concat('uploads/', lpad(cast(n as varchar), 9, '0'), '_document.pdf')",
                            "stringtoutf8(%s)",
                            "dateadd(second, n, timestamp with time zone '%s+00')",
                            List.of("analyze sample_size 10000"));
                case "postgresql" ->
                    new Dialect(
                            "generate_series(%d, %d) as s(n)",
                            "concat('uploads/', lpad(n::text, 9, '0'), '_document.pdf')",
                            "convert_to(%s, 'UTF8')",
                            "timestamp with time zone '%s+00' + n * interval '1 second'",
                            // Pages are marked as seen by all only once their commits are on disk.
                            List.of("checkpoint", "vacuum analyze file_uploads", "checkpoint"));
                default ->
                    new Dialect(
                            "(select seq as n from seq_%d_to_%d) s",
                            "concat('uploads/', lpad(n, 9, '0'), '_document.pdf')",
                            "cast(%s as binary)",
                            "timestamp '%s' + interval n second",
                            List.of("analyze table file_uploads"));
            };
        }

        String timeAfter(String start) {
            return timeAfter.formatted(start);
        }
    }

    /** Lets files all over the table expire, others each time, since a sweep removes the rows. */
    void expire(int count) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement update = connection.prepareStatement(
                        "update file_uploads set expires_at = ?, due_at = ? where file_key_bytes = ?")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < count; i++) {
                update.setObject(1, PAST);
                update.setObject(2, PAST.plusSeconds(i));
                update.setBytes(3, key(another(1 + i * (rows / count))));
                update.addBatch();
            }
            update.executeBatch();
            connection.commit();
        }
    }

    private static byte[] key(long number) {
        return "uploads/%09d_document.pdf".formatted(number).getBytes(StandardCharsets.US_ASCII);
    }

    private long another(long from) {
        long number = from;
        while (!expired.add(number)) {
            number++;
        }
        return number;
    }

    long count() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                var found = statement.executeQuery("select count(*) from file_uploads")) {
            found.next();
            return found.getLong(1);
        }
    }
}
