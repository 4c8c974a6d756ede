package dev.filestore.servlet;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The description of these endpoints as an <a href="https://spec.openapis.org/oas/v3.1.1">OpenAPI document</a>, with the
 * path in it that a request found it at. It tells nothing of the host but that, and is for everybody.
 */
final class OpenApiDocument {

    private static final String RESOURCE = "openapi.json";
    private static final String SERVER_URL = "\"url\": \"/api/files\"";
    private static final String CACHE_CONTROL = "no-cache";

    private final String before;
    private final String after;

    /** Reads it. */
    OpenApiDocument() {
        String text = read();
        int at = text.indexOf(SERVER_URL);
        if (at < 0) {
            throw new IllegalStateException(RESOURCE + " does not say: " + SERVER_URL);
        }
        this.before = text.substring(0, at);
        this.after = text.substring(at + SERVER_URL.length());
    }

    private static String read() {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing beside " + OpenApiDocument.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE + " cannot be read", e);
        }
    }

    /** Answers a GET or HEAD. */
    void send(Exchange exchange) throws IOException {
        byte[] document = at(exchange.locate(""));
        Validators validators = new Validators(entityTag(document), null);
        switch (validators.evaluate(exchange)) {
            case FAILED ->
                throw Failure.Kind.PRECONDITION.because("The document is another than the one that is expected");
            case NOT_MODIFIED -> {
                exchange.response.setHeader("ETag", validators.entityTag());
                exchange.response.setHeader("Cache-Control", CACHE_CONTROL);
                exchange.sendNothing(HttpServletResponse.SC_NOT_MODIFIED);
            }
            case PROCEED -> {
                Map<String, String> headers = headers(validators);
                if (exchange.isHead()) {
                    exchange.sendHead(headers, document.length);
                } else {
                    exchange.send(
                            HttpServletResponse.SC_OK, headers, document.length, new ByteArrayInputStream(document));
                }
            }
        }
    }

    private byte[] at(String path) {
        char[] url = JsonStringEncoder.getInstance().quoteAsString(path.isEmpty() ? "/" : path);
        return (before + "\"url\": \"" + String.valueOf(url) + '"' + after).getBytes(StandardCharsets.UTF_8);
    }

    private static String entityTag(byte[] document) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(document);
            return '"' + HexFormat.of().formatHex(digest) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Map<String, String> headers(Validators validators) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("ETag", validators.entityTag());
        headers.put("Cache-Control", CACHE_CONTROL);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Content-Security-Policy", Exchange.JSON_POLICY);
        return headers;
    }
}
