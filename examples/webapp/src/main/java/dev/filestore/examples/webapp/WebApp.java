package dev.filestore.examples.webapp;

import dev.filestore.AllowedTypes;
import dev.filestore.FileStore;
import dev.filestore.Sweeper;
import dev.filestore.UrlSigner;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.SettingException;
import dev.filestore.examples.environment.Settings;
import dev.filestore.metrics.FileStoreMetrics;
import dev.filestore.servlet.FileStoreServlet;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.Servlet;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** All that runs: the server, the store behind it, the sweeper. */
final class WebApp implements AutoCloseable {

    static final String DEFAULT_HOST = "127.0.0.1";

    /** What is shown where nothing else is set, and PDFs: the page puts them into a frame that no link of theirs leaves. */
    private static final Set<String> SHOWN = Set.of(
            "image/gif", "image/jpeg", "image/png", "image/webp", "video/mp4", "video/quicktime", "application/pdf");

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
        return start(settings, store -> store, servlet -> servlet);
    }

    /** Starts with a store and a servlet that the caller has made some changes to. */
    static WebApp start(
            Settings settings, UnaryOperator<FileStore.Builder> store, UnaryOperator<FileStoreServlet.Builder> servlet)
            throws Exception {
        Secrets secrets = Secrets.of(settings);
        long maxBytes = settings.number("MAX_FILE_BYTES", 1, Long.MAX_VALUE, AllowedTypes.DEFAULT_MAX_BYTES);
        AllowedTypes types = AllowedTypes.standardTypes().maxBytes(maxBytes).build();
        WebServer server = WebServer.bind(
                settings.find("HOST").orElse(DEFAULT_HOST), (int) settings.number("PORT", 0, 65_535, 8_000));
        Backends backends = null;
        try {
            backends = Backends.open(settings);
            Optional<OwnMachine> machine = OwnMachine.of(settings, server.address());
            PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            FileStore.Builder builder = secrets.sign(backends.builder())
                    .policy(types)
                    .inline(SHOWN)
                    .signedUrls(publicUrl(settings, server));
            if (machine.isPresent()) {
                builder.observer(new FileStoreMetrics(metrics));
            }
            FileStore files = store.apply(builder).build();
            Map<String, Servlet> servlets = servlets(
                    servlet.apply(FileStoreServlet.builder(files, secrets.access()))
                            .build(),
                    new Page(
                            server.address(),
                            fileOrigins(settings, backends),
                            maxBytes,
                            machine.isPresent() ? DeveloperLogin.USERS : List.of()));
            machine.ifPresent(own -> {
                servlets.put("/login/*", new DeveloperLogin(own, secrets));
                Watch watch = new Watch(own, files, metrics);
                servlets.put(Watch.METRICS, watch);
                servlets.put(Watch.HEALTH, watch);
            });
            server.start(servlets);
            return new WebApp(server, backends, files, secrets);
        } catch (Exception e) {
            server.close();
            if (backends != null) {
                backends.close();
            }
            throw e;
        }
    }

    private static Map<String, Servlet> servlets(Servlet files, Servlet page) {
        Map<String, Servlet> servlets = new HashMap<>();
        servlets.put(WebServer.MOUNT + "/*", files);
        servlets.put("", page);
        servlets.put("/page/*", page);
        return servlets;
    }

    /** Where signed addresses lead to, if not to this server: the bucket's host, and that of the CDN. */
    private static Set<String> fileOrigins(Settings settings, Backends backends) {
        Set<String> origins = new LinkedHashSet<>();
        if (backends.storage() instanceof UrlSigner signer) {
            URI file = signer.locate(1, "uploads/1/file");
            origins.add(file.getScheme() + "://" + file.getRawAuthority());
        }
        settings.find("CLOUDFRONT_DOMAIN").ifPresent(domain -> origins.add("https://" + domain));
        return origins;
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

    FileStore store() {
        return store;
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
