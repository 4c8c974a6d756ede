package dev.filestore.jpa;

import dev.filestore.FileRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.Locale;
import java.util.TimeZone;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The two changes that every upload makes, each as one prepared statement that commits by itself: one message to the
 * database, and one back. They name table and columns as the scripts do, which is not how every factory has them; so they are
 * used only once they have found a row that the factory wrote. Thread-safe.
 */
final class UploadStatements {

    private static final String INSERT = """
            insert into file_uploads (state, due_at, attempts, original_filename, file_size, content_type, sha256, object_tag,
                s3_url, cdn_url, expires_at, pending_events, category, user_id, file_key, file_key_bytes, uploaded_at,
                version)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)""";

    private static final String UPDATE = """
            update file_uploads set version = version + 1, state = ?, due_at = ?, attempts = ?, original_filename = ?,
                file_size = ?, content_type = ?, sha256 = ?, object_tag = ?, s3_url = ?, cdn_url = ?,
                expires_at = ?, pending_events = ?
            where id = ? and version = ?""";

    /** Compares what is never null; the other columns must be there. */
    private static final String FIND = """
            select due_at, sha256, object_tag, s3_url, cdn_url, expires_at from file_uploads
            where id = ? and version = ? and user_id = ? and file_key = ? and file_key_bytes = ? and uploaded_at = ?
                and state = ? and attempts = ? and original_filename = ? and file_size = ? and content_type = ?
                and category = ? and pending_events = ?""";

    private static final String[] GENERATED = {"id"};

    private final DataSource dataSource;
    private volatile @Nullable Times times;

    UploadStatements(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** How a database takes an instant. */
    private enum Times {
        /** As a timestamp with a time zone. */
        ZONED,
        /** As the digits of UTC: there are no time zones. */
        DIGITS_OF_UTC
    }

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Whether the statements have found a row that the factory wrote. */
    boolean areProven() {
        return times != null;
    }

    /**
     * Whether the statements find a row as the factory has just written it. If so, they are proven.
     *
     * @param row the row, in the database
     */
    boolean find(FileRow row) throws SQLException {
        return onConnection(connection -> {
            Times found = times(connection);
            try (PreparedStatement select = connection.prepareStatement(FIND)) {
                new Parameters(select, found)
                        .number(row.id())
                        .number(row.version())
                        .text(row.owner())
                        .text(row.key())
                        .bytes(FileUpload.bytes(row.key()))
                        .time(row.uploadedAt())
                        .text(row.state().name())
                        .number(row.attempts())
                        .text(row.originalFilename())
                        .number(row.size())
                        .text(row.contentType())
                        .text(row.category().name())
                        .text(row.pendingEvents().name());
                try (ResultSet rows = select.executeQuery()) {
                    if (!rows.next()) {
                        return false;
                    }
                }
            }
            times = found;
            return true;
        });
    }

    /** Adds a row, and returns it with the id that the database gave it. */
    FileRow insert(FileRow row) throws SQLException {
        return onConnection(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT, GENERATED)) {
                changing(insert, row)
                        .text(row.category().name())
                        .text(row.owner())
                        .text(row.key())
                        .bytes(FileUpload.bytes(row.key()))
                        .time(row.uploadedAt());
                insert.executeUpdate();
                try (ResultSet ids = insert.getGeneratedKeys()) {
                    if (!ids.next()) {
                        throw new SQLException("the driver does not tell the id of the row");
                    }
                    return row.withIdentity(ids.getLong(1), 0);
                }
            }
        });
    }

    /** Changes a row, and returns whether it was there in this version. */
    boolean update(FileRow next) throws SQLException {
        return onConnection(connection -> {
            try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
                changing(update, next).number(next.id()).number(next.version());
                return update.executeUpdate() == 1;
            }
        });
    }

    private Parameters changing(PreparedStatement statement, FileRow row) throws SQLException {
        Times proven = times;
        if (proven == null) {
            throw new IllegalStateException("the statements are not proven");
        }
        return new Parameters(statement, proven)
                .text(row.state().name())
                .time(row.dueAt())
                .number(row.attempts())
                .text(row.originalFilename())
                .number(row.size())
                .text(row.contentType())
                .text(row.sha256())
                .text(row.objectTag())
                .text(FileUpload.text(row.url()))
                .text(FileUpload.text(row.cdnUrl()))
                .time(row.expiresAt())
                .text(row.pendingEvents().name());
    }

    /** Some pools hand out connections that wait for a commit; they come back as they were. */
    private <T> T onConnection(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            if (connection.getAutoCommit()) {
                return work.run(connection);
            }
            connection.setAutoCommit(true);
            T result;
            try {
                result = work.run(connection);
            } catch (SQLException | RuntimeException e) {
                putBack(connection, e);
                throw e;
            }
            connection.setAutoCommit(false);
            return result;
        }
    }

    private static void putBack(Connection connection, Exception reason) {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    private static Times times(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return product.contains("mariadb") || product.contains("mysql") ? Times.DIGITS_OF_UTC : Times.ZONED;
    }

    /** Sets one parameter after the other. */
    private static final class Parameters {

        private final PreparedStatement statement;
        private final Times times;
        private int last;

        Parameters(PreparedStatement statement, Times times) {
            this.statement = statement;
            this.times = times;
        }

        Parameters text(@Nullable String value) throws SQLException {
            statement.setString(++last, value);
            return this;
        }

        Parameters number(long value) throws SQLException {
            statement.setLong(++last, value);
            return this;
        }

        Parameters bytes(byte[] value) throws SQLException {
            statement.setBytes(++last, value);
            return this;
        }

        Parameters time(@Nullable Instant value) throws SQLException {
            last++;
            if (times == Times.ZONED) {
                if (value == null) {
                    statement.setNull(last, Types.TIMESTAMP_WITH_TIMEZONE);
                } else {
                    statement.setObject(last, value.atOffset(ZoneOffset.UTC));
                }
            } else if (value == null) {
                statement.setNull(last, Types.TIMESTAMP);
            } else {
                // A calendar of its own for each, as drivers may change it.
                Calendar utc = Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT);
                statement.setTimestamp(last, Timestamp.from(value), utc);
            }
            return this;
        }
    }
}
