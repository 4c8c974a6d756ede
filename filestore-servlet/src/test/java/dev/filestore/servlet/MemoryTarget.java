package dev.filestore.servlet;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.memory.MemoryMetadata;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** A store in memory behind a servlet in some container. */
final class MemoryTarget implements HttpTarget, AutoCloseable {

    private static final String CDN = "https://d123abc456.cloudfront.net/";

    static final byte[] SECRET =
            "a secret of the tests, more than 32 bytes".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final BreakableStorage storage = new BreakableStorage();
    private final ServletServer server;
    private final FileStore store;

    /** Starts a server. */
    MemoryTarget(ServletServer server, Clock clock, UnaryOperator<FileStoreServlet.Builder> settings) {
        this(server, clock, JwtAccessPolicy.builder().hs256(SECRET).clock(clock).build(), settings);
    }

    MemoryTarget(
            ServletServer server, Clock clock, AccessPolicy access, UnaryOperator<FileStoreServlet.Builder> settings) {
        this.server = server;
        this.store = FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .signedUrls(server.base())
                .cdn(key -> URI.create(CDN + key))
                .clock(clock)
                .build();
        server.start(settings.apply(FileStoreServlet.builder(store, access)).build());
    }

    static String token(String userId, String role, Instant expiresAt) {
        JWTCreator.Builder token = JWT.create().withSubject(userId).withExpiresAt(expiresAt);
        return token.withClaim("role", role).sign(Algorithm.HMAC256(SECRET));
    }

    FileStore store() {
        return store;
    }

    MetadataRepository metadata() {
        return metadata;
    }

    BreakableStorage storage() {
        return storage;
    }

    /** How many rows there are, of every state. */
    int rows() {
        return metadata.listByKey("", "", Integer.MAX_VALUE).size();
    }

    HttpCalls as(String userId) {
        return new HttpCalls(base(), token(userId));
    }

    @Override
    public URI base() {
        return server.base();
    }

    @Override
    public String token(String userId) {
        return token(userId, "user", Instant.now().plusSeconds(3600));
    }

    @Override
    public String expiredToken(String userId) {
        return token(userId, "user", Instant.now().minusSeconds(60));
    }

    @Override
    public String adminToken(String userId) {
        return token(userId, "admin", Instant.now().plusSeconds(3600));
    }

    @Override
    public String urlOf(long id, String key) {
        return base() + "/" + id + "/content";
    }

    @Override
    public String cdnUrlOf(String key) {
        return CDN + key;
    }

    @Override
    public void whileStorageFails(Runnable act) {
        storage.whileBroken(act);
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }
}
