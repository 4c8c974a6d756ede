package dev.filestore.examples.webapp;

import dev.filestore.AllowedTypes;
import dev.filestore.FileStore;
import dev.filestore.Sweeper;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.SettingException;
import dev.filestore.examples.environment.Settings;
import dev.filestore.servlet.FileStoreServlet;
import java.net.URI;
import java.time.Duration;

/** All that runs: the server, the store behind it, the sweeper. */
final class WebApp implements AutoCloseable {

    static final String DEFAULT_HOST = "127.0.0.1";

    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    /** What an upload is given to finish when the program is stopped. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final WebServer server;
    private final Backends backends;
    private final FileStore store;
    private final Sweeper sweeper;
    private final Secrets secrets;

    private WebApp(WebServer server, Backends backends, FileStore store, Secrets secrets) {
        this.server = server;
        this.backends = backends;
        this.store = store;
        this.secrets = secrets;
        this.sweeper = Sweeper.start(store, SWEEP_EVERY);
    }

    static WebApp start(Settings settings) throws Exception {
        Secrets secrets = Secrets.of(settings);
        AllowedTypes types = AllowedTypes.standardTypes()
                .maxBytes(settings.number("MAX_FILE_BYTES", 1, Long.MAX_VALUE, AllowedTypes.DEFAULT_MAX_BYTES))
                .build();
        WebServer server = WebServer.bind(
                settings.find("HOST").orElse(DEFAULT_HOST), (int) settings.number("PORT", 0, 65_535, 8_000));
        Backends backends = null;
        try {
            backends = Backends.open(settings);
            FileStore store = secrets.sign(backends.builder())
                    .policy(types)
                    .signedUrls(publicUrl(settings, server))
                    .build();
            server.start(FileStoreServlet.builder(store, secrets.access()).build());
            return new WebApp(server, backends, store, secrets);
        } catch (Exception e) {
            server.close();
            if (backends != null) {
                backends.close();
            }
            throw e;
        }
    }

    /** Where clients reach the endpoints, as it stands in the addresses that the store signs. */
    private static URI publicUrl(Settings settings, WebServer server) {
        String base = settings.find("PUBLIC_URL").orElse(server.address().toString());
        try {
            URI url = URI.create(base.replaceFirst("/+$", "") + WebServer.MOUNT);
            if (base.matches("https?://.*") && url.getHost() != null && url.getRawQuery() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as any other address that will not do.
        }
        throw new SettingException("PUBLIC_URL must be an address such as https://files.example.com, found " + base);
    }

    URI address() {
        return server.address();
    }

    String storage() {
        return backends.toString();
    }

    Secrets secrets() {
        return secrets;
    }

    /** Lets running requests finish, refuses new ones, and closes everything. */
    @Override
    public void close() {
        server.stop(PATIENCE);
        sweeper.close();
        store.close();
        backends.close();
    }
}
