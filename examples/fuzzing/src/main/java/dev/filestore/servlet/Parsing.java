package dev.filestore.servlet;

import dev.filestore.ByteRange;
import dev.filestore.examples.fuzzing.forms.Part;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets the fuzzing at what reads requests, which nobody else needs. */
public final class Parsing {

    private Parsing() {}

    /** Which refusal this is, by the names of the contract's codes; null where it is none. */
    public static @Nullable String refusal(Throwable thrown) {
        if (thrown instanceof MalformedBodyException) {
            return Failure.Kind.INVALID.code;
        }
        return thrown instanceof Failure failure ? failure.kind().code : null;
    }

    public static boolean isFormData(String contentType) {
        return MultipartReader.isFormData(contentType);
    }

    public static String boundary(String contentType) throws IOException {
        return MultipartReader.boundary(contentType);
    }

    /** Reads all parts of a form, in pieces of that length. */
    public static List<Part> parts(InputStream body, String boundary, int pieceBytes) throws IOException {
        MultipartReader reader = new MultipartReader(body, boundary);
        byte[] buffer = new byte[pieceBytes];
        List<Part> parts = new ArrayList<>();
        for (PartHeader header = reader.next(); header != null; header = reader.next()) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (int read = reader.read(buffer, 0, pieceBytes); read >= 0; read = reader.read(buffer, 0, pieceBytes)) {
                content.write(buffer, 0, read);
            }
            parts.add(new Part(
                    header.name(),
                    header.fileName(),
                    header.contentType(),
                    header.contentDigest(),
                    header.reprDigest(),
                    content.toByteArray()));
        }
        return parts;
    }

    /** What the form of an upload says, and its bytes. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Upload(
            String fileName,
            @Nullable String declaredType,
            byte[] content,
            @Nullable Long ttlHours) {}

    public static Upload upload(InputStream body, String boundary, @Nullable String queryTtl) throws IOException {
        UploadForm form = new UploadForm(body, boundary, Digests.of("The", null, null), queryTtl);
        byte[] content = form.content().readAllBytes();
        String sha256 = form.sha256();
        if (sha256 != null && !sha256.equals(HexFormat.of().formatHex(sha256(content)))) {
            // The store compares this one.
            throw Failure.Kind.INVALID.because("The file is not the one of its digest");
        }
        return new Upload(
                form.fileName(),
                form.declaredType(),
                content,
                form.ttl() == null ? null : form.ttl().toHours());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file, the hours and the disposition that an order for a signed address names. */
    public record Order(long fileId, long hours, String disposition) {}

    public static Order order(byte[] json) throws IOException {
        PresignOrder order = PresignOrder.read(new ByteArrayInputStream(json));
        return new Order(
                order.fileId(), order.lifetime().toHours(), order.disposition().word());
    }

    /** The value of one parameter of a query, null where it is absent. */
    public static @Nullable String parameter(String query, String name) {
        Query parsed = new Query(query);
        return parsed.has(name) ? parsed.get(name) : null;
    }

    public static @Nullable ByteRange range(String field, long size) {
        return Ranges.parse(field, size);
    }

    public static Map<String, byte[]> digests(String field) throws IOException {
        return DigestField.parse("Content-Digest", field);
    }

    public static @Nullable String sha256(String content, String representation) throws IOException {
        return Digests.of("The", content, representation).sha256();
    }

    public static @Nullable Instant date(String text) {
        return HttpDate.parse(text);
    }

    public static String date(Instant moment) {
        return HttpDate.of(moment);
    }

    /** The id in a path of a file or its content; -1 for a path that names none. */
    public static long idIn(String path) {
        Route route = Route.of(path);
        return route.target() == Route.Target.FILE || route.target() == Route.Target.CONTENT ? route.id() : -1;
    }

    public static String quote(String text) {
        return Failure.quote(text);
    }
}
