package dev.filestore.servlet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A multipart body as browsers and curl write it, or with what is wrong with it said by hand. */
final class Form {

    static final String BOUNDARY = "----Boundary7MA4YWxk";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private String end = "--" + BOUNDARY + "--\r\n";

    String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    Form field(String name, String value) {
        return text(
                "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n");
    }

    Form file(String name, String fileName, @Nullable String type, byte[] content) {
        text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + fileName
                + "\"\r\n" + (type == null ? "" : "Content-Type: " + type + "\r\n") + "\r\n");
        bytes.writeBytes(content);
        return text("\r\n");
    }

    /** Any bytes, as they stand. */
    Form text(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** What stands at the end in place of the last boundary. */
    Form endingWith(String text) {
        end = text;
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(bytes.toByteArray());
        all.writeBytes(end.getBytes(StandardCharsets.UTF_8));
        return all.toByteArray();
    }
}
