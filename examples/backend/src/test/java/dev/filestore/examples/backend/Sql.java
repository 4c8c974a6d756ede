package dev.filestore.examples.backend;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/** What the tests do to the database past the storage. */
final class Sql {

    private Sql() {}

    /** The statements that make the tables. */
    static String script() {
        try (InputStream in = DatabaseStorage.class.getResourceAsStream("blobs.sql")) {
            return new String(Objects.requireNonNull(in, "blobs.sql").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void run(DataSource database, String statements) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        } catch (SQLException e) {
            throw new IllegalStateException(statements, e);
        }
    }

    /** The first column of each row, which holds bytes of UTF-8. */
    static List<String> texts(DataSource database, String query) {
        return column(database, query, rows -> new String(rows.getBytes(1), StandardCharsets.UTF_8));
    }

    /** The first column of each row. */
    static List<String> strings(DataSource database, String query) {
        return column(database, query, rows -> rows.getString(1));
    }

    private interface Column {
        String of(ResultSet rows) throws SQLException;
    }

    private static List<String> column(DataSource database, String query, Column column) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(column.of(rows));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }
}
