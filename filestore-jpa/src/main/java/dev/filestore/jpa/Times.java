package dev.filestore.jpa;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** How a database takes and gives an instant, to the microsecond, whatever zones the process and the session are in. */
enum Times {
    /** As a timestamp with a time zone. */
    ZONED {
        @Override
        void set(PreparedStatement statement, int parameter, @Nullable Instant value) throws SQLException {
            if (value == null) {
                statement.setNull(parameter, Types.TIMESTAMP_WITH_TIMEZONE);
            } else {
                statement.setObject(parameter, value.atOffset(ZoneOffset.UTC));
            }
        }

        @Override
        @Nullable
        Instant get(ResultSet row, int column) throws SQLException {
            OffsetDateTime found = row.getObject(column, OffsetDateTime.class);
            return found == null ? null : found.toInstant();
        }
    },

    /** As the digits of UTC: there are no time zones. */
    DIGITS_OF_UTC {
        @Override
        void set(PreparedStatement statement, int parameter, @Nullable Instant value) throws SQLException {
            if (value == null) {
                statement.setNull(parameter, Types.TIMESTAMP);
            } else {
                statement.setTimestamp(parameter, Timestamp.from(value), utc());
            }
        }

        @Override
        @Nullable
        Instant get(ResultSet row, int column) throws SQLException {
            Timestamp found = row.getTimestamp(column, utc());
            return found == null ? null : found.toInstant();
        }

        /** One of its own for each, as drivers may change it. */
        private Calendar utc() {
            return Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT);
        }
    };

    static Times of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return product.contains("mariadb") || product.contains("mysql") ? DIGITS_OF_UTC : ZONED;
    }

    abstract void set(PreparedStatement statement, int parameter, @Nullable Instant value) throws SQLException;

    @Nullable
    abstract Instant get(ResultSet row, int column) throws SQLException;
}
