package dev.filestore.examples.benchmarks.sink;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The server: a thread for each connection, on 127.0.0.1, by http and by https. Bytes that are put are counted and
 * dropped, or held against their CRC32 where that is asked for; bytes that are got are made up.
 */
public final class Sink implements AutoCloseable {

    private static final int BACKLOG = 512;

    /** What a put of few bytes takes in a bucket of the same region. */
    private static final Duration DISTANCE = Duration.ofMillis(20);

    private final SinkObjects objects;
    private final boolean verifying;
    private final ServerSocket http;
    private final ServerSocket https;
    private final ServerSocket far;

    private Sink(boolean verifying, ServerSocket http, ServerSocket https, ServerSocket far) {
        this.objects = new SinkObjects();
        this.verifying = verifying;
        this.http = http;
        this.https = https;
        this.far = far;
    }

    /**
     * Starts it.
     *
     * @param verifying whether the CRC32 of what is put is compared
     * @param keyStore what {@link Certificate#make} wrote
     * @return the server, which runs until it is closed
     * @throws IOException if it cannot listen
     * @throws GeneralSecurityException if the key cannot be used
     */
    public static Sink start(boolean verifying, Path keyStore) throws IOException, GeneralSecurityException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ServerSocket http = new ServerSocket(0, BACKLOG, loopback);
        ServerSocket https = tls(keyStore).getServerSocketFactory().createServerSocket(0, BACKLOG, loopback);
        ServerSocket far = new ServerSocket(0, BACKLOG, loopback);
        Sink sink = new Sink(verifying, http, https, far);
        sink.accept(http, Duration.ZERO);
        sink.accept(https, Duration.ZERO);
        sink.accept(far, DISTANCE);
        return sink;
    }

    private static SSLContext tls(Path keyStore) throws IOException, GeneralSecurityException {
        char[] password = Certificate.PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keyStore)) {
            keys.load(in, password);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void accept(ServerSocket server, Duration distance) {
        Thread acceptor = new Thread(
                () -> {
                    while (!server.isClosed()) {
                        try {
                            serve(server.accept(), distance);
                        } catch (IOException e) {
                            // Closed, which ends the loop; or one client that went before it was greeted.
                        }
                    }
                },
                "accept-" + server.getLocalPort());
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void serve(Socket socket, Duration distance) throws IOException {
        socket.setTcpNoDelay(true);
        Thread thread = new Thread(() -> new SinkConnection(socket, objects, verifying, distance).run(), "connection");
        thread.setDaemon(true);
        thread.start();
    }

    /** The port that speaks http. */
    public int httpPort() {
        return http.getLocalPort();
    }

    /** The port that speaks https. */
    public int httpsPort() {
        return https.getLocalPort();
    }

    /** The port that speaks http, and lets each request wait for as long as a real storage. */
    public int farPort() {
        return far.getLocalPort();
    }

    /** Forgets all objects, and tells what there was: {@code objects=1 uploads=0 requests=3 bytes=12}. */
    public String forget() {
        String counts = objects.counts();
        objects.forget();
        return counts;
    }

    @Override
    public void close() throws IOException {
        http.close();
        https.close();
        far.close();
    }
}
