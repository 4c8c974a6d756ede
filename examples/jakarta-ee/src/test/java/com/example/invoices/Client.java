package com.example.invoices;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Somebody who uses the application over HTTP: nobody, or one of the server's users. */
final class Client {

    static final byte[] PDF =
            "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".getBytes(US_ASCII);

    private static final String BOUNDARY = "----Boundary7MA4YWxk";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final List<String> fields;

    private Client(String base, List<String> fields) {
        this.base = base;
        this.fields = fields;
    }

    static Client nobody(int port) {
        return new Client("http://127.0.0.1:" + port, List.of());
    }

    /** Each one's password is the name. */
    Client as(String user) {
        String credentials = Base64.getEncoder().encodeToString((user + ":" + user).getBytes(UTF_8));
        return with("Authorization", "Basic " + credentials);
    }

    /** The same user, whose browser sends one more field. */
    Client with(String name, String value) {
        return new Client(base, List.of(concat(fields, name, value)));
    }

    private static String[] concat(List<String> fields, String... more) {
        String[] all = Arrays.copyOf(fields.toArray(String[]::new), fields.size() + more.length);
        System.arraycopy(more, 0, all, fields.size(), more.length);
        return all;
    }

    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        JsonNode json() {
            try {
                return JSON.readTree(body());
            } catch (JsonProcessingException e) {
                throw new AssertionError(body(), e);
            }
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    Answer postJson(String path, String json) {
        return send("POST", path, BodyPublishers.ofString(json), "Content-Type", "application/json");
    }

    Answer upload(String fileName) {
        return upload(BodyPublishers.ofByteArrays(List.of(formStart(fileName), PDF, formEnd())));
    }

    Answer upload(BodyPublisher form) {
        return send("POST", "/api/files/upload", form, "Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    }

    /** What stands in a form in front of a file's bytes. */
    static byte[] formStart(String fileName) {
        return ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/pdf\r\n\r\n")
                .getBytes(UTF_8);
    }

    static byte[] formEnd() {
        return ("\r\n--" + BOUNDARY + "--\r\n").getBytes(US_ASCII);
    }

    /** Uploads a file and says its id. */
    int uploaded(String fileName) {
        Answer answer = upload(fileName);
        if (answer.status() != 201) {
            throw new AssertionError(fileName + " was not stored: " + answer.status() + " " + answer.body());
        }
        return answer.json().get("file_id").asInt();
    }

    Answer invoice(String number, int... files) {
        return postJson(
                "/api/invoices",
                "{\"number\": \"" + number + "\", \"amount\": 12.50, \"attachments\": " + Arrays.toString(files) + "}");
    }

    private Answer send(String method, String path, BodyPublisher body, String... more) {
        URI address = path.startsWith("/") ? URI.create(base + path) : URI.create(path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).method(method, body).timeout(Duration.ofSeconds(60));
        String[] all = concat(fields, more);
        if (all.length > 0) {
            request.headers(all);
        }
        try {
            return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
