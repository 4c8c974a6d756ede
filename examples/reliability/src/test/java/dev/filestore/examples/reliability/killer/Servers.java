package dev.filestore.examples.reliability.killer;

import dev.filestore.FreePort;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.Settings;
import dev.filestore.s3.S3ProxyServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * All that is killed: a database, an S3 server, two nodes of the web application over both, and a node that only sweeps.
 * Each is a process, on the loopback address.
 */
final class Servers implements AutoCloseable {

    /** What tokens are signed with. */
    static final String JWT_SECRET = "a secret of the killer, of which nobody else knows";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int PROBE_TIMEOUT_MILLIS = 2_000;

    private final Path folder;
    private final Map<String, String> environment;
    private final List<Service> services = Collections.synchronizedList(new ArrayList<>());
    private final List<URI> nodes = new ArrayList<>();
    private final Postgres postgres;
    private final Programs programs;
    private final int s3Port;
    private final Random order;

    private Servers(Path folder, Random order) throws Exception {
        this.folder = folder;
        this.order = order;
        postgres = Postgres.create(Files.createDirectories(folder.resolve("postgres")), FreePort.any());
        s3Port = FreePort.any();
        environment = Map.of(
                "DATABASE_URL", postgres.url(),
                "DATABASE_USER", Postgres.USER,
                "AWS_S3_BUCKET", S3ProxyServer.BUCKET,
                "AWS_S3_REGION", S3ProxyServer.REGION,
                "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + s3Port,
                "AWS_ACCESS_KEY_ID", S3ProxyServer.ACCESS_KEY_ID,
                "AWS_SECRET_ACCESS_KEY", S3ProxyServer.SECRET_ACCESS_KEY,
                "JWT_SECRET", JWT_SECRET,
                "LC_ALL", "C.UTF-8");
        programs = new Programs(folder, environment);
    }

    /** Starts all of them, and waits until they are ready. */
    static Servers start(Path folder, Random order) throws Exception {
        Servers servers = new Servers(folder, order);
        try {
            servers.startStores();
            servers.startNodes();
            return servers;
        } catch (Exception e) {
            servers.close();
            throw e;
        }
    }

    private void startStores() throws Exception {
        Path objects = Files.createDirectories(folder.resolve("objects"));
        String[] arguments = {objects.toString(), Integer.toString(s3Port)};
        start("database", Service.Kind.DATABASE, () -> postgres.start(programs.log("database")), postgres::answers);
        start(
                "s3",
                Service.Kind.S3,
                () -> programs.test("s3", ObjectServer.class, arguments),
                () -> status("http://127.0.0.1:" + s3Port) > 0);
        awaitReady();
    }

    private void startNodes() throws Exception {
        int once = FreePort.any();
        archiveClasses(Map.of("PORT", Integer.toString(once), "DATA_DIR", folder.toString()), api(once));
        for (String name : List.of("node1", "node2")) {
            int port = FreePort.any();
            URI api = api(port);
            Path data = folder.resolve(name);
            Map<String, String> own = Map.of("PORT", Integer.toString(port), "DATA_DIR", data.toString());
            nodes.add(api);
            start(name, Service.Kind.APP, () -> programs.node(name, own), () -> isNode(api));
        }
        String port = Integer.toString(FreePort.any());
        start(
                "sweeper",
                Service.Kind.SWEEPER,
                () -> programs.test("sweeper", AheadSweeper.class, port),
                () -> accepts(Integer.parseInt(port)));
        awaitReady();
    }

    /** A node that starts again has its classes from an archive, which halves the time that it takes. */
    private void archiveClasses(Map<String, String> own, URI api) throws Exception {
        Service.Launcher once = () -> programs.archivingNode("archive", own);
        try (Service service = Service.start("archive", Service.Kind.APP, once, () -> isNode(api))) {
            service.awaitReady(PATIENCE);
            service.stop(PATIENCE);
        }
    }

    private static URI api(int port) {
        return URI.create("http://127.0.0.1:" + port + "/api/files");
    }

    private static boolean isNode(URI api) throws IOException {
        return status(api.toString()) == HttpURLConnection.HTTP_UNAUTHORIZED;
    }

    private void start(String name, Service.Kind kind, Service.Launcher launcher, Service.Probe probe) {
        services.add(Service.start(name, kind, launcher, probe));
    }

    private static int status(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(PROBE_TIMEOUT_MILLIS);
        connection.setReadTimeout(PROBE_TIMEOUT_MILLIS);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    private static boolean accepts(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    /** Where the endpoints of the two nodes are. */
    List<URI> nodes() {
        return nodes;
    }

    /** Those of a kind. */
    List<Service> of(Service.Kind kind) {
        synchronized (services) {
            return services.stream().filter(service -> service.kind() == kind).toList();
        }
    }

    /** Waits until one of a kind is ready, any of them. */
    Service awaitAny(Service.Kind kind) throws InterruptedException {
        List<Service> some = new ArrayList<>(of(kind));
        Collections.shuffle(some, order);
        for (Service service : some) {
            if (service.isReady()) {
                return service;
            }
        }
        some.get(0).awaitReady(PATIENCE);
        return some.get(0);
    }

    /** Waits until all of them are ready. */
    void awaitReady() throws InterruptedException {
        for (Service service : List.copyOf(services)) {
            service.awaitReady(PATIENCE);
        }
    }

    /** Kills all of them, so that nothing that anybody asked for is still being done, and starts them again. */
    void restart() throws InterruptedException {
        for (Service service : List.copyOf(services)) {
            service.kill();
        }
        awaitReady();
    }

    /** The same storage and database as the nodes have, for whoever closes them. */
    Backends backends() {
        return Backends.open(Settings.load(folder.resolve("none"), environment));
    }

    Map<String, String> environment() {
        return environment;
    }

    @Override
    public void close() {
        List<Service> last = new ArrayList<>(List.copyOf(services));
        Collections.reverse(last);
        last.forEach(Service::close);
    }
}
