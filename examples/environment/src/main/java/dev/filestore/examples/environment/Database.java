package dev.filestore.examples.environment;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.MetadataRepository;
import dev.filestore.jpa.JpaMetadataRepository;
import jakarta.persistence.EntityManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Pattern;
import org.hibernate.HibernateException;
import org.hibernate.cfg.Configuration;

/** The database that the settings name, with its table, and Hibernate on top. */
final class Database implements AutoCloseable {

    private static final String TABLE = "file_uploads";
    private static final String H2 = "jdbc:h2:";

    /** What a URL begins with, and which script goes with it. */
    private static final Map<String, String> SCRIPTS =
            Map.of(H2, "h2", "jdbc:postgresql:", "postgresql", "jdbc:mariadb:", "mariadb");

    private static final Pattern PASSWORD = Pattern.compile("(?i)//[^/]*@|[?&;]\\s*password\\s*=");
    private static final int CONNECTIONS = 10;

    private final String url;
    private final HikariDataSource pool;
    private final EntityManagerFactory entities;

    private Database(String url, HikariDataSource pool, EntityManagerFactory entities) {
        this.url = url;
        this.pool = pool;
        this.entities = entities;
    }

    static Database open(Settings settings) {
        String url = settings.find("DATABASE_URL").orElseGet(() -> fileIn(settings.dataDir()));
        String script = script(url);
        refusePassword("DATABASE", url);
        HikariDataSource pool = pool(url, settings);
        try {
            createTable(pool, script);
            return new Database(url, pool, entities(pool));
        } catch (SQLException | HibernateException e) {
            pool.close();
            throw new SettingException(
                    "DATABASE_URL: the table " + TABLE + " in " + shown(url) + " cannot be made or used: "
                            + e.getMessage(),
                    e);
        }
    }

    /** An H2 database in a file, where what was committed is written before the commit returns. */
    private static String fileIn(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new SettingException("DATA_DIR: cannot make the folder " + folder + ": " + e, e);
        }
        return "jdbc:h2:file:" + folder.resolve("filestore") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    }

    private static String script(String url) {
        return SCRIPTS.entrySet().stream()
                .filter(entry -> url.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() ->
                        new SettingException("DATABASE_URL must be a JDBC URL of H2, PostgreSQL or MariaDB, such as"
                                + " jdbc:postgresql://db.example.com:5432/app (user and password in DATABASE_USER and"
                                + " DATABASE_PASSWORD), found one that begins with "
                                + url.replaceFirst("(?s)^((jdbc:)?[^:]{0,20}:?).*", "$1")));
    }

    /** Drivers and the pool log the address as it is, some of them when they fail. */
    static void refusePassword(String name, String url) {
        if (PASSWORD.matcher(url).find()) {
            throw new SettingException(name + "_URL must not hold a password: put it into " + name
                    + "_PASSWORD, and the user into " + name + "_USER");
        }
    }

    private static HikariDataSource pool(String url, Settings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("database");
        config.setJdbcUrl(url);
        settings.find("DATABASE_USER").ifPresent(config::setUsername);
        settings.find("DATABASE_PASSWORD").ifPresent(config::setPassword);
        // H2 writes its table and each index as it finds them: a kill in the middle of two changes leaves them out of
        // step.
        config.setMaximumPoolSize(url.startsWith(H2) ? 1 : CONNECTIONS);
        config.setInitializationFailTimeout(1);
        limitSilence(config, url);
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new SettingException("DATABASE_URL: cannot connect to " + shown(url) + ": " + rootMessage(e), e);
        }
    }

    /** Without a limit, a call on a database that has gone without a word never ends. */
    private static void limitSilence(HikariConfig config, String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            // Both in seconds; what the URL says goes before.
            config.addDataSourceProperty("socketTimeout", "60");
            config.addDataSourceProperty("connectTimeout", "10");
        } else if (url.startsWith("jdbc:mariadb:")) {
            config.addDataSourceProperty("socketTimeout", "60000");
            config.addDataSourceProperty("connectTimeout", "10000");
        }
    }

    private static void createTable(HikariDataSource pool, String script) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            if (hasTable(connection)) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements(script)) {
                    statement.execute(sql);
                }
            } catch (SQLException e) {
                // Another process that starts at the same moment may have been first.
                if (!hasTable(connection)) {
                    throw e;
                }
            }
        }
    }

    private static boolean hasTable(Connection connection) throws SQLException {
        try (ResultSet tables = connection
                .getMetaData()
                .getTables(
                        connection.getCatalog(), connection.getSchema(), null, new String[] {"TABLE", "BASE TABLE"})) {
            while (tables.next()) {
                if (tables.getString("TABLE_NAME").equalsIgnoreCase(TABLE)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static EntityManagerFactory entities(HikariDataSource pool) {
        Configuration hibernate = new Configuration();
        JpaMetadataRepository.entities().forEach(hibernate::addAnnotatedClass);
        hibernate.getProperties().put("hibernate.connection.datasource", pool);
        hibernate.setProperty("hibernate.hbm2ddl.auto", "validate");
        return hibernate.buildSessionFactory();
    }

    /** The script's statements: each ends with a semicolon at the end of a line. */
    private static String[] statements(String script) {
        String name = "/dev/filestore/jpa/schema/" + script + ".sql";
        try (InputStream in = Database.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("filestore-jpa has no " + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*--.*$", "");
            return text.strip().split(";\\s*(\\R\\s*|$)");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without what may hold a password. */
    static String shown(String url) {
        return url.replaceFirst("(?s)[?;].*", "").replaceFirst("//[^/@]*@", "//");
    }

    static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    MetadataRepository rows() {
        return new JpaMetadataRepository(entities, pool);
    }

    /** Returns the address without what may hold a password. */
    @Override
    public String toString() {
        return shown(url);
    }

    @Override
    public void close() {
        entities.close();
        pool.close();
    }
}
