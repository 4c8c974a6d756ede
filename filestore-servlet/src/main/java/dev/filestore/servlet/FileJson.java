package dev.filestore.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.filestore.FilePage;
import dev.filestore.SignedUrl;
import dev.filestore.StoredFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What is answered, in JSON: the fields by the names and in the order that clients know. */
final class FileJson {

    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private FileJson() {}

    @FunctionalInterface
    private interface Fields {

        void write(JsonGenerator json) throws IOException;
    }

    static byte[] uploaded(StoredFile file) {
        return object(json -> {
            json.writeNumberField("file_id", file.id());
            json.writeStringField("url", text(file.url()));
            json.writeStringField("cdn_url", text(file.cdnUrl()));
            json.writeStringField("file_key", file.key());
            json.writeNumberField("size", file.size());
            json.writeStringField("category", file.category().name());
            json.writeStringField("content_type", file.contentType());
            json.writeStringField("original_filename", file.originalFilename());
        });
    }

    static byte[] file(StoredFile file) {
        return object(json -> writeFile(json, file));
    }

    static byte[] page(FilePage page) {
        return object(json -> {
            json.writeNumberField("total", page.total());
            json.writeNumberField("limit", page.limit());
            json.writeNumberField("offset", page.offset());
            json.writeArrayFieldStart("files");
            for (StoredFile file : page.files()) {
                json.writeStartObject();
                writeFile(json, file);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField("next_cursor", page.nextCursor());
        });
    }

    static byte[] presigned(SignedUrl signed, StoredFile file) {
        return object(json -> {
            json.writeStringField("presigned_url", text(signed.url()));
            json.writeStringField("expires_at", time(signed.expiresAt()));
            json.writeStringField("file_key", file.key());
        });
    }

    static byte[] deleted() {
        return object(json -> json.writeStringField("message", "File deleted"));
    }

    static byte[] failure(Failure failure, String requestId) {
        return object(json -> {
            json.writeStringField("error", failure.kind().error);
            json.writeStringField("code", failure.kind().code);
            json.writeStringField("message", failure.text());
            json.writeStringField("request_id", requestId);
        });
    }

    private static void writeFile(JsonGenerator json, StoredFile file) throws IOException {
        json.writeNumberField("id", file.id());
        json.writeStringField("file_key", file.key());
        json.writeStringField("original_filename", file.originalFilename());
        json.writeNumberField("file_size", file.size());
        json.writeStringField("content_type", file.contentType());
        json.writeStringField("category", file.category().name());
        json.writeStringField("s3_url", text(file.url()));
        json.writeStringField("cdn_url", text(file.cdnUrl()));
        json.writeStringField("uploaded_at", time(file.uploadedAt()));
        json.writeStringField("expires_at", time(file.expiresAt()));
    }

    private static byte[] object(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("text that has no form in UTF-8 cannot be answered", e);
        }
        return bytes.toByteArray();
    }

    private static @Nullable String text(@Nullable URI uri) {
        return uri == null ? null : uri.toASCIIString();
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : SECONDS.format(instant);
    }
}
