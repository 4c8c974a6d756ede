package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.s3.S3ProxyServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program with a heap of 64 MB, and files that are larger. */
class StreamingIT {

    private static final long TWO_GIB = 2L << 30;
    private static final int FIFTY_MB = 50 * 1024 * 1024;
    private static final int AT_ONCE = 8;
    private static final byte[] AVI_HEAD =
            "RIFF\0\0\0\0AVI LIST\u00c0\0\0\0hdrlavih8\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void upload_twoGibToTheDisk_passesThrough() throws Exception {
        passesThrough(Map.of());
    }

    @Test
    void upload_twoGibToS3_passesThrough() throws Exception {
        try (S3ProxyServer s3 = S3ProxyServer.onDisk(folder)) {
            passesThrough(settings(s3));
        }
    }

    @Test
    void upload_eightOfFiftyMbAtOnceToTheDisk_passThrough() throws Exception {
        eightAtOnce(Map.of());
    }

    @Test
    void upload_eightOfFiftyMbAtOnceToS3_passThrough() throws Exception {
        try (S3ProxyServer s3 = S3ProxyServer.onDisk(folder)) {
            eightAtOnce(settings(s3));
        }
    }

    private void passesThrough(Map<String, String> settings) throws Exception {
        Map<String, String> raised = new HashMap<>(settings);
        raised.put("MAX_FILE_BYTES", Long.toString(3L << 30));
        try (Program program = Program.start(folder, raised, "-Xmx64m").ready()) {
            MessageDigest sent = MessageDigest.getInstance("SHA-256");

            String answer = upload(program, "long.avi", TWO_GIB, sent);

            assertThat(answer).startsWith("201\n").contains("\"size\":" + TWO_GIB);
            assertThat(download(program, id(answer))).isEqualTo(HexFormat.of().formatHex(sent.digest()));
            assertThat(delete(program, id(answer))).isEqualTo(200);
            assertThat(program.output()).doesNotContain("OutOfMemory");
        }
    }

    private void eightAtOnce(Map<String, String> settings) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try (Program program = Program.start(folder, settings, "-Xmx64m").ready()) {
            CyclicBarrier together = new CyclicBarrier(AT_ONCE);
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                String name = "clip" + i + ".avi";
                answers.add(threads.submit(() -> {
                    together.await();
                    return upload(program, name, FIFTY_MB, MessageDigest.getInstance("SHA-256"));
                }));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get())
                        .as(program.output())
                        .startsWith("201\n")
                        .contains("\"size\":" + FIFTY_MB);
            }
            assertThat(program.output()).doesNotContain("OutOfMemory");
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<String, String> settings(S3ProxyServer s3) {
        return Map.of(
                "AWS_S3_BUCKET", S3ProxyServer.BUCKET,
                "AWS_S3_REGION", S3ProxyServer.REGION,
                "AWS_ENDPOINT_URL_S3", s3.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", S3ProxyServer.ACCESS_KEY_ID,
                "AWS_SECRET_ACCESS_KEY", S3ProxyServer.SECRET_ACCESS_KEY);
    }

    /** A video of numbers that do not repeat within a part, so that parts in a wrong order are seen. */
    private static String upload(Program program, String name, long size, MessageDigest sent)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 20];
        try (RawUpload upload = new RawUpload(program.api(), program.token(), name, size, false)) {
            for (long done = 0; done < size; ) {
                int length = (int) Math.min(buffer.length, size - done);
                for (int at = 0; at < buffer.length; at += 4096) {
                    buffer[at] = (byte) (done >> 20);
                    buffer[at + 1] = (byte) (done >> 28);
                }
                if (done == 0) {
                    System.arraycopy(AVI_HEAD, 0, buffer, 0, AVI_HEAD.length);
                }
                upload.send(buffer, length);
                sent.update(buffer, 0, length);
                done += length;
            }
            return upload.finish();
        }
    }

    private static String id(String answer) {
        return answer.replaceFirst("(?s).*\"file_id\":(\\d+).*", "$1");
    }

    /** Reads the file by a signed address, from the program or from S3, and returns its digest. */
    private String download(Program program, String id) throws Exception {
        String signed = client.send(
                        request(program, "/presigned-url")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"file_id\":" + id + "}"))
                                .header("Content-Type", "application/json")
                                .build(),
                        BodyHandlers.ofString())
                .body();
        URI url = URI.create(signed.replaceFirst("(?s).*\"presigned_url\":\"([^\"]*)\".*", "$1"));
        MessageDigest received = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofInputStream())
                .body()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                received.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(received.digest());
    }

    private int delete(Program program, String id) throws Exception {
        return client.send(request(program, "/" + id).DELETE().build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpRequest.Builder request(Program program, String path) throws InterruptedException {
        return HttpRequest.newBuilder(URI.create(program.api() + path))
                .header("Authorization", "Bearer " + program.token());
    }
}
