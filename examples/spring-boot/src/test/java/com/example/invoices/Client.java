package com.example.invoices;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Somebody who uses the application over HTTP: nobody yet, a user in a browser, or a program with a token. */
final class Client {

    static final byte[] PDF = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
            .getBytes(StandardCharsets.US_ASCII);

    private static final String BOUNDARY = "----Boundary7MA4YWxk";

    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final String base;
    private Consumer<HttpRequest.Builder> credentials = request -> {};

    Client(int port) {
        base = "http://127.0.0.1:" + port;
    }

    record Answer(int status, HttpResponse<String> response) {

        String body() {
            return response.body();
        }

        Object json(String path) {
            return JsonPath.read(body(), path);
        }

        String text(String path) {
            return (String) json(path);
        }

        int number(String path) {
            return (int) json(path);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    /** Logs in as a browser does: a cookie from here on, and the CSRF token in a header. */
    Client login(String user) {
        String form = "username=" + user + "&password=" + user + "&_csrf="
                + URLEncoder.encode(csrf(), StandardCharsets.UTF_8);
        Answer answer = send(
                "POST", "/login", BodyPublishers.ofString(form), "Content-Type", "application/x-www-form-urlencoded");
        if (answer.status() != 302 || answer.header("Location").contains("error")) {
            throw new AssertionError(user + " was not logged in: " + answer);
        }
        String token = csrf();
        credentials = request -> request.header("X-CSRF-TOKEN", token);
        return this;
    }

    private String csrf() {
        return get("/csrf").text("$.token");
    }

    Client withToken(String token) {
        credentials = request -> request.header("Authorization", "Bearer " + token);
        return this;
    }

    /** Asks for pages, as a browser does. */
    Client forPages() {
        credentials = request -> request.header("Accept", "text/html");
        return this;
    }

    /** The cookie stays, the CSRF token is not sent any more: what another site could have a browser do. */
    Client fromAnotherSite() {
        credentials = request -> {};
        return this;
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
        return upload("/api/files/upload", fileName);
    }

    Answer upload(String path, String fileName) {
        return upload(path, BodyPublishers.ofByteArrays(List.of(formStart(fileName), PDF, formEnd())));
    }

    Answer upload(String path, BodyPublisher form) {
        return send("POST", path, form, "Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    }

    /** What stands in a form in front of a file's bytes. */
    static byte[] formStart(String fileName) {
        return ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                        + "\"\r\nContent-Type: application/pdf\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] formField(String name, String value) {
        return ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] formEnd() {
        return ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Uploads a file and says its id. */
    int uploaded(String fileName) {
        return upload(fileName).number("$.file_id");
    }

    Answer invoice(String number, int... files) {
        return postJson(
                "/api/invoices",
                "{\"number\": \"" + number + "\", \"amount\": 12.50, \"attachments\": " + Arrays.toString(files) + "}");
    }

    private Answer send(String method, String path, BodyPublisher body, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(method, body)
                .timeout(Duration.ofSeconds(60));
        if (fields.length > 0) {
            request.headers(fields);
        }
        credentials.accept(request);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
