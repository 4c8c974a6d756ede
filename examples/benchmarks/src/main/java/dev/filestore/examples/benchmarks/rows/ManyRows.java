package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.subject.Rows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A table of PostgreSQL with as many files as one likes, written by the database itself. Every tenth belongs to one user,
 * the others to a thousand; a third are images; none is due.
 */
final class ManyRows {

    /** Who has a tenth of all files. */
    static final String HEAVY = "heavy";

    private static final int AT_ONCE = 500_000;
    private static final String KEY = "concat('uploads/', lpad(n::text, 9, '0'), '_document.pdf')";

    private final String url;
    private final int count;
    private int expired;

    private ManyRows(String url, int count) {
        this.url = url;
        this.count = count;
    }

    /** Makes the table, and the indexes when it is full: so it takes a fraction of the time. */
    static ManyRows fill(String url, int count) throws SQLException, IOException {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            for (String sql : Rows.script(url)) {
                if (!isIndex(sql)) {
                    statement.execute(sql);
                }
            }
            for (int from = 1; from <= count; from += AT_ONCE) {
                statement.execute(insert(from, Math.min(from + AT_ONCE - 1, count)));
            }
            for (String sql : Rows.script(url)) {
                if (isIndex(sql)) {
                    statement.execute(sql);
                }
            }
            statement.execute("vacuum analyze file_uploads");
            statement.execute("checkpoint");
        }
        return new ManyRows(url, count);
    }

    private static boolean isIndex(String sql) {
        return sql.stripLeading().startsWith("create index");
    }

    private static String insert(int from, int to) {
        return "insert into file_uploads (user_id, file_key, file_key_bytes, original_filename, file_size, content_type,"
                + " category, s3_url, uploaded_at, state, version, attempts, sha256, pending_events) select"
                + " case when mod(n, 10) = 0 then '" + HEAVY + "' else concat('user-', mod(n, 1000)) end, " + KEY
                + ", convert_to(" + KEY + ", 'UTF8'), 'document.pdf', 2048576, 'application/pdf',"
                + " case when mod(n, 3) = 0 then 'image' else 'document' end,"
                + " concat('https://softfactory-uploads.s3.us-east-1.amazonaws.com/', " + KEY + "),"
                + " timestamp with time zone '2020-01-01 00:00:00+00' + n * interval '1 second',"
                + " 'AVAILABLE', 1, 0, '" + "0123456789abcdef".repeat(4) + "', 'NONE' from generate_series(" + from
                + ", "
                + to + ") as s(n)";
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, "postgres", "");
    }

    String url() {
        return url;
    }

    /** Lets files all over the table expire, others each time. */
    void expire(int files) throws SQLException {
        expired++;
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute("update file_uploads set expires_at = timestamp with time zone '2021-01-01 00:00:00+00',"
                    + " due_at = timestamp with time zone '2021-01-01 00:00:00+00' + n * interval '1 second'"
                    + " from generate_series(0, " + (files - 1) + ") as s(n) where id = " + expired + " + n * "
                    + count / files);
        }
    }
}
