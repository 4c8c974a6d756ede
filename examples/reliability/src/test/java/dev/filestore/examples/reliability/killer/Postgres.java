package dev.filestore.examples.reliability.killer;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL on a data directory of its own, with all that makes a commit survive a kill. The library unpacks the binaries
 * and makes the data directory; the server is started past it, since it would turn fsync off and stop with its JVM.
 */
final class Postgres {

    static final String USER = "postgres";

    private static final String DATABASE = "files";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path program;
    private final Path data;
    private final int port;

    private Postgres(Path program, Path data, int port) {
        this.program = program;
        this.data = data;
        this.port = port;
    }

    /** Makes the data directory, with an empty database. */
    static Postgres create(Path folder, int port) throws IOException, SQLException {
        Path data = folder.resolve("data");
        try (EmbeddedPostgres once = EmbeddedPostgres.builder()
                        .setOverrideWorkingDirectory(folder.toFile())
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .setPort(port)
                        .setPGStartupWait(PATIENCE)
                        .start();
                Connection connection = once.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + DATABASE);
        }
        try (Stream<Path> unpacked = Files.list(folder)) {
            Path program = unpacked.map(place -> place.resolve("bin/postgres"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no PostgreSQL below " + folder));
            return new Postgres(program, data, port);
        }
    }

    /** Starts the server. What its predecessor left is recovered first. */
    Process start(Path log) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // The server refuses to run as root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program.toString(), "-D", data.toString(), "-p", Integer.toString(port)));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=" + System.getProperty("killer.commit", "on"),
                "full_page_writes=on",
                "max_connections=60")) {
            command.addAll(List.of("-c", setting));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
    }

    /** Whether it answers, and does keep what it commits. */
    boolean answers() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(url() + "?connectTimeout=5&socketTimeout=5", USER, "");
                Statement statement = connection.createStatement();
                ResultSet fsync = statement.executeQuery("show fsync")) {
            return fsync.next() && fsync.getString(1).equals("on");
        }
    }
}
