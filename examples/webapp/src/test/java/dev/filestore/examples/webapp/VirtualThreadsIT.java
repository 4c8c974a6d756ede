package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Caller;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.UserFiles;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.Settings;
import dev.filestore.jpa.Databases;
import dev.filestore.s3.S3ProxyServer;
import dev.filestore.servlet.FileStoreServlet;
import dev.filestore.servlet.RateLimits;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation on virtual threads, many at once, on S3 and PostgreSQL: none of our code holds a carrier thread while it
 * waits. On a JDK without virtual threads the same runs on plain ones.
 */
class VirtualThreadsIT {

    private static final boolean VIRTUAL = Runtime.version().feature() >= 21;
    private static final String PINNED = "jdk.VirtualThreadPinned";
    private static final int USERS = 8;
    private static final int LARGE = 9 * 1024 * 1024;

    @TempDir
    private Path folder;

    @Test
    void everyOperation_onVirtualThreads_pinsNoCarrier() throws Exception {
        Databases.Database database = Databases.postgres();
        try (S3ProxyServer s3 = S3ProxyServer.inMemory();
                Backends backends = Backends.open(Settings.load(
                        folder.resolve("none"),
                        Map.of(
                                "DATABASE_URL",
                                database.url(),
                                "DATABASE_USER",
                                database.user(),
                                "DATABASE_PASSWORD",
                                database.password(),
                                "AWS_S3_BUCKET",
                                S3ProxyServer.BUCKET,
                                "AWS_S3_REGION",
                                S3ProxyServer.REGION,
                                "AWS_ENDPOINT_URL_S3",
                                s3.endpoint().toString(),
                                "AWS_ACCESS_KEY_ID",
                                S3ProxyServer.ACCESS_KEY_ID,
                                "AWS_SECRET_ACCESS_KEY",
                                S3ProxyServer.SECRET_ACCESS_KEY)));
                FileStore store = backends.builder().build();
                Recording recording = new Recording()) {
            recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
            // Loading a class holds the carrier, once.
            onManyThreads(store, "first");
            recording.start();
            onManyThreads(store, "user");
            onAnotherThread(Pin::touch);
            recording.stop();
            assertThat(store.list(FileQuery.all()).total()).isEqualTo(4 * USERS);
            Path file = folder.resolve("recording.jfr");
            recording.dump(file);
            List<RecordedEvent> pinned = VIRTUAL ? RecordingFile.readAllEvents(file) : List.of();
            if (VIRTUAL) {
                // Without this one the others would not be seen either.
                assertThat(pinned).anyMatch(event -> passesThrough(event, Pin.class.getName()));
            }
            assertThat(pinned).noneMatch(VirtualThreadsIT::passesThroughTheLibrary);
        }
    }

    private static boolean passesThroughTheLibrary(RecordedEvent event) {
        return !passesThrough(event, ClassLoader.class.getName())
                && event.getStackTrace().getFrames().stream()
                        .map(frame -> frame.getMethod().getType().getName())
                        .anyMatch(name ->
                                name.startsWith("dev.filestore.") && !name.startsWith("dev.filestore.examples."));
    }

    private static boolean passesThrough(RecordedEvent event, String type) {
        return event.getStackTrace().getFrames().stream()
                .anyMatch(frame -> frame.getMethod().getType().getName().equals(type));
    }

    /** Waits while the machine initialises it, which holds the carrier on every JDK. */
    private static final class Pin {

        static {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }

        private static void touch() {}
    }

    private static void onManyThreads(FileStore store, String prefix) throws Exception {
        ExecutorService threads = threads();
        try (EmbeddedServer server = new EmbeddedServer(store, threads)) {
            List<Future<?>> users = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                String user = prefix + i;
                users.add(threads.submit(() -> {
                    use(store.as(Caller.user(user)));
                    server.use(user);
                    return null;
                }));
            }
            for (Future<?> user : users) {
                user.get();
            }
            store.sweep();
        } finally {
            threads.shutdownNow();
        }
    }

    private static void onAnotherThread(Runnable act) throws Exception {
        ExecutorService threads = threads();
        try {
            threads.submit(act).get();
        } finally {
            threads.shutdownNow();
        }
    }

    private static ExecutorService threads() throws ReflectiveOperationException {
        return VIRTUAL
                ? (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null)
                : Executors.newCachedThreadPool();
    }

    private static void use(UserFiles files) throws Exception {
        StoredFile file = files.upload(UploadRequest.of("large.pdf", new ByteArrayInputStream(pdf(LARGE))));
        files.upload(UploadRequest.of("small.pdf", new ByteArrayInputStream(pdf(4_096))));
        assertThat(files.list(FileQuery.all()).files()).hasSize(2);
        assertThat(files.presign(file.id(), Duration.ofHours(1)).expiresAt()).isNotNull();
        files.delete(file.id());
    }

    private static byte[] pdf(int size) {
        byte[] bytes = new byte[size];
        byte[] head = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, bytes, 0, head.length);
        return bytes;
    }

    /** The servlet in a server that runs it on the threads of the test. Whoever asks is the user of the header. */
    private static final class EmbeddedServer implements AutoCloseable {

        private final HttpClient client = HttpClient.newHttpClient();
        private final Server server;
        private final String api;

        EmbeddedServer(FileStore store, ExecutorService threads) throws Exception {
            QueuedThreadPool pool = new QueuedThreadPool();
            if (VIRTUAL) {
                pool.setVirtualThreadsExecutor(threads);
            }
            server = new Server(pool);
            ServerConnector connector = new ServerConnector(server);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            ServletContextHandler context = new ServletContextHandler("/");
            context.addServlet(
                    new ServletHolder(FileStoreServlet.builder(
                                    store, request -> Optional.of(Caller.user(request.getHeader("X-User"))))
                            .rateLimits(RateLimits.off())
                            .build()),
                    "/api/files/*");
            server.setHandler(context);
            server.start();
            api = "http://127.0.0.1:" + connector.getLocalPort() + "/api/files";
        }

        void use(String user) throws Exception {
            byte[] large = pdf(LARGE);
            HttpResponse<String> uploaded = client.send(
                    request("/upload", user)
                            .header("Content-Type", "multipart/form-data; boundary=xyz")
                            .POST(HttpRequest.BodyPublishers.concat(
                                    HttpRequest.BodyPublishers.ofString("--xyz\r\nContent-Disposition: form-data;"
                                            + " name=\"file\"; filename=\"a.pdf\"\r\n\r\n"),
                                    HttpRequest.BodyPublishers.ofByteArray(large),
                                    HttpRequest.BodyPublishers.ofString("\r\n--xyz--\r\n")))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
            String path =
                    uploaded.headers().firstValue("Location").orElseThrow().replaceFirst(".*/", "/");
            HttpResponse<byte[]> read =
                    client.send(request(path + "/content", user).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(Arrays.equals(read.body(), large)).isTrue();
        }

        private HttpRequest.Builder request(String path, String user) {
            return HttpRequest.newBuilder(URI.create(api + path)).header("X-User", user);
        }

        @Override
        public void close() {
            try {
                server.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
