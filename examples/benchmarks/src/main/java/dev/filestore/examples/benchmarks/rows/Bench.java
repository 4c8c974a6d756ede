package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Child;
import dev.filestore.examples.benchmarks.harness.Figures;
import dev.filestore.examples.benchmarks.harness.Load;
import dev.filestore.examples.benchmarks.harness.Payload;
import dev.filestore.examples.benchmarks.harness.Plan;
import dev.filestore.examples.benchmarks.harness.Turns;
import dev.filestore.examples.benchmarks.sink.Certificate;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What questions are asked with: the sink, a database, and the process that is measured. This one is the client. */
public final class Bench implements AutoCloseable {

    private final Plan plan;
    private final Path folder;
    private final Path keyStore;
    private final Child sink;
    private final EmbeddedPostgres postgres;
    private @Nullable Child subject;

    private Bench(Plan plan, Path folder, Path keyStore, Child sink, EmbeddedPostgres postgres) {
        this.plan = plan;
        this.folder = folder;
        this.keyStore = keyStore;
        this.sink = sink;
        this.postgres = postgres;
    }

    /** Starts what all questions need. */
    public static Bench start(Plan plan) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("filestore-benchmarks");
        Path keyStore = Certificate.make(folder);
        Child sink = Child.java(
                "sink",
                folder,
                options(plan, List.of("-Xmx1g")),
                List.of("sink", keyStore.toString(), Boolean.toString(plan.smoke())));
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "512MB")
                .setServerConfig("maintenance_work_mem", "512MB")
                .setServerConfig("max_wal_size", "8GB")
                .start();
        return new Bench(plan, folder, keyStore, sink, postgres);
    }

    Plan plan() {
        return plan;
    }

    Path folder() {
        return folder;
    }

    String postgresUrl() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    /** A database with nothing in it. */
    String emptyDatabase(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgresUrl(), "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        return postgres.getJdbcUrl("postgres", name);
    }

    int sinkPort(String scheme) {
        return Integer.parseInt(sink.greeting().getOrDefault(scheme, ""));
    }

    /** Ends what is there, so that the next starts with nothing. */
    Map<String, String> sinkForgets() throws IOException {
        return sink.ask("forget");
    }

    /** The usual process, with PostgreSQL behind it. */
    Child subject() throws IOException {
        if (subject == null) {
            subject = subject("subject", List.of("-Xmx2g"), postgresUrl(), plan.largeBytes());
        }
        return subject;
    }

    /** A process of its own. */
    Child subject(String name, List<String> options, String database, int largeBytes) throws IOException {
        return Child.java(
                name,
                folder,
                trusting(options),
                List.of(
                        "subject",
                        Integer.toString(sinkPort("http")),
                        Integer.toString(sinkPort("https")),
                        Integer.toString(sinkPort("far")),
                        database,
                        Integer.toString(largeBytes)));
    }

    /** A process with the other libraries: they lie in a folder beside the program, so that all else is without them. */
    Child peer(String name, List<String> arguments) throws IOException {
        String ours = System.getProperty("java.class.path");
        Path beside =
                Path.of(ours.split(File.pathSeparator, -1)[0]).toAbsolutePath().resolveSibling("peers");
        return Child.java(
                name, folder, ours + File.pathSeparator + beside.resolve("*"), trusting(List.of("-Xmx1g")), arguments);
    }

    /** Those, and what makes a JVM trust the sink. */
    List<String> trusting(List<String> options) {
        List<String> all = new ArrayList<>(options(plan, options));
        // For a profile: -Dbenchmarks.options=-XX:StartFlightRecording=filename=/tmp/profile.jfr
        Stream.of(System.getProperty("benchmarks.options", "").split(" ", -1))
                .filter(option -> !option.isEmpty())
                .forEach(all::add);
        all.add("-Djavax.net.ssl.trustStore=" + keyStore);
        all.add("-Djavax.net.ssl.trustStorePassword=" + Certificate.PASSWORD);
        all.add("-Djavax.net.ssl.trustStoreType=PKCS12");
        return all;
    }

    /** Where nothing is measured, a JVM starts faster than it would run. */
    private static List<String> options(Plan plan, List<String> options) {
        List<String> all = new ArrayList<>(options);
        if (plan.smoke()) {
            all.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        }
        return all;
    }

    /** A side that the measured process does by itself. */
    Turns.Side operation(String name, String operation, int count, int atOnce) throws IOException {
        return operation(subject(), name, operation, count, atOnce);
    }

    Turns.Side operation(Child process, String name, String operation, int count, int atOnce) {
        return new Turns.Side(name, () -> Figures.parse(process.ask("do " + operation + " " + count + " " + atOnce)));
    }

    /** A side that is asked for by clients: only what the server costs is counted. */
    Turns.Side requests(String name, int count, int atOnce, long bytes, Load.Request request) throws IOException {
        return requests(subject(), name, count, atOnce, bytes, request);
    }

    Turns.Side requests(Child server, String name, int count, int atOnce, long bytes, Load.Request request) {
        return new Turns.Side(name, () -> {
            server.ask("begin");
            Load.run(port(server), count, atOnce, request);
            return Figures.parse(server.ask("end")).of(count, count * bytes);
        });
    }

    static int port(Child server) {
        return Integer.parseInt(server.greeting().getOrDefault("port", ""));
    }

    /** A client that sends a file in a form, each under a name of its own, and waits for the answer. */
    static Load.Request form(String path, byte[] content) {
        return connection -> {
            connection.send(Load.form(path, Payload.nextName(), Payload.TYPE, content));
            connection.receive();
        };
    }

    /** A client that sends a file as the body. */
    static Load.Request raw(String path, byte[] content) {
        byte[][] raw = Load.raw(path, Payload.TYPE, content);
        return connection -> {
            connection.send(raw);
            connection.receive();
        };
    }

    @Override
    public void close() throws IOException {
        if (subject != null) {
            subject.close();
        }
        sink.close();
        postgres.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
