package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all endpoints share: the form of an error, who may call, methods, rate limits. */
abstract class ErrorContract extends HttpContract.Group {

    @Test
    void error_hasItsFieldsInOrder() {
        Answer answer = mine().get("/0");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"Invalid request\",\"code\":\"invalid_request\","
                        + "\"message\":\"A file id is a whole number from 1, found '0'\",\"request_id\":\""
                        + answer.header("X-Request-Id") + "\"}");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /42",
        "GET, ''",
        "GET, /42/content",
        "DELETE, /42",
        "POST, /upload",
        "POST, /presigned-url",
        "GET, /nothing/at/all",
        "PUT, /42"
    })
    void call_withoutToken_is401(String method, String path) {
        Answer answer = anonymous().send(method, path, request -> {});

        assertThat(answer.failure()).isEqualTo("401 Authentication required");
        assertThat(answer.field("code")).isEqualTo("authentication_required");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(answer.header("Set-Cookie")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Bearer a.b.c",
                "Basic dTpw",
                "TOKEN",
                "Token TOKEN",
                "Bearer TOKENx",
                "Bearer TOKEN TOKEN"
            })
    void call_tokenThatDoesNotVerify_is401(String authorization) {
        String header = authorization.replace("TOKEN", target().token(user));

        assertThat(anonymous()
                        .send("GET", "", request -> request.header("Authorization", header))
                        .failure())
                .isEqualTo("401 Authentication required");
    }

    @Test
    void call_tokenInTheQuery_is401() {
        assertThat(anonymous().get("?access_token=" + target().token(user)).failure())
                .isEqualTo("401 Authentication required");
        assertThat(anonymous().get("?token=" + target().token(user)).failure())
                .isEqualTo("401 Authentication required");
    }

    /** RFC 6750 sections 2.2 and 2.3 allow both; neither is done here, since addresses end in logs. */
    @Test
    void call_tokenInACookieOrAFormField_is401() {
        String token = target().token(user);
        for (String name : new String[] {"access_token", "token", "jwt", "Authorization"}) {
            assertThat(anonymous()
                            .send("GET", "", request -> request.header("Cookie", name + "=" + token))
                            .failure())
                    .isEqualTo("401 Authentication required");
        }
        assertThat(anonymous()
                        .post(
                                "/presigned-url",
                                "application/x-www-form-urlencoded",
                                HttpRequest.BodyPublishers.ofString("access_token=" + token))
                        .failure())
                .isEqualTo("401 Authentication required");
        assertThat(anonymous()
                        .upload(new Form()
                                .field("access_token", token)
                                .file("file", "a.pdf", "application/pdf", HttpCalls.PDF))
                        .failure())
                .isEqualTo("401 Authentication required");
    }

    @Test
    void call_twoAuthorizationFields_is401() throws IOException {
        String token = target().token(user);
        for (String other : new String[] {token, "x", target().adminToken(user)}) {
            try (HttpCalls.Raw raw = mine().raw()) {
                raw.head("GET", "", "Authorization: Bearer " + other, "Connection: close");
                // A server may refuse such a request before the servlet sees it.
                assertThat(raw.readUntil("\0")).matches("(?s)HTTP/1.1 40[01] .*");
            }
        }
    }

    @Test
    void call_tokenOfAMegabyte_isRefused() throws IOException {
        for (int size : new int[] {9_000, 1 << 20}) {
            String header = "Authorization: Bearer " + target().token(user) + "x".repeat(size);
            try (HttpCalls.Raw raw = anonymous().raw()) {
                raw.head("GET", "", header, "Connection: close");
                assertThat(raw.readUntil("\0")).matches("(?s)HTTP/1.1 4(00|01|31) .*");
            } catch (SocketException e) {
                // A server need not listen to all of it, and then its answer may be lost on the way.
                assertThat(size).isEqualTo(1 << 20);
            }
        }
        assertThat(mine().get("").status()).isEqualTo(200);
    }

    @Test
    void call_tokenThatDoesNotVerify_isToldNoMoreThanOneThatIsMissing() {
        Answer answer = anonymous().send("GET", "", request -> request.header("Authorization", "Bearer a.b.c"));

        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(answer.field("message")).isEqualTo(anonymous().get("").field("message"));
    }

    @Test
    void call_schemeInOtherLetters_isUnderstood() {
        String header = "bearer " + target().token(user);

        assertThat(anonymous()
                        .send("GET", "", request -> request.header("Authorization", header))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void upload_withoutToken_is401ThoughTheBodyIsStillComing() {
        Answer answer = anonymous()
                .post("/upload", new Form().contentType(), HttpRequest.BodyPublishers.ofByteArray(new byte[4_000_000]));

        assertThat(answer.failure()).isEqualTo("401 Authentication required");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, '', 'GET, HEAD, OPTIONS'",
        "POST, '', 'GET, HEAD, OPTIONS'",
        "DELETE, '', 'GET, HEAD, OPTIONS'",
        "GET, /upload, 'POST, OPTIONS'",
        "PUT, /upload, 'POST, OPTIONS'",
        "DELETE, /upload, 'POST, OPTIONS'",
        "GET, /presigned-url, 'POST, OPTIONS'",
        "HEAD, /presigned-url, 'POST, OPTIONS'",
        "POST, /42, 'GET, HEAD, DELETE, OPTIONS'",
        "PATCH, /42, 'GET, HEAD, DELETE, OPTIONS'",
        "PUT, /x, 'GET, HEAD, DELETE, OPTIONS'",
        "DELETE, /42/content, 'GET, HEAD, OPTIONS'"
    })
    void call_methodThatThePathDoesNotHave_is405WithAllow(String method, String path, String allow) {
        Answer answer = mine().send(method, path, request -> {});

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allow);
        if (!method.equals("HEAD")) {
            assertThat(answer.failure()).isEqualTo("405 Method not allowed");
            assertThat(answer.field("code")).isEqualTo("method_not_allowed");
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 'GET, HEAD, OPTIONS'", "/upload, 'POST, OPTIONS'", "/42, 'GET, HEAD, DELETE, OPTIONS'"})
    void options_answersWithAllow(String path, String allow) {
        Answer answer = anonymous().send("OPTIONS", path, request -> {});

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Allow")).isEqualTo(allow);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/42/nothing", "/upload/", "/42/content/", "/a/b/c"})
    void call_pathThatNamesNothing_is404(String path) {
        Answer answer = mine().get(path);

        assertThat(answer.failure()).isEqualTo("404 File not found");
        assertThat(answer.field("code")).isEqualTo("file_not_found");
    }

    @Test
    void storageFails_is500AndTellsNothingOfTheCause() {
        long id = mine().uploadPdf("a.pdf").id();

        target().whileStorageFails(() -> {
            for (Answer answer : java.util.List.of(mine().uploadPdf("b.pdf"), mine().get("/" + id + "/content"))) {
                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.body())
                        .isEqualTo("{\"error\":\"S3 error\",\"code\":\"s3_error\",\"message\":\"The storage failed; try"
                                + " again later, and quote the request_id if it goes on\",\"request_id\":\""
                                + answer.header("X-Request-Id") + "\"}");
            }
        });
        assertThat(mine().get("/" + id + "/content").status()).isEqualTo(200);
    }

    @Test
    void requestId_ofASafeForm_isKept() {
        Answer answer = mine().send("GET", "/0", request -> request.header("X-Request-Id", "trace-0123.abc_DEF"));

        assertThat(answer.header("X-Request-Id")).isEqualTo("trace-0123.abc_DEF");
        assertThat(answer.field("request_id")).isEqualTo("trace-0123.abc_DEF");
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "with space in it", "<script>alert(1)</script>", "a;b;c;d;e;f;g;h"})
    void requestId_ofAnotherForm_isReplaced(String proposed) {
        Answer answer = mine().send("GET", "", request -> request.header("X-Request-Id", proposed));

        assertThat(answer.header("X-Request-Id")).matches("[0-9a-f-]{36}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, '', 100, list",
        "DELETE, /999999999999, 50, delete",
        "GET, /999999999999, 100, other",
        "POST, /upload, 10, upload"
    })
    void call_moreOftenThanTheLimit_is429(String method, String path, int limit, String policy) {
        for (int i = 1; i <= limit; i++) {
            Answer answer = mine().send(method, path, request -> {});
            assertThat(answer.status()).isNotEqualTo(429);
            assertThat(answer.header("RateLimit-Limit")).isEqualTo(Integer.toString(limit));
            assertThat(answer.header("RateLimit-Remaining")).isEqualTo(Integer.toString(limit - i));
            assertThat(answer.header("Retry-After")).isNull();
        }

        Answer answer = mine().send(method, path, request -> {});

        assertThat(answer.failure()).isEqualTo("429 Too many requests");
        assertThat(answer.field("code")).isEqualTo("too_many_requests");
        int seconds = Integer.parseInt(answer.header("Retry-After"));
        assertThat(seconds).isBetween(1, 60);
        assertThat(answer.header("RateLimit-Limit")).isEqualTo(Integer.toString(limit));
        assertThat(answer.header("RateLimit-Remaining")).isEqualTo("0");
        assertThat(answer.header("RateLimit-Reset")).isEqualTo(Integer.toString(seconds));
        assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"" + policy + "\";q=" + limit + ";w=60");
        assertThat(answer.header("RateLimit")).isEqualTo("\"" + policy + "\";r=0;t=" + seconds);
        // The others go on being counted for themselves.
        assertThat(mine().send("PUT", "/presigned-url", request -> {}).status())
                .isEqualTo(policy.equals("other") ? 429 : 405);
        assertThat(as(user + "-other").send(method, path, request -> {}).status())
                .isNotEqualTo(429);
    }
}
