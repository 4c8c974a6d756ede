package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.filestore.Category;
import dev.filestore.servlet.HttpCalls.Answer;
import dev.filestore.servlet.HttpCalls.Raw;
import dev.filestore.servlet.ServletServer.Mount;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the servlet gets on in a container: where it is mounted, what stands around it, and what it does when things break. */
abstract class DeploymentContract {

    private MemoryTarget target;

    abstract ServletServer server(Mount mount);

    @AfterEach
    void stop() {
        target.close();
    }

    private HttpCalls start(Mount mount, UnaryOperator<FileStoreServlet.Builder> settings) {
        target = new MemoryTarget(server(mount), Clock.systemUTC(), settings);
        return target.as("123");
    }

    private HttpCalls start() {
        return start(Mount.USUAL, settings -> settings);
    }

    private static Form largePdf(int bytes) {
        return new Form().file("file", "large.pdf", null, Arrays.copyOf(HttpCalls.PDF, bytes));
    }

    @ParameterizedTest
    @CsvSource({"/app, /api/files/*, /app/api/files", "'', /files/*, /files", "/app, /*, /app"})
    void mount_anywhere_locatesFilesBelowIt(String context, String mapping, String path) {
        HttpCalls calls = start(new Mount(context, mapping, false, List.of()), settings -> settings);

        Answer uploaded = calls.uploadPdf("a.pdf");

        assertThat(uploaded.header("Location")).isEqualTo(path + "/" + uploaded.id());
        assertThat(calls.get("/" + uploaded.id()).status()).isEqualTo(200);
        assertThat(calls.get("/").status()).isEqualTo(200);
        assertThat(calls.get("/openapi.json").body()).contains("\"url\": \"" + path + "\"");
        assertThat(calls.postJson("/presigned-url", "{\"file_id\":" + uploaded.id() + "}")
                        .field("presigned_url"))
                .contains(path + "/" + uploaded.id() + "/content?");
    }

    @Test
    void mount_asDefaultServlet_locatesFilesBelowTheContext() {
        HttpCalls calls = start(new Mount("/app", "/", false, List.of()), settings -> settings);

        Answer uploaded = calls.uploadPdf("a.pdf");

        assertThat(uploaded.header("Location")).isEqualTo("/app/" + uploaded.id());
        assertThat(calls.get("/" + uploaded.id()).status()).isEqualTo(200);
        assertThat(calls.get("/openapi.json").body()).contains("\"url\": \"/app\"");
    }

    @Test
    void mount_asAllThereIs_isDescribedAsTheRoot() {
        HttpCalls calls = start(new Mount("", "/*", false, List.of()), settings -> settings);

        assertThat(calls.get("/openapi.json").body()).contains("\"url\": \"/\"");
    }

