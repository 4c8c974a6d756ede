package dev.filestore.servlet;

import dev.filestore.ByteRange;
import dev.filestore.Disposition;
import dev.filestore.FileContent;
import dev.filestore.ObjectHeaders;
import dev.filestore.SignedUrl;
import dev.filestore.StoredFile;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the bytes of a file: all, a range, or none where the client has them or only asks what there is. All but the
 * bytes is known from the row; the storage is asked once, for what is sent, and for nothing else.
 */
final class Delivery {

    /** The parameter by which a client says whether it wants to be redirected. */
    private static final String REDIRECT = "redirect";

    /** The parameter by which a client says whether a browser should show the file or save it. */
    private static final String DISPOSITION = "disposition";

    /** For what a browser saves, and for images: it shows them all the same. */
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'self'; sandbox";

    /** For videos: Chromium plays one in a page of its own making, which asks for the very address again. */
    private static final String PLAYED = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline';"
            + " frame-ancestors 'self'; sandbox allow-same-origin";

    /** For a PDF that the host lets be shown: Chromium starts no viewer within a sandbox, and its viewer is one itself. */
    private static final String READ =
            "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

    /** What a browser has kept for one user is not for the next one at the same browser. */
    private static final String VARY = "Authorization";

    private final Redirects redirects;
    private final Duration redirectLifetime;
    private final Function<StoredFile, Duration> freshness;

    Delivery(Redirects redirects, Duration redirectLifetime, Function<StoredFile, Duration> freshness) {
        this.redirects = redirects;
        this.redirectLifetime = redirectLifetime;
        this.freshness = freshness;
    }

    /** Whether a request is answered by an address. */
    boolean redirects(Query query) {
        String asked = query.get(REDIRECT);
        if (asked != null && !asked.equals("true") && !asked.equals("false")) {
            throw Failure.Kind.INVALID.because(REDIRECT + " is true or false, found " + Failure.quote(asked));
        }
        return switch (redirects) {
            case NEVER -> false;
            case IF_ASKED -> "true".equals(asked);
            case UNLESS_DECLINED -> !"false".equals(asked);
            case ALWAYS -> true;
        };
    }

    /** What a client would like a browser to do with the file. */
    static Disposition disposition(@Nullable String asked) {
        if (asked == null) {
            return Disposition.INLINE;
        }
        for (Disposition disposition : Disposition.values()) {
            if (disposition.word().equals(asked)) {
                return disposition;
            }
        }
        throw Failure.Kind.INVALID.because(DISPOSITION + " is inline or attachment, found " + Failure.quote(asked));
    }

    /** What a request would like a browser to do with the file. */
    static Disposition disposition(Query query) {
        return disposition(query.get(DISPOSITION));
    }

    /** How long an address leads to the bytes. */
    Duration redirectLifetime() {
        return redirectLifetime;
    }

    /** Answers with an address; the conditions of the request are for whoever is there. */
    void redirect(Exchange exchange, SignedUrl address) throws IOException {
        exchange.response.setHeader("Location", address.url().toString());
        // The address is a credential, and lives for a while only.
        exchange.response.setHeader("Cache-Control", "private, no-store");
        exchange.response.setHeader("Referrer-Policy", "no-referrer");
        exchange.response.setHeader("X-Content-Type-Options", "nosniff");
        exchange.response.setContentLength(0);
        exchange.sendNothing(HttpServletResponse.SC_FOUND);
    }

    /** Answers with bytes, or with what stands in their place, under fields that the client has part in as far as it may. */
    void send(Exchange exchange, FileContent content, Disposition asked) throws IOException {
        StoredFile file = content.file();
        Validators validators = Validators.of(file);
        switch (validators.evaluate(exchange)) {
            case FAILED -> throw Failure.Kind.PRECONDITION.because("The file is another than the one that is expected");
            case NOT_MODIFIED -> {
                exchange.response.setHeader("ETag", validators.entityTag());
                exchange.response.setHeader("Cache-Control", cacheControl(content));
                exchange.response.setHeader("Vary", VARY);
                exchange.sendNothing(HttpServletResponse.SC_NOT_MODIFIED);
            }
            case PROCEED -> {
                ByteRange range = range(exchange, validators, file.size());
                Map<String, String> headers = headers(content, content.headers(asked), validators);
                if (exchange.isHead()) {
                    exchange.sendHead(headers, file.size());
                } else if (range == null) {
                    exchange.send(HttpServletResponse.SC_OK, headers, file.size(), content.stream());
                } else {
                    headers.put("Content-Range", "bytes " + range.offset() + "-" + range.last() + "/" + file.size());
                    exchange.send(
                            HttpServletResponse.SC_PARTIAL_CONTENT, headers, range.length(), content.stream(range));
                }
            }
        }
    }

    private static @Nullable ByteRange range(Exchange exchange, Validators validators, long size) {
        if (exchange.isHead() || !validators.allowRange(exchange.field("If-Range"))) {
            return null;
        }
        try {
            return Ranges.parse(exchange.field("Range"), size);
        } catch (Failure unsatisfiable) {
            exchange.response.setHeader("Content-Range", "bytes */" + size);
            throw unsatisfiable;
        }
    }

    private Map<String, String> headers(FileContent content, ObjectHeaders shown, Validators validators) {
        StoredFile file = content.file();
        Map<String, String> headers = new LinkedHashMap<>();
        // Whatever a user uploaded, a browser saves it or shows it, and runs nothing of it.
        headers.put("Content-Type", shown.contentType());
        headers.put("Content-Disposition", shown.contentDisposition());
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Content-Security-Policy", contentSecurityPolicy(shown));
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        // The address may be a credential, and a document may have links.
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Accept-Ranges", "bytes");
        headers.put("ETag", validators.entityTag());
        headers.put("Last-Modified", HttpDate.of(file.uploadedAt()));
        headers.put("Cache-Control", cacheControl(content));
        headers.put("Vary", VARY);
        // Of the whole file, also where a part of it is sent.
        headers.put(Digests.REPRESENTATION, Digests.field(file.sha256()));
        return headers;
    }

    private static String contentSecurityPolicy(ObjectHeaders shown) {
        String type = shown.contentType();
        if (shown.disposition() == Disposition.ATTACHMENT) {
            return NOTHING;
        }
        if (type.equals("application/pdf")) {
            return READ;
        }
        return type.startsWith("video/") || type.startsWith("audio/") ? PLAYED : NOTHING;
    }

    private String cacheControl(FileContent content) {
        Duration fresh = freshness.apply(content.file());
        Instant end = content.endsAt();
        if (end != null) {
            Duration left = Duration.between(content.openedAt(), end);
            fresh = fresh.compareTo(left) < 0 ? fresh : left;
        }
        // Without an age a client may keep the bytes, and asks each time whether they are still good.
        return fresh.toSeconds() < 1 ? "private, no-cache" : "private, max-age=" + fresh.toSeconds();
    }
}
