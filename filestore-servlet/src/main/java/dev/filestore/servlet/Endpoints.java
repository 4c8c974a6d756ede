package dev.filestore.servlet;

import dev.filestore.Category;
import dev.filestore.Disposition;
import dev.filestore.FileContent;
import dev.filestore.FileMissingException;
import dev.filestore.FilePage;
import dev.filestore.FileQuery;
import dev.filestore.FileRefusedException;
import dev.filestore.FileStore;
import dev.filestore.SourceException;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.UserFiles;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the endpoints do, for a caller who is known and within the limits. */
final class Endpoints {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]+");
    private static final int LONGEST_LONG = 18;

    private final FileStore store;
    private final List<Category> categories;
    private final @Nullable Duration maxTtl;
    private final Delivery delivery;
    private final Slots uploads;
    private final Slots lateBodies;

    Endpoints(
            FileStore store,
            List<Category> categories,
            @Nullable Duration maxTtl,
            Delivery delivery,
            RateLimits.AtOnce atOnce) {
        this.store = store;
        this.categories = categories;
        this.maxTtl = maxTtl;
        this.delivery = delivery;
        this.uploads = new Slots("uploads", atOnce.perUser(), atOnce.inAll());
        this.lateBodies = new Slots("bodies that come late", Math.max(1, atOnce.others() / 2), atOnce.others());
    }

    void upload(Exchange exchange, UserFiles files) throws IOException {
        // All lines of it: where there are two, another program may go by the other.
        String contentType = exchange.field("Content-Type");
        if (contentType == null || !MultipartReader.isFormData(contentType)) {
            throw Failure.Kind.NO_FILE.because(
                    "The body is to be multipart/form-data with a part named 'file', found " + found(contentType));
        }
        requireUncoded(exchange);
        StoredFile file = upload(exchange, files, contentType);
        exchange.fileId = file.id();
        exchange.response.setHeader("Location", exchange.locate("/" + file.id()));
        exchange.send(HttpServletResponse.SC_CREATED, FileJson.uploaded(file));
    }

    /** The slot is free again before anything is answered: a client may send its next file as soon as it hears of this. */
    private StoredFile upload(Exchange exchange, UserFiles files, String contentType) throws IOException {
        String userId = exchange.userId();
        uploads.take(userId);
        try {
            return store(form(exchange, contentType), files);
        } finally {
            uploads.free(userId);
        }
    }

    private static UploadForm form(Exchange exchange, String contentType) throws IOException {
        return new UploadForm(
                exchange.body,
                MultipartReader.boundary(contentType),
                Digests.of("The", exchange.field(Digests.CONTENT), exchange.field(Digests.REPRESENTATION)),
                exchange.query().get(UploadForm.TTL));
    }

    private StoredFile store(UploadForm form, UserFiles files) throws IOException {
        try {
            return files.upload(UploadRequest.of(form.fileName(), form.content())
                    .withDeclaredType(form.declaredType())
                    .withSha256(form.sha256())
                    .withTtlAtEnd(() -> ttl(form)));
        } catch (SourceException e) {
            if (e.getCause() instanceof MalformedBodyException malformed) {
                throw malformed;
            }
            if (e.getCause() instanceof RequestBody.BrokenException broken) {
                throw broken;
            }
            if (e.getCause() == null) {
                // Nothing but the digest was announced to the store.
                throw Failure.Kind.INVALID.because(
                        "The file is not the one of its " + Digests.CONTENT + " or " + Digests.REPRESENTATION + ": "
                                + e.getMessage(),
                        e);
            }
            throw e;
        } catch (FileRefusedException e) {
            if (e.reason() == FileRefusedException.Reason.EMPTY
                    && form.fileName().isEmpty()) {
                // What a browser sends where no file was chosen.
                throw Failure.Kind.NO_FILE.because("The part named 'file' has neither a file name nor bytes", e);
            }
            throw e;
        }
    }

    private @Nullable Duration ttl(UploadForm form) {
        Duration asked = form.ttl();
        return maxTtl != null && (asked == null || asked.compareTo(maxTtl) > 0) ? maxTtl : asked;
    }

    void list(Exchange exchange, UserFiles files) throws IOException {
        Query query = exchange.query();
        String category = query.get("category");
        String cursor = query.get("cursor");
        long limit = number("limit", query.get("limit"), 1, FileQuery.DEFAULT_LIMIT);
        long offset = number("offset", query.get("offset"), 0, 0);
        FileQuery wanted = FileQuery.all()
                .withCategory(category == null ? null : category(category))
                .withLimit((int) Math.min(limit, FileQuery.MAX_LIMIT));
        if (cursor != null && offset != 0) {
            throw Failure.Kind.INVALID.because("A page is named by an offset or by a cursor, not by both");
        }
        FilePage page = files.list(cursor == null ? wanted.withOffset(offset) : wanted.withCursor(cursor));
        exchange.send(HttpServletResponse.SC_OK, FileJson.page(page));
    }

    private static long number(String name, @Nullable String text, long min, long absent) {
        if (text == null) {
            return absent;
        }
        if (WHOLE_NUMBER.matcher(text).matches()) {
            String digits = text.replaceFirst("^0+(?=.)", "");
            // More digits than fit are a number too, far beyond all that exists.
            long number = digits.length() > LONGEST_LONG ? Long.MAX_VALUE : Long.parseLong(digits);
            if (number >= min) {
                return number;
            }
        }
        throw Failure.Kind.INVALID.because(
                name + " is a whole number of at least " + min + ", found " + Failure.quote(text));
    }

    private Category category(String name) {
        return categories.stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failure.Kind.INVALID.because("category is one of "
                        + String.join(
                                ", ", categories.stream().map(Category::name).toList())
                        + ", found " + Failure.quote(name)));
    }

    void find(Exchange exchange, UserFiles files, long id) throws IOException {
        exchange.send(HttpServletResponse.SC_OK, FileJson.file(require(files, id)));
    }

    void delete(Exchange exchange, UserFiles files, long id) throws IOException {
        files.delete(id);
        exchange.send(HttpServletResponse.SC_OK, FileJson.deleted());
    }

    private static String found(@Nullable String contentType) {
        return contentType == null ? "no Content-Type" : Failure.quote(contentType);
    }

    void presign(Exchange exchange, UserFiles files) throws IOException {
        if (!store.canPresign()) {
            throw Failure.Kind.NOT_SUPPORTED.because(
                    "This service signs no addresses; the bytes are at /{id}/content, with a token");
        }
        String contentType = exchange.field("Content-Type");
        if (contentType != null && !Parameters.value(contentType).equalsIgnoreCase("application/json")) {
            throw Failure.Kind.INVALID.because("The body is to be application/json, found " + found(contentType));
        }
        requireUncoded(exchange);
        PresignOrder order = order(exchange);
        exchange.fileId = order.fileId();
        StoredFile file = require(files, order.fileId());
        exchange.send(
                HttpServletResponse.SC_OK,
                FileJson.presigned(files.presign(order.fileId(), order.lifetime(), order.disposition()), file));
    }

    /** Nothing is unpacked here, and nobody is left to believe that it was. */
    private static void requireUncoded(Exchange exchange) {
        String coding = exchange.field("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw Failure.Kind.INVALID.because(
                    "The body must have no Content-Encoding, found " + Failure.quote(coding));
        }
    }

    /** A small body has mostly come with its header; where it has not, its client is waited for as in an upload. */
    private PresignOrder order(Exchange exchange) throws IOException {
        if (exchange.body.isHere()) {
            return PresignOrder.read(exchange.body);
        }
        String userId = exchange.userId();
        lateBodies.take(userId);
        try {
            return PresignOrder.read(exchange.body);
        } finally {
            lateBodies.free(userId);
        }
    }

    void content(Exchange exchange, UserFiles files, long id) throws IOException {
        Disposition disposition = Delivery.disposition(exchange.query());
        if (delivery.redirects(exchange.query())) {
            delivery.redirect(exchange, files.presign(id, delivery.redirectLifetime(), disposition));
            return;
        }
        try (FileContent content = files.open(id)) {
            delivery.send(exchange, content, disposition);
        }
    }

    /**
     * For whoever holds a signed address, without asking who that is. The address may be where a redirect led to. What else
     * stands in it changes nothing.
     */
    void signedContent(Exchange exchange, long id) throws IOException {
        Query query = exchange.query();
        try (FileContent content = store.openSigned(
                id, query.orEmpty("expires"), query.orEmpty("disposition"), query.orEmpty("signature"))) {
            delivery.send(exchange, content, Disposition.INLINE);
        }
    }

    private static StoredFile require(UserFiles files, long id) {
        return files.find(id).orElseThrow(() -> new FileMissingException(id));
    }
}
