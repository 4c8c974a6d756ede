package dev.filestore.examples.webapp;

import dev.filestore.FileStore;
import dev.filestore.StorageBackend;
import dev.filestore.UrlSigner;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.Settings;
import dev.filestore.servlet.FileStoreServlet;
import dev.filestore.servlet.HttpTarget;
import dev.filestore.servlet.JwtAccessPolicy;
import dev.filestore.servlet.RateLimits;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** The server of the web application in this process, on the storage and the database that the settings name. */
final class EmbeddedTarget implements HttpTarget, AutoCloseable {

    static final String CDN_DOMAIN = "d123abc456.cloudfront.net";

    private static final byte[] SECRET =
            "a secret of these tests, which has more than 32 bytes".getBytes(StandardCharsets.UTF_8);

    private final Map<String, String> environment;
    private final Backends backends;
    private final BreakableStorage storage;
    private final WebServer server = WebServer.bind("127.0.0.1", 0);
    private final FileStore store;

    EmbeddedTarget(Map<String, String> environment, RateLimits limits, Clock clock) throws Exception {
        this.environment = environment;
        backends = Backends.open(Settings.load(Path.of("none"), environment));
        StorageBackend real = backends.storage();
        storage = new BreakableStorage(real);
        FileStore.Builder builder =
                backends.builder().storage(storage).signedUrls(base()).clock(clock);
        if (real instanceof UrlSigner signer) {
            builder.urls(signer);
        }
        store = builder.build();
        server.start(FileStoreServlet.builder(
                        store, JwtAccessPolicy.builder().hs256(SECRET).build())
                .rateLimits(limits)
                .build());
    }

    FileStore store() {
        return store;
    }

    @Override
    public URI base() {
        return URI.create(server.address() + WebServer.MOUNT);
    }

    @Override
    public String token(String userId) {
        return Tokens.token(SECRET, userId, "user", 3600);
    }

    @Override
    public String expiredToken(String userId) {
        return Tokens.token(SECRET, userId, "user", -60);
    }

    @Override
    public String adminToken(String userId) {
        return Tokens.token(SECRET, userId, "admin", 3600);
    }

    @Override
    public String urlOf(long id, String key) {
        String endpoint = environment.get("AWS_ENDPOINT_URL_S3");
        return endpoint == null
                ? base() + "/" + id + "/content"
                : endpoint + "/" + environment.get("AWS_S3_BUCKET") + "/" + encoded(key);
    }

    @Override
    public String cdnUrlOf(String key) {
        return environment.containsKey("CLOUDFRONT_DOMAIN") ? "https://" + CDN_DOMAIN + "/" + encoded(key) : null;
    }

    static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~")
                .replace("%2F", "/");
    }

    @Override
    public void whileStorageFails(Runnable action) {
        storage.whileBroken(action);
    }

    @Override
    public void close() {
        server.close();
        store.close();
        backends.close();
    }
}