    @Test
    void upload_withMultipartConfigOfTheHost_isStillParsedHere() {
        HttpCalls calls = start(new Mount("", "/api/files/*", true, List.of()), settings -> settings);

        Form form = new Form()
                .file("file", "a.pdf", "application/pdf", HttpCalls.PDF)
                .field("expires_in_hours", "1");
        assertThat(calls.upload(form).status()).isEqualTo(201);
        assertThat(calls.upload("/upload?expires_in_hours=x", form).failure()).isEqualTo("400 Invalid request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256", "sha-512"})
    void upload_ofAnotherDigest_leavesNeitherRowNorObject(String algorithm) {
        HttpCalls calls = start();
        String wrong = algorithm + "=:"
                + Base64.getEncoder().encodeToString(new byte[algorithm.equals("sha-256") ? 32 : 64]) + ":";
        byte[] large = new String(largePdf(1_000_000).bytes(), StandardCharsets.ISO_8859_1)
                .replaceFirst("\r\n\r\n", "\r\nContent-Digest: " + wrong + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);

        Answer ofTheFile =
                calls.post("/upload", new Form().contentType(), HttpRequest.BodyPublishers.ofByteArray(large));
        Answer ofTheBody = calls.send(
                "POST",
                "/upload",
                request -> request.header("Content-Type", new Form().contentType())
                        .header("Content-Digest", wrong)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                largePdf(1_000_000).bytes())));

        assertThat(ofTheFile.failure()).isEqualTo("400 Invalid request");
        assertThat(ofTheBody.failure()).isEqualTo("400 Invalid request");
        assertThat(target.storage().objects()).isZero();
        assertThat(target.rows()).isZero();
    }

    @Test
    void upload_thatAFilterHasRead_is500AndTheLogSaysWhy() throws InterruptedException {
        Filter greedy = (request, response, chain) -> {
            if (request.getContentLengthLong() > 0) {
                ((HttpServletRequest) request).getParts();
            }
            chain.doFilter(request, response);
        };
        HttpCalls calls = start(new Mount("", "/api/files/*", true, List.of(greedy)), settings -> settings);

        try (LogLines log = new LogLines(Level.INFO)) {
            Answer answer = calls.uploadPdf("a.pdf");

            assertThat(answer.failure()).isEqualTo("500 S3 error");
            ILoggingEvent error = log.next(Level.ERROR);
            assertThat(error.getFormattedMessage()).contains(answer.field("request_id"));
            assertThat(error.getThrowableProxy().getMessage()).contains("before it reached FileStoreServlet");
        }
    }

    @Test
    void access_byTheContainersPrincipal_takesItsNameAndRoles() {
        Filter login = (request, response, chain) -> {
            String[] who = String.valueOf(((HttpServletRequest) request).getHeader("X-Test-User"))
                    .split(":", -1);
            chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                        @Override
                        public Principal getUserPrincipal() {
                            return who[0].equals("null") ? null : () -> who[0];
                        }

                        @Override
                        public boolean isUserInRole(String role) {
                            return who.length > 1 && who[1].equals(role);
                        }
                    },
                    response);
        };
        target = new MemoryTarget(
                server(new Mount("", "/api/files/*", false, List.of(login))),
                Clock.systemUTC(),
                new ContainerAccessPolicy("boss"),
                settings -> settings);
        HttpCalls calls = new HttpCalls(target.base(), null);
        long id = target.store()
                .upload(dev.filestore.UploadRequest.of("a.pdf", new java.io.ByteArrayInputStream(HttpCalls.PDF))
                        .withOwner("ann"))
                .id();

        assertThat(calls.get("/" + id).status()).isEqualTo(401);
        assertThat(calls.send("GET", "/" + id, r -> r.header("X-Test-User", "ann"))
                        .status())
                .isEqualTo(200);
        assertThat(calls.send("GET", "/" + id, r -> r.header("X-Test-User", "bob:clerk"))
                        .status())
                .isEqualTo(403);
        assertThat(calls.send("GET", "/" + id, r -> r.header("X-Test-User", "bob:boss"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void list_ofACategoryOfTheHost_isKnown() {
        HttpCalls calls = start(Mount.USUAL, settings -> settings.category(new Category("audio")));

        assertThat(calls.get("?category=audio").status()).isEqualTo(200);
        assertThat(calls.get("?category=music").field("message"))
                .isEqualTo("category is one of image, video, document, audio, found 'music'");
    }

    @Test
    void rateLimits_off_leaveTheFieldsOut() {
        HttpCalls calls = start(Mount.USUAL, settings -> settings.rateLimits(RateLimits.off()));

        for (int i = 0; i < 12; i++) {
            Answer answer = calls.uploadPdf("a.pdf");
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.header("RateLimit-Limit")).isNull();
        }
    }

    @Test
    void file_pastItsExpiry_is404() {
        class Moving extends Clock {
            private Instant now = Instant.now();

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        }
        Moving clock = new Moving();
        target = new MemoryTarget(server(Mount.USUAL), clock, settings -> settings);
        HttpCalls calls =
                new HttpCalls(target.base(), MemoryTarget.token("123", "user", clock.now.plus(Duration.ofDays(1))));
        long id = calls.upload(new Form().field("expires_in_hours", "1").file("file", "a.pdf", null, HttpCalls.PDF))
                .id();
        String presigned =
                calls.postJson("/presigned-url", "{\"file_id\":" + id + "}").field("presigned_url");

        clock.now = clock.now.plus(Duration.ofHours(1)).minusSeconds(1);
        assertThat(calls.get("/" + id).status()).isEqualTo(200);
        clock.now = clock.now.plusSeconds(1);

        assertThat(calls.get("/" + id).failure()).isEqualTo("404 File not found");
        assertThat(calls.get("/" + id + "/content").failure()).isEqualTo("404 File not found");
        assertThat(calls.postJson("/presigned-url", "{\"file_id\":" + id + "}").failure())
                .isEqualTo("404 File not found");
        assertThat(calls.send("DELETE", "/" + id, r -> {}).failure()).isEqualTo("404 File not found");
        assertThat(calls.get("").body()).startsWith("{\"total\":0,");
        assertThat(new HttpCalls(target.base(), null).get(presigned).failure()).isEqualTo("403 Not authorized");
    }

    @Test
    void content_whoseStorageBreaksOffHalfway_neverLooksWhole() {
        HttpCalls calls = start();
        long id = calls.upload(largePdf(1_000_000)).id();

        target.storage()
                .whileReadsBreakAt(
                        400_000,
                        () -> assertThatThrownBy(() -> calls.get("/" + id + "/content"))
                                .isInstanceOf(UncheckedIOException.class));
        for (int breakAt : new int[] {0, 1, 1_000, 60_000}) {
            target.storage()
                    .whileReadsBreakAt(
                            breakAt,
                            () -> assertThat(calls.get("/" + id + "/content"))
                                    .satisfies(answer ->
                                            assertThat(answer.failure()).isEqualTo("500 S3 error"))
                                    .satisfies(answer -> assertThat(
                                                    answer.response().headers().map())
                                            .doesNotContainKey("content-disposition")));
        }

        assertThat(calls.get("/" + id + "/content").response().body()).hasSize(1_000_000);
    }

    @Test
    void content_clientGoneHalfway_closesTheStream() throws IOException, InterruptedException {
        HttpCalls calls = start();
        long id = calls.upload(largePdf(40_000_000)).id();

        try (Raw raw = calls.raw()) {
            raw.head("GET", "/" + id + "/content");
            assertThat(raw.readUntil("%PDF")).startsWith("HTTP/1.1 200");
        }

        assertThat(target.storage().awaitClosed()).isTrue();
        assertThat(target.storage().openStreams()).isZero();
    }

    @Test
    void upload_refusedEarly_isToldToAClientThatSendsAllBeforeItReads() throws IOException {
        HttpCalls calls = start();
        byte[] body =
                new Form().file("file", "a.exe", null, new byte[20_000_000]).bytes();

        for (HttpCalls client : List.of(calls, new HttpCalls(target.base(), null))) {
            try (Raw raw = client.raw()) {
                raw.head(
                                "POST",
                                "/upload",
                                "Content-Type: " + new Form().contentType(),
                                "Content-Length: " + body.length)
                        .write(body);
                String answer = raw.readUntil("\"}");
                assertThat(answer).startsWith(client == calls ? "HTTP/1.1 400" : "HTTP/1.1 401");
                assertThat(answer).containsIgnoringCase("Connection: close");
            }
        }
        assertThat(target.storage().objects()).isZero();
    }

    @Test
    void upload_heldBackByExpect_isRefusedAtOnce() throws IOException {
        start();
        try (Raw raw = new HttpCalls(target.base(), null).raw()) {
            raw.head(
                    "POST",
                    "/upload",
                    "Content-Type: " + new Form().contentType(),
                    "Content-Length: 1000000",
                    "Expect: 100-continue");
            String answer = raw.readUntil("\"}");
            assertThat(answer.replace("HTTP/1.1 100 Continue\r\n\r\n", "").replace("HTTP/1.1 100 \r\n\r\n", ""))
                    .startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void eachRequest_isOneLineInTheLog_withoutSecrets() throws InterruptedException {
        HttpCalls calls = start();
        try (LogLines log = new LogLines(Level.DEBUG)) {
            Answer uploaded = calls.uploadPdf("a.pdf");
            ILoggingEvent line = log.next();
            String requestId = uploaded.header("X-Request-Id");
            assertThat(line.getLevel()).isEqualTo(Level.INFO);
            assertThat(line.getFormattedMessage())
                    .matches("request_id=" + requestId + " user='123' op=upload status=201 id=" + uploaded.id()
                            + " ms=[0-9]+");
            assertThat(line.getMDCPropertyMap()).containsEntry("request_id", requestId);

            String presigned = calls.postJson("/presigned-url", "{\"file_id\":" + uploaded.id() + "}")
                    .field("presigned_url");
            assertThat(log.next().getFormattedMessage())
                    .contains(" op=presign status=200 ")
                    .doesNotContain("signature");
            calls.get(presigned);
            assertThat(log.next().getFormattedMessage())
                    .contains(" user=- op=content status=200 ")
                    .doesNotContain(presigned.substring(presigned.indexOf("signature=")));
            new HttpCalls(target.base(), "a.b.c").get("");
            assertThat(log.next().getFormattedMessage()).contains(" user=- op=list status=401 id=- ");
            assertThat(log.isEmpty()).isTrue();
        }
    }

    @Test
    void storageFails_isInTheLogUnderTheSameRequestId() throws InterruptedException {
        HttpCalls calls = start();
        try (LogLines log = new LogLines(Level.INFO)) {
            target.storage()
                    .whileBroken(
                            () -> assertThat(calls.uploadPdf("a.pdf").status()).isEqualTo(500));

            ILoggingEvent error = log.next();
            assertThat(error.getLevel()).isEqualTo(Level.ERROR);
            assertThat(error.getThrowableProxy().getCause().getMessage())
                    .contains(BreakableStorage.SECRET_OF_THE_CAUSE);
            assertThat(log.next().getFormattedMessage())
                    .startsWith("request_id=" + error.getMDCPropertyMap().get("request_id") + " ");
        }
    }

    @Test
    void userIdThatLooksLikeALogLine_staysInItsPlace() throws InterruptedException {
        start();
        try (LogLines log = new LogLines(Level.INFO)) {
            assertThat(target.as("a\nrequest_id=x").get("").status()).isEqualTo(200);
            assertThat(log.next().getFormattedMessage())
                    .contains(" user='a?request_id=x' ")
                    .doesNotContain("\n");
        }
    }
}
