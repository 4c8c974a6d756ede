package dev.filestore.jpa;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.List;

/** A table of as many files as one likes, written by the database itself. */
final class ManyRows {

    private static final int USERS = 1_000;
    private static final LocalDateTime PAST = LocalDateTime.of(2021, 1, 1, 0, 0);

    private final Databases.Database database;
    private final long rows;

    /** The rows are numbered from 1 on. None is due: nine in ten are permanent, the tenth expires in a far future. */
    ManyRows(Databases.Database empty, long rows) throws SQLException {
        this.database = empty.withTable();
        this.rows = rows;
        Dialect sql = Dialect.of(database.kind());
        String expiry = "case when mod(n, 10) = 1 then " + sql.timeAfter("2100-01-01 00:00:00") + " end";
        String key = sql.key();
        database.run("insert into file_uploads (user_id, file_key, file_key_bytes, original_filename, file_size,"
                + " content_type, category, s3_url, uploaded_at, expires_at, due_at, state, version, attempts, sha256,"
                + " pending_events) select concat('user-', mod(n, " + USERS + ")), " + key + ", "
                + sql.bytes().formatted(key) + ", 'document.pdf', 2048576, 'application/pdf', 'document',"
                + " concat('https://softfactory-uploads.s3.us-east-1.amazonaws.com/', " + key + "), "
                + sql.timeAfter("2020-01-01 00:00:00") + ", " + expiry + ", " + expiry + ", 'AVAILABLE', 1, 0, '"
                + "0123456789abcdef".repeat(4) + "', 'NONE' from "
                + sql.series().formatted(rows));
    }

    /** What databases say in words of their own; {@code n} is the number of the row. */
    private record Dialect(String series, String key, String bytes, String timeAfter, List<String> analyze) {

        static Dialect of(String kind) {
            return switch (kind) {
                case "h2" ->
                    new Dialect(
                            "(select x as n from system_range(1, %d)) s",
                            "concat('uploads/', lpad(cast(n as varchar), 9, '0'), '_document.pdf')",
                            "stringtoutf8(%s)",
                            "dateadd(second, n, timestamp with time zone '%s+00')",
                            List.of("analyze"));
                case "postgresql" ->
                    new Dialect(
                            "generate_series(1, %d) as s(n)",
                            "concat('uploads/', lpad(n::text, 9, '0'), '_document.pdf')",
                            "convert_to(%s, 'UTF8')",
                            "timestamp with time zone '%s+00' + n * interval '1 second'",
                            List.of("vacuum analyze file_uploads", "checkpoint"));
                default ->
                    new Dialect(
                            "(select seq as n from seq_1_to_%d) s",
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

    /** Fresh statistics. */
    void analyze() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : Dialect.of(database.kind()).analyze()) {
                statement.execute(sql);
            }
        }
    }

    /**
     * Lets files all over the table expire: every {@code rows / count}-th.
     *
     * @param first the number of the first; another one each time, since a sweep removes the row
     */
    void expire(int count, long first) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement update = connection.prepareStatement(
                        "update file_uploads set expires_at = ?, due_at = ? where id = ?")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < count; i++) {
                update.setObject(1, PAST);
                update.setObject(2, PAST.plusSeconds(i));
                update.setLong(3, first + i * (rows / count));
                update.addBatch();
            }
            update.executeBatch();
            connection.commit();
        }
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
