package dev.filestore.jpa;

import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.PendingEvents;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What is done most often, the two changes that every upload makes and the look at one row by its id, each as one prepared
 * statement that commits by itself: one message to the database, and one back. They name table and columns as the scripts do, which is not how every factory has them; so they are
 * used only once they have found a row that the factory wrote. Thread-safe.
 */
final class PlainStatements {

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

    private static final String SELECT = """
            select version, state, due_at, attempts, user_id, file_key, original_filename, file_size, content_type, category,
                sha256, object_tag, s3_url, cdn_url, uploaded_at, expires_at, pending_events
            from file_uploads where id = ?""";

    /** Compares what is never null; the other columns must be there. */
    private static final String COMPARE = """
            select due_at, sha256, object_tag, s3_url, cdn_url, expires_at from file_uploads
            where id = ? and version = ? and user_id = ? and file_key = ? and file_key_bytes = ? and uploaded_at = ?
                and state = ? and attempts = ? and original_filename = ? and file_size = ? and content_type = ?
                and category = ? and pending_events = ?""";

    private static final String[] GENERATED = {"id"};

    private final DataSource dataSource;
    private volatile @Nullable Times times;

    PlainStatements(DataSource dataSource) {
        this.dataSource = dataSource;
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
    boolean prove(FileRow row) throws SQLException {
        return onConnection(connection -> {
            Times found = Times.of(connection);
            try (PreparedStatement select = connection.prepareStatement(COMPARE)) {
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

    /** Reads a row. */
    Optional<FileRow> find(long id) throws SQLException {
        return onConnection(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setLong(1, id);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(new Columns(row, proven()).toRow(id)) : Optional.empty();
                }
            }
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

    private Times proven() {
        Times proven = times;
        if (proven == null) {
            throw new IllegalStateException("the statements are not proven");
        }
        return proven;
    }

    private Parameters changing(PreparedStatement statement, FileRow row) throws SQLException {
        return new Parameters(statement, proven())
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
            times.set(statement, ++last, value);
            return this;
        }
    }

    /** Reads one column after the other. */
    private static final class Columns {

        private final ResultSet row;
        private final Times times;
        private int last;

        Columns(ResultSet row, Times times) {
            this.row = row;
            this.times = times;
        }

        FileRow toRow(long id) throws SQLException {
            return new FileRow(
                    id,
                    row.getLong(++last),
                    FileState.valueOf(text()),
                    times.get(row, ++last),
                    row.getInt(++last),
                    text(),
                    text(),
                    text(),
                    row.getLong(++last),
                    text(),
                    new Category(text()),
                    row.getString(++last),
                    row.getString(++last),
                    FileUpload.uri(row.getString(++last)),
                    FileUpload.uri(row.getString(++last)),
                    Objects.requireNonNull(times.get(row, ++last)),
                    times.get(row, ++last),
                    PendingEvents.valueOf(text()));
        }

        /** What is never null. */
        private String text() throws SQLException {
            return Objects.requireNonNull(row.getString(++last));
        }
    }
}
