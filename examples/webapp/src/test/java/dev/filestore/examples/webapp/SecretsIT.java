package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.SignedUrl;
import dev.filestore.Sweeper;
import dev.filestore.UploadRequest;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.Settings;
import dev.filestore.jpa.Databases;
import dev.filestore.metrics.FileStoreObservations;
import dev.filestore.s3.S3ProxyServer;
import dev.filestore.s3.S3Settings;
import dev.filestore.servlet.FileStoreServlet;
import dev.filestore.servlet.JwtAccessPolicy;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationTextPublisher;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No secret of a whole run is in a log at the level trace, an answer, an exception or what an object says of itself: the
 * secret of the tokens and the one of the store, the tokens, the keys of the storage, the password of the database, and
 * every address that was signed. Nor in what Micrometer is told of operations.
 *
 * <p>Of what it keeps in mind: ActiveStorage logged the addresses that it signed ({@code service_url} events).
 */
class SecretsIT {

    private static final byte[] JWT_SECRET =
            "secret-of-the-tokens-0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STORE_SECRET =
            "secret-of-the-store-0123456789abcdefg".getBytes(StandardCharsets.US_ASCII);
    private static final String DATABASE_PASSWORD = "secret-of-the-database-0123456789";

    /** They log whole messages where they are told to; docs/security.md says not to tell them. */
    private static final String CONTAINER = "org.eclipse.jetty.";

    private static final String CLIENT_OF_THE_TEST = "jdk.internal.httpclient.debug";
    private static final String S3_SERVER_OF_THE_TEST = "org.gaul.";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Traces traces = new Traces();

    @Test
    void run_onS3AndPostgres_tellsNoSecret() throws Exception {
        Databases.Database database = Databases.postgres();
        try (S3ProxyServer s3 = S3ProxyServer.inMemory()) {
            traces.keepSecret("the secret key of the storage", S3ProxyServer.SECRET_ACCESS_KEY);
            Map<String, String> environment = Map.of(
                    "DATABASE_URL",
                    database.url(),
                    "DATABASE_USER",
                    database.user(),
                    "DATABASE_PASSWORD",
                    DATABASE_PASSWORD,
                    "AWS_S3_BUCKET",
                    S3ProxyServer.BUCKET,
                    "AWS_S3_REGION",
                    S3ProxyServer.REGION,
                    "AWS_ENDPOINT_URL_S3",
                    s3.endpoint().toString(),
                    "AWS_ACCESS_KEY_ID",
                    S3ProxyServer.ACCESS_KEY_ID,
                    "AWS_SECRET_ACCESS_KEY",
                    S3ProxyServer.SECRET_ACCESS_KEY);
            run(environment);
            traces.seeObject(S3Settings.fromEnvironment(environment));
        }
        traces.assertNothingTold(CONTAINER, CLIENT_OF_THE_TEST, S3_SERVER_OF_THE_TEST);
    }

