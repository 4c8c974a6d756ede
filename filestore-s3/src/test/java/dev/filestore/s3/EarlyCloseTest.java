package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A reader who goes before the end gives up the answer of the store, instead of reading the rest of it. */
class EarlyCloseTest {

    private static final long SIZE = 1L << 30;

    @Test
    void close_afterTheFirstBytes_endsTheAnswer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                S3StorageBackend storage = new S3StorageBackend(S3Settings.builder("bucket")
                        .endpoint(URI.create("http://127.0.0.1:" + server.getLocalPort()))
                        .region("us-east-1")
                        .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
                        .build())) {
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> answer(server));

            try (InputStream in = storage.open("key", ByteRange.ALL, null).orElseThrow()) {
                assertThat(in.readNBytes(64 * 1024)).hasSize(64 * 1024);
            }

            // What the buffers of two sockets hold.
            assertThat(sent.get(60, TimeUnit.SECONDS)).isLessThan(SIZE / 8);
        }
    }

    /** Sends an object until nobody listens any more, and returns how much of it was sent. */
    private static long answer(ServerSocket server) {
        long sent = 0;
        try (Socket socket = server.accept()) {
            socket.getInputStream().read(new byte[16 * 1024]);
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] piece = new byte[64 * 1024];
            try {
                while (sent < SIZE) {
                    out.write(piece);
                    sent += piece.length;
                }
            } catch (IOException gone) {
                return sent;
            }
            return sent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
