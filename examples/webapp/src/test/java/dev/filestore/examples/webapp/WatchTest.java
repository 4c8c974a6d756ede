package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.filestore.FileContent;
import dev.filestore.FileStore;
import dev.filestore.UploadRequest;
import dev.filestore.examples.environment.Settings;
import dev.filestore.local.LocalStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the demo tells of itself to whoever sits at the machine, and to nobody else. */
class WatchTest {

    private static final String SECRET = "a-secret-of-a-test-that-nobody-knows-0123456789";
    private static final String PDF = "%PDF-1.7\nall there is\n%%EOF\n";

    @TempDir
    private Path folder;

    @Test
    void metricsAndHealth_ofAStoreInUse_areWhatTheDashboardAsksFor() throws Exception {
        BreakableStorage storage = new BreakableStorage(new LocalStorage(folder.resolve("breakable")));
        try (WebApp app = start(Map.of(), builder -> builder.storage(storage))) {
            assertThat(uploadOverHttp(app)).startsWith("HTTP/1.1 201");
            useAll(app.store(), storage);

            String metrics = get(app, "/metrics");
            assertThat(metrics).startsWith("HTTP/1.1 200").contains("text/plain; version=0.0.4", "no-store");
            assertThat(metrics).doesNotContain("watched-user", "watched.pdf");
            Set<String> scraped = found(Pattern.compile("(?m)^filestore_[a-z_]+"), metrics);
            assertThat(scraped)
                    .containsAll(found(
                            Pattern.compile("filestore_[a-z_]+"),
                            Files.readString(Path.of("../../docs/grafana-dashboard.json"))));

            storage.whileBroken(() -> assertThat(health(app))
                    .startsWith("HTTP/1.1 503")
                    .endsWith("{\"status\":\"DOWN\",\"database\":\"UP\",\"storage\":\"DOWN\"}"));
        }
    }

    @Test
    void health_soundStore_isUp() throws Exception {
        try (WebApp app = start(Map.of(), builder -> builder)) {
            assertThat(health(app))
                    .startsWith("HTTP/1.1 200")
                    .contains("application/json")
                    .endsWith("{\"status\":\"UP\",\"database\":\"UP\",\"storage\":\"UP\"}");
            assertThat(send(app, "POST", "/health", host(app), "X-None: 1")).startsWith("HTTP/1.1 405");
        }
    }

    @Test
    void metricsAndHealth_askedFromElsewhere_tellNothing() throws Exception {
        try (WebApp app = start(Map.of(), builder -> builder)) {
            for (String fields : List.of(
                    "Host: evil.example",
                    host(app) + "\r\nX-Forwarded-For: 192.0.2.7",
                    host(app) + "\r\nForwarded: for=192.0.2.7",
                    host(app) + "\r\nX-Forwarded-Host: files.example",
                    host(app) + "\r\nX-Forwarded-Proto: https",
                    host(app) + "\r\nX-Real-IP: 192.0.2.7",
                    host(app) + "\r\nVia: 1.1 proxy")) {
                for (String path : List.of("/metrics", "/health")) {
                    String answer = send(app, "GET", path, fields, "X-None: 1");
                    assertThat(answer).as(fields).startsWith("HTTP/1.1 403").doesNotContain("filestore_", "UP");
                }
            }
        }
    }

    /** As with the login without a password. */
    @ParameterizedTest
    @ValueSource(strings = {"JWT_SECRET=" + SECRET, "PUBLIC_URL=http://127.0.0.1:8000", "HOST=0.0.0.0"})
    void metricsAndHealth_whereAnythingTellsOfOthers_areNotThere(String setting) throws Exception {
        String name = setting.substring(0, setting.indexOf('='));
        try (WebApp app = start(Map.of(name, setting.substring(name.length() + 1)), builder -> builder)) {
            assertThat(get(app, "/metrics")).startsWith("HTTP/1.1 404");
            assertThat(get(app, "/health")).startsWith("HTTP/1.1 404");
        }
    }

    /** So that each meter has been counted. */
    private static void useAll(FileStore store, BreakableStorage storage) throws IOException {
        long id = store.upload(pdf("watched.pdf")).id();
        try (FileContent content = store.open(id)) {
            assertThat(content.stream().readAllBytes()).hasSize(PDF.length());
        }
        store.presign(id, Duration.ofHours(1));
        assertThat(catchThrowable(() -> store.upload(pdf("watched.png")))).isNotNull();
        storage.whileBroken(() -> assertThat(catchThrowable(() -> store.upload(pdf("broken.pdf"))))
                .isNotNull());
        store.delete(id);
        store.sweep();
    }

    private static UploadRequest pdf(String name) {
        return UploadRequest.of(name, new ByteArrayInputStream(PDF.getBytes(StandardCharsets.US_ASCII)))
                .withOwner("watched-user");
    }

    private WebApp start(Map<String, String> settings, UnaryOperator<FileStore.Builder> store) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("DATA_DIR", folder.toString());
        all.put("PORT", "0");
        return WebApp.start(Settings.load(folder.resolve("none"), all), store, servlet -> servlet);
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private static String uploadOverHttp(WebApp app) throws IOException {
        String form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"watched.pdf\"\r\n"
                + "Content-Type: application/pdf\r\n\r\n" + PDF + "\r\n--b--\r\n";
        return send(
                app,
                "POST",
                "/api/files/upload",
                host(app),
                "Authorization: Bearer " + app.secrets().token("watched-user", false)
                        + "\r\nContent-Type: multipart/form-data; boundary=b",
                form);
    }

    private static String host(WebApp app) {
        return "Host: " + app.address().getAuthority();
    }

    private static String health(WebApp app) {
        try {
            return get(app, "/health");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String get(WebApp app, String path) throws IOException {
        return send(app, "GET", path, host(app), "X-None: 1");
    }

    private static String send(WebApp app, String method, String path, String host, String fields) throws IOException {
        return send(app, method, path, host, fields, "");
    }

    /** Over a socket: a client of HTTP writes these fields itself. */
    private static String send(WebApp app, String method, String path, String host, String fields, String body)
            throws IOException {
        URI address = app.address();
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\n" + host + "\r\n" + fields + "\r\nContent-Length: "
                                    + body.length() + "\r\nConnection: close\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
