package dev.filestore.servlet;

import dev.filestore.Category;
import dev.filestore.FileStore;
import dev.filestore.StoredFile;
import dev.filestore.UserFiles;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The endpoints of a {@link FileStore}: upload, read, list, presign, delete and download, below the path that the host
 * maps it to, usually {@code /api/files/*}. Thread-safe. It makes no session, sets no cookie, and never reads a body
 * through {@code getParts}: uploads are parsed from the stream as they arrive, whatever their size. A description of all in
 * OpenAPI is at {@code openapi.json} below that path, for everybody.
 *
 * <p>It is made by {@link #builder}; or by the container, which finds what it needs in the attributes of the
 * {@code ServletContext} that the constants here name. It closes neither the store nor the policy.
 *
 * <p>Every request has an id, which stands in the answer ({@code X-Request-Id}, and {@code request_id} where it failed),
 * in every line that is logged meanwhile (MDC {@code request_id}), and in one line at the level info for each request.
 */
public final class FileStoreServlet extends HttpServlet {

    /** The attribute of the {@code ServletContext} that holds the {@link FileStore}. */
    public static final String STORE_ATTRIBUTE = "dev.filestore.FileStore";

    /** The attribute of the {@code ServletContext} that holds the {@link AccessPolicy}. */
    public static final String ACCESS_POLICY_ATTRIBUTE = "dev.filestore.servlet.AccessPolicy";

    /** The attribute of the {@code ServletContext} that holds the {@link RateLimits}, if they are not the standard ones. */
    public static final String RATE_LIMITS_ATTRIBUTE = "dev.filestore.servlet.RateLimits";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(FileStoreServlet.class);
    private static final String MDC_REQUEST_ID = "request_id";

    private final transient @Nullable Builder settings;
    private transient @Nullable Dispatcher dispatcher;
    private transient @Nullable RateLimiter limiter;
    private transient @Nullable Patience patience;

    /** For the container; {@link #init()} then looks into the {@code ServletContext}. */
    public FileStoreServlet() {
        this.settings = null;
    }

    private FileStoreServlet(Builder settings) {
        this.settings = settings;
    }

    /**
     * Starts to make a servlet by code.
     *
     * @param store the store, which stays open until its owner closes it
     * @param access tells who sends a request
     * @return a builder
     */
    public static Builder builder(FileStore store, AccessPolicy access) {
        return new Builder(store, access);
    }

    /**
     * Gets ready.
     *
     * @throws ServletException if the servlet was not made by {@link #builder} and an attribute is missing
     */
    @Override
    public void init() throws ServletException {
        Builder made = settings != null ? settings : fromContext();
        // Where there are no addresses a client has no choice, and its wish changes nothing.
        Redirects redirects = made.store.canPresign() ? made.redirects : Redirects.NEVER;
        Delivery delivery = new Delivery(redirects, made.redirectLifetime, made.freshness);
        RateLimits.AtOnce uploads = made.limits.uploads();
        RateLimiter counting = new RateLimiter(made.limits, made.time);
        limiter = counting;
        patience = new Patience(made.limits.slowestBody(), uploads.others(), made.time);
        dispatcher = new Dispatcher(
                made.store,
                made.access,
                counting,
                new Endpoints(made.store, List.copyOf(made.categories), made.maxTtl, delivery, uploads));
    }

    /** Stops what {@link #init()} started, which are threads only where rate limits are counted together. */
    @Override
    public void destroy() {
        RateLimiter counting = limiter;
        if (counting != null) {
            counting.close();
        }
    }

    private Builder fromContext() throws ServletException {
        Builder builder = new Builder(
                attribute(STORE_ATTRIBUTE, FileStore.class), attribute(ACCESS_POLICY_ATTRIBUTE, AccessPolicy.class));
        return getServletContext().getAttribute(RATE_LIMITS_ATTRIBUTE) == null
                ? builder
                : builder.rateLimits(attribute(RATE_LIMITS_ATTRIBUTE, RateLimits.class));
    }

    private <T> T attribute(String name, Class<T> type) throws ServletException {
        Object value = getServletContext().getAttribute(name);
        if (!type.isInstance(value)) {
            throw new ServletException(
                    "FileStoreServlet needs the attribute '" + name + "' of the ServletContext to be a "
                            + type.getName() + ", found "
                            + (value == null ? "none" : value.getClass().getName())
                            + "; set it in a ServletContextListener");
        }
        return type.cast(value);
    }

    /** Answers a request. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = new Exchange(request, response, Objects.requireNonNull(patience, "init was not called"));
        String outer = MDC.get(MDC_REQUEST_ID);
        MDC.put(MDC_REQUEST_ID, exchange.requestId);
        Route route = Route.of(exchange.path());
        try {
            Objects.requireNonNull(dispatcher, "init was not called").answer(exchange, route);
        } finally {
            LOG.info(
                    "request_id={} user={} op={} status={} id={} ms={}",
                    exchange.requestId,
                    exchange.caller == null ? "-" : Failure.quote(exchange.caller.userId()),
                    route.name(exchange.method()),
                    response.getStatus(),
                    exchange.fileId == 0 ? "-" : exchange.fileId,
                    exchange.millis());
            if (outer == null) {
                MDC.remove(MDC_REQUEST_ID);
            } else {
                MDC.put(MDC_REQUEST_ID, outer);
            }
        }
    }

    /** Makes a servlet. Not thread-safe. */
    public static final class Builder {

        private final FileStore store;
        private final AccessPolicy access;
        private final Set<Category> categories =
                new LinkedHashSet<>(List.of(Category.IMAGE, Category.VIDEO, Category.DOCUMENT));
        private RateLimits limits = RateLimits.standard();
        private Redirects redirects = Redirects.IF_ASKED;
        private Duration redirectLifetime = Duration.ofMinutes(15);
        private @Nullable Duration maxTtl;
        private Function<StoredFile, Duration> freshness = file -> Duration.ZERO;
        private TimeMeter time = TimeMeter.SYSTEM_NANOTIME;

        private Builder(FileStore store, AccessPolicy access) {
            this.store = Objects.requireNonNull(store, "store");
            this.access = Objects.requireNonNull(access, "access");
        }

        /**
         * Sets how much a user may ask for, how many may upload at the same time, and how slowly they may send;
         * {@link RateLimits#standard()} if not called.
         *
         * @param limits the limits
         * @return this
         */
        public Builder rateLimits(RateLimits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /**
         * Allows lists of a category of the host's own, beside those of images, videos and documents.
         *
         * @param category the category
         * @return this
         */
        public Builder category(Category category) {
            categories.add(Objects.requireNonNull(category, "category"));
            return this;
        }

        /**
         * Makes every upload a temporary file: one that asks for no TTL, or for a longer one, gets this. What is to last the
         * host keeps by {@link UserFiles#keep}, or together with its own rows in its own transaction. If not called, an
         * upload without a TTL lasts for ever.
         *
         * @param ttl the longest time from an upload to its end, 1 second to 87,600 hours
         * @return this
         */
        public Builder maxTtl(Duration ttl) {
            if (ttl.toSeconds() < 1 || ttl.compareTo(Duration.ofHours(UploadForm.MAX_TTL_HOURS)) > 0) {
                throw new IllegalArgumentException(
                        "a TTL is 1 second to " + UploadForm.MAX_TTL_HOURS + " hours, found " + ttl);
            }
            this.maxTtl = ttl;
            return this;
        }

        /**
         * Sets who sends the bytes of files; {@link Redirects#IF_ASKED} and 15 minutes if not called. A redirect needs a
         * store that {@linkplain FileStore#canPresign can presign}; from another one this server sends them, also where
         * clients ask for an address.
         *
         * @param redirects whether clients are sent to a signed address
         * @param lifetime how long such an address works, at least a second: a video that is looked at for longer, or a
         *     download that is continued later, has to ask here again
         * @return this
         * @throws IllegalArgumentException if the lifetime is shorter, or the store cannot presign and clients would be sent
         *     to addresses without asking for that
         */
        public Builder redirects(Redirects redirects, Duration lifetime) {
            if (lifetime.toSeconds() < 1) {
                throw new IllegalArgumentException("a signed address lives for a second or more, found " + lifetime);
            }
            boolean unasked = redirects == Redirects.ALWAYS || redirects == Redirects.UNLESS_DECLINED;
            if (unasked && !store.canPresign()) {
                throw new IllegalArgumentException("redirects " + redirects
                        + " need a store that can presign: set FileStore.Builder.signedUrls or urls");
            }
            this.redirects = Objects.requireNonNull(redirects, "redirects");
            this.redirectLifetime = lifetime;
            return this;
        }

        /**
         * Sets for how long a browser may use the bytes of a file that it has got, without asking again:
         * {@code Cache-Control: private, max-age=..}. If not called, for no time: it asks each time, and is told that they
         * are still good without getting them again.
         *
         * <p>Bytes never change, but within that time a browser shows a file also to those who look at it after it was
         * deleted, or after its user logged out.
         *
         * @param freshness gives the time for a file, zero for none; cut where the file expires earlier
         * @return this
         */
        public Builder freshness(Function<StoredFile, Duration> freshness) {
            this.freshness = Objects.requireNonNull(freshness, "freshness");
            return this;
        }

        /** Sets where the time for the limits comes from. */
        Builder time(TimeMeter meter) {
            this.time = meter;
            return this;
        }

        /**
         * Makes the servlet.
         *
         * @return the servlet, to be mapped to a path of the form {@code /api/files/*}
         */
        public FileStoreServlet build() {
            return new FileStoreServlet(this);
        }
    }
}
