package dev.filestore.examples.benchmarks.subject;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** An SDK get that is copied to a socket, and no container: what a download through a server cannot beat. */
final class RawDownload {

    private static final int COPY_BYTES = 64 * 1024;

    private final S3Client client;
    private final ServerSocket server;

    /** They outlive their connections: what they allocate is counted at the end. */
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "raw-download");
        thread.setDaemon(true);
        return thread;
    });

    RawDownload(S3Client client) throws IOException {
        this.client = client;
        this.server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "raw-download");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String key = line.split(" ", -1)[1].substring(1);
                String range = null;
                for (String field = in.readLine(); field != null && !field.isEmpty(); field = in.readLine()) {
                    if (field.toLowerCase(Locale.ROOT).startsWith("range:")) {
                        range = field.substring("range:".length()).strip();
                    }
                }
                answer(key, range, out);
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private void answer(String key, @Nullable String range, OutputStream out) throws IOException {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(Clients.BUCKET).key(key);
        if (range == null) {
            request.checksumMode(ChecksumMode.ENABLED);
        } else {
            request.range(range);
        }
        try (ResponseInputStream<GetObjectResponse> content = client.getObject(request.build())) {
            GetObjectResponse object = content.response();
            out.write(("HTTP/1.1 "
                            + (range == null
                                    ? "200 OK"
                                    : "206 Partial Content\r\nContent-Range: " + object.contentRange())
                            + "\r\nContent-Length: " + object.contentLength() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            copy(content, out);
        }
    }

    private static void copy(InputStream content, OutputStream out) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            out.write(buffer, 0, read);
        }
    }
}
