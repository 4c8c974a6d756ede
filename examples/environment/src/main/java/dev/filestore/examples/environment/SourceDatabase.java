package dev.filestore.examples.environment;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * The database that holds what an application has had before: that of {@code SOURCE_DATABASE_URL}, {@code SOURCE_DATABASE_USER}
 * and {@code SOURCE_DATABASE_PASSWORD}, of any kind whose driver is there; else that of {@code DATABASE_URL}.
 */
public final class SourceDatabase {

    private SourceDatabase() {}

    /**
     * Connects, to read only.
     *
     * @param settings which
     * @return a connection that is told to write nothing, with a transaction of its own
     * @throws SettingException if a setting is missing or wrong, or the database cannot be reached
     */
    public static Connection connect(Settings settings) {
        String name = settings.find("SOURCE_DATABASE_URL").isPresent() ? "SOURCE_DATABASE" : "DATABASE";
        String url = settings.find(name + "_URL")
                .orElseThrow(() -> new SettingException(
                        "SOURCE_DATABASE_URL is missing: the JDBC URL of the database that is to be read"));
        Database.refusePassword(name, url);
        Properties login = new Properties();
        settings.find(name + "_USER").ifPresent(user -> login.setProperty("user", user));
        settings.find(name + "_PASSWORD").ifPresent(password -> login.setProperty("password", password));
        try {
            Connection connection = DriverManager.getConnection(url, login);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            throw new SettingException(
                    name + "_URL: cannot connect to " + Database.shown(url) + ": " + Database.rootMessage(e), e);
        }
    }
}