    @Test
    void run_onDiskAndH2_tellsNoSecret(@TempDir Path folder) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("DATA_DIR", folder.toString());
        environment.put("DATABASE_USER", "app");
        environment.put("DATABASE_PASSWORD", DATABASE_PASSWORD);
        run(environment);
        traces.assertNothingTold(CONTAINER, CLIENT_OF_THE_TEST);
    }

    /** What is set wrong is told by its name, and not by its value. */
    @Test
    void start_withWrongSettings_tellsNoSecret(@TempDir Path folder) throws Exception {
        traces.keepSecret("the password of the database", DATABASE_PASSWORD);
        traces.keepSecret("a short secret of the tokens", "too-short-to-be-one");
        try (S3ProxyServer s3 = S3ProxyServer.inMemory();
                Traces.Recording recording = traces.record()) {
            recording.mark("start with wrong settings");
            List<Map<String, String>> wrong = List.of(
                    Map.of("DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/app?password=" + DATABASE_PASSWORD),
                    Map.of("DATABASE_URL", "jdbc:postgresql://app:" + DATABASE_PASSWORD + "@127.0.0.1:1/app"),
                    Map.of("DATABASE_URL", "jdbc:mariadb://127.0.0.1:1/app?user=a&password=" + DATABASE_PASSWORD),
                    Map.of("DATABASE_URL", DATABASE_PASSWORD),
                    Map.of("DATABASE_PASSWORD", DATABASE_PASSWORD, "DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/app"),
                    Map.of(
                            "AWS_S3_BUCKET", S3ProxyServer.BUCKET,
                            "AWS_S3_REGION", S3ProxyServer.REGION,
                            "AWS_ENDPOINT_URL_S3", s3.endpoint().toString(),
                            "AWS_ACCESS_KEY_ID", S3ProxyServer.ACCESS_KEY_ID,
                            "AWS_SECRET_ACCESS_KEY", DATABASE_PASSWORD),
                    Map.of("JWT_SECRET", "too-short-to-be-one"));
            for (Map<String, String> environment : wrong) {
                Map<String, String> all = new HashMap<>(environment);
                all.put("DATA_DIR", folder.toString());
                all.put("PORT", "0");
                Throwable thrown = catchThrowable(() ->
                        WebApp.start(Settings.load(folder.resolve("none"), all)).close());
                assertThat(thrown).as("started with %s", environment.keySet()).isNotNull();
                traces.seeThrown(thrown);
            }
        }
        traces.assertNothingTold();
    }

    /** Every operation by HTTP and past it, those that fail too. */
    private void run(Map<String, String> environment) throws Exception {
        traces.keepSecret("the secret of the tokens", new String(JWT_SECRET, StandardCharsets.US_ASCII));
        traces.keepSecret("the secret of the store", new String(STORE_SECRET, StandardCharsets.US_ASCII));
        traces.keepSecret("the password of the database", DATABASE_PASSWORD);
        Settings settings = Settings.load(Path.of("none"), environment);
        try (Traces.Recording recording = traces.record();
                WebServer server = WebServer.bind("127.0.0.1", 0);
                Backends backends = Backends.open(settings)) {
            URI base = URI.create(server.address() + WebServer.MOUNT);
            recording.mark("run at " + base);
            BreakableStorage storage = new BreakableStorage(backends.storage());
            ObservationRegistry observations = ObservationRegistry.create();
            observations
                    .observationConfig()
                    .observationHandler(new ObservationTextPublisher(text -> traces.see("observation", text)));
            FileStore.Builder builder = backends.builder()
                    .storage(storage)
                    .signedUrls(base)
                    .secret(STORE_SECRET.clone())
                    .observer(new FileStoreObservations(observations));
            if (backends.storage() instanceof dev.filestore.UrlSigner signer) {
                builder.urls(signer);
            }
            JwtAccessPolicy.Builder accessBuilder = JwtAccessPolicy.builder().hs256(JWT_SECRET.clone());
            JwtAccessPolicy access = accessBuilder.build();
            try (FileStore store = builder.build();
                    Sweeper sweeper = Sweeper.start(store, Duration.ofMinutes(1))) {
                FileStoreServlet.Builder servletBuilder = FileStoreServlet.builder(store, access);
                FileStoreServlet servlet = servletBuilder.build();
                server.start(servlet);
                for (Object object : List.of(
                        settings, backends, storage, builder, store, sweeper, access, accessBuilder, servlet, server)) {
                    traces.seeObject(object);
                }
                callEverything(base, storage);
                useFacade(store, storage);
            }
        }
        traces.assertHeard("logger dev.filestore.operations");
        traces.assertHeard("observation");
    }

    private void callEverything(URI base, BreakableStorage storage) throws Exception {
        String mine = token("123", "user", 3600);
        String another = token("124", "user", 3600);
        String over = token("123", "user", -60);
        String forged = mine.substring(0, mine.length() - 4) + (mine.endsWith("AAAA") ? "BBBB" : "AAAA");

        String id =
                text("\"file_id\":([0-9]+)", upload(base, mine, "report.pdf").body());
        for (String token : List.of(mine, another, over, forged)) {
            upload(base, token, "évil\r\n.pdf");
            upload(base, token, "page.html");
            send(base, token, "GET", "", null);
            send(base, token, "GET", "?cursor=forged&limit=1", null);
            send(base, token, "GET", "/" + id, null);
            send(base, token, "GET", "/" + id + "/content", null);
            send(base, token, "GET", "/" + id + "/content?redirect=true", null);
            send(base, token, "POST", "/presigned-url", "{\"file_id\":" + id + "}");
            send(base, token, "POST", "/presigned-url", "{\"file_id\":\"" + over + "\"}");
            send(base, token, "GET", "/" + token, null);
            send(base, token, "GET", "?limit=" + token, null);
            send(base, token, "BREW", "/" + id, null);
        }
        String address = text(
                "\"presigned_url\":\"([^\"]*)\"",
                send(base, mine, "POST", "/presigned-url", "{\"file_id\":" + id + "}")
                        .body());
        send(URI.create(address), null, "GET", "", null);
        if (address.startsWith(base.toString())) {
            // What another server says of a wrong signature is its own affair.
            send(URI.create(address + "x"), null, "GET", "", null);
        }
        storage.whileBroken(() -> {
            try {
                upload(base, mine, "broken.pdf");
                send(base, mine, "GET", "/" + id + "/content", null);
                send(base, mine, "DELETE", "/" + id, null);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        send(base, mine, "DELETE", "/" + id, null);
        send(base, mine, "DELETE", "/" + id, null);
    }

    private void useFacade(FileStore store, BreakableStorage storage) {
        long id = store.upload(UploadRequest.of(
                                "a.pdf", new ByteArrayInputStream("%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII)))
                        .withOwner("123"))
                .id();
        SignedUrl signed = store.presign(id, Duration.ofHours(1));
        keepAddress(signed.url().toString());
        traces.seeObject(signed);
        traces.seeObject(store.as(Caller.user("123")));
        String query = Objects.requireNonNull(signed.url().getRawQuery());
        traces.seeThrown(catchThrowable(() -> store.openSigned(id, "4102444800", "attachment", query)));
        traces.seeThrown(catchThrowable(() -> store.as(Caller.user("124")).find(id)));
        storage.whileBroken(() -> traces.seeThrown(catchThrowable(() -> store.delete(id))));
        store.delete(id);
        store.sweep();
    }

    private String token(String user, String role, int seconds) {
        String token = Tokens.token(JWT_SECRET, user, role, seconds);
        traces.keepSecret("a token", token);
        traces.keepSecret("the signature of a token", token.substring(token.lastIndexOf('.') + 1));
        return token;
    }

    private HttpResponse<String> upload(URI base, String token, String name) throws Exception {
        String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                + name.replace("\r", "%0D").replace("\n", "%0A")
                + "\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n\r\n--b--\r\n";
        return send(HttpRequest.newBuilder(URI.create(base + "/upload"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(URI base, String token, String method, String path, String json)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        return send(request.method(
                method,
                json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json)));
    }

    /** An address is told to the client that asks for it, in its place, and to nobody else. */
    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        response.headers().firstValue("Location").filter(at -> at.contains("?")).ifPresent(this::keepAddress);
        Matcher presigned = Pattern.compile("\"presigned_url\":\"([^\"]*)\"").matcher(response.body());
        while (presigned.find()) {
            keepAddress(presigned.group(1));
        }
        traces.see("answer " + response.statusCode(), presigned.replaceAll(""));
        response.headers().map().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Location") || response.statusCode() != 302) {
                traces.see("header " + name, values.toString());
            }
        });
        return response;
    }

    private void keepAddress(String url) {
        Matcher signature = Pattern.compile("(?i)signature=([A-Za-z0-9_-]+)").matcher(url);
        assertThat(signature.find()).isTrue();
        traces.keepSecret("the signature of an address", signature.group(1));
    }

    private static String text(String pattern, String json) {
        Matcher matcher = Pattern.compile(pattern).matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return matcher.group(1);
    }
}
