package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import dev.filestore.servlet.HttpCalls.Raw;
import dev.filestore.servlet.ServletServer.Mount;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.Filter;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that send slowly, or never go on: they are cut off, they take no more than their share of the threads, and the
 * others do not notice. The container itself waits longer here than any test does.
 */
@Timeout(20)
abstract class SlowClientsContract {

    private static final Duration PATIENCE_OF_THE_CONTAINER = Duration.ofMinutes(5);
    private static final byte[] FORM =
            new Form().file("file", "a.pdf", "application/pdf", HttpCalls.PDF).bytes();

    private final Semaphore reading = new Semaphore(0);
    private final Semaphore answered = new Semaphore(0);
    private final SettableTime time = new SettableTime();
    private volatile boolean breakNextBody;
    private MemoryTarget target;

    /** A server that gives up a connection on which nothing comes or goes for so long. */
    abstract ServletServer server(Mount mount, Duration idle);

    private void start(RateLimits limits, TimeMeter meter) {
        Filter watching = (request, response, chain) -> {
            try {
                chain.doFilter(
                        new HttpServletRequestWrapper((HttpServletRequest) request) {
                            @Override
                            public ServletInputStream getInputStream() throws IOException {
                                if (breakNextBody) {
                                    breakNextBody = false;
                                    throw new IllegalArgumentException("a filter of the host has a bug");
                                }
                                return new Watched(super.getInputStream());
                            }
                        },
                        response);
            } finally {
                answered.release();
            }
        };
        Mount mount = new Mount("", "/api/files/*", false, List.of(watching));
        target = new MemoryTarget(
                server(mount, PATIENCE_OF_THE_CONTAINER),
                Clock.systemUTC(),
                settings -> settings.rateLimits(limits).time(meter));
    }

    /** Tells when the first bytes are waited for. */
    private final class Watched extends ServletInputStream {

        private final ServletInputStream in;
        private boolean told;

        Watched(ServletInputStream in) {
            this.in = in;
        }

        @Override
        public int read() {
            throw new IllegalStateException("bodies are read in bulk");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (!told) {
                told = true;
                reading.release();
            }
            return in.read(buffer, offset, length);
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }

    @AfterEach
    void stop() {
        target.close();
    }

    private static void await(Semaphore event, int times) {
        try {
            assertThat(event.tryAcquire(times, 30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Raw begun(HttpCalls calls, String path, String type, int length, byte[] bytes) throws IOException {
        return calls.raw()
                .head("POST", path, "Content-Type: " + type, "Content-Length: " + length)
                .write(bytes);
    }

    /** The first half of an upload, which the server is waiting to go on. */
    private Raw half(HttpCalls calls) throws IOException {
        Raw raw = begun(calls, "/upload", new Form().contentType(), FORM.length, Arrays.copyOf(FORM, FORM.length / 2));
        await(reading, 1);
        return raw;
    }

    private static void finish(Raw half) throws IOException {
        half.write(Arrays.copyOfRange(FORM, FORM.length / 2, FORM.length));
        assertThat(half.readUntil("\"}")).startsWith("HTTP/1.1 201");
    }

    private static RateLimits atOnce(int perUser, int inAll) {
        return RateLimits.off().withUploadsAtOnce(perUser, inAll);
    }

    /** All that came until the server closed, which it does though the client goes on. */
    private static String untilCutOff(Raw raw) throws IOException {
        return raw.readUntil("never");
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 1_500_000, 30_000_000})
    void upload_thatTrickles_isRefusedAndCutOff(int length) throws IOException {
        // Forty seconds pass while the server waits for these bytes.
        start(RateLimits.off(), time.stepping(Duration.ofSeconds(40)));

        try (Raw raw =
                begun(target.as("slow"), "/upload", new Form().contentType(), length, Arrays.copyOf(FORM, 100))) {
            assertThat(untilCutOff(raw))
                    .startsWith("HTTP/1.1 400")
                    .containsIgnoringCase("Connection: close")
                    .contains("\"error\":\"Invalid request\"")
                    .contains("The body comes too slowly: a body comes with at least 500 bytes per second");
        }
        assertThat(target.rows()).isZero();
        assertThat(target.storage().objects()).isZero();
    }

    @Test
    void upload_thatTricklesWithinTheFile_leavesNeitherRowNorObject() throws IOException {
        start(RateLimits.off(), time);
        byte[] large = new Form()
                .file("file", "a.pdf", "application/pdf", Arrays.copyOf(HttpCalls.PDF, 100_000))
                .bytes();

        try (Raw raw = begun(
                target.as("slow"), "/upload", new Form().contentType(), large.length, Arrays.copyOf(large, 50_000))) {
            target.storage().awaitPut();
            // Whether the server waits already, or is about to.
            time.stepping(Duration.ofSeconds(150)).pass(Duration.ofSeconds(150));
            raw.write(new byte[1]);
            assertThat(untilCutOff(raw)).startsWith("HTTP/1.1 400").contains("too slowly");
        }
        assertThat(target.rows()).isZero();
        assertThat(target.storage().objects()).isZero();
    }

    @Test
    void presign_thatTrickles_isRefusedAndCutOff() throws IOException {
        start(RateLimits.off(), time.stepping(Duration.ofSeconds(40)));

        try (Raw raw = begun(
                target.as("slow"), "/presigned-url", "application/json", 100, "{".getBytes(StandardCharsets.UTF_8))) {
            assertThat(untilCutOff(raw)).startsWith("HTTP/1.1 400").contains("The body comes too slowly");
        }
    }

    @Test
    void upload_thatTricklesOnAfterItsRefusal_isCutOff() throws IOException {
        // Ten seconds are over when the first bytes have been read.
        start(RateLimits.off(), time.stepping(Duration.ofSeconds(6)));

        try (Raw raw = begun(
                new HttpCalls(target.base(), null), "/upload", new Form().contentType(), 1_000_000, new byte[1])) {
            assertThat(untilCutOff(raw)).startsWith("HTTP/1.1 401").containsIgnoringCase("Connection: close");
        }
    }

    /** Tomcat reads what nobody asked for, as slowly as it comes, on the thread of the request. */
    @ParameterizedTest
    @CsvSource({"OPTIONS, /upload, 204", "GET, '', 200", "DELETE, /1, 404", "HEAD, '', 200"})
    void request_withABodyThatMeansNothingAndTrickles_isAnsweredAndCutOff(String method, String path, int status)
            throws IOException {
        // A minute is over whenever somebody looks.
        start(RateLimits.off(), time.stepping(Duration.ofSeconds(61)));

        try (Raw raw = target.as("a").raw().head(method, path, "Content-Length: 1000000")) {
            raw.write(new byte[1]);
            assertThat(untilCutOff(raw)).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void request_withASmallBodyThatMeansNothing_leavesTheConnectionAlone() throws IOException {
        start(RateLimits.off(), time);

        try (Raw raw = target.as("a").raw()) {
            for (int i = 0; i < 3; i++) {
                raw.head("DELETE", "/1", "Content-Length: 2").write(new byte[2]);
                assertThat(raw.readUntil("\"}")).startsWith("HTTP/1.1 404");
            }
        }
    }

    @Test
    void uploads_slowestOff_mayTakeAnyTime() throws IOException {
        start(RateLimits.off().withSlowestBody(0, Duration.ofSeconds(1)), time.stepping(Duration.ofHours(1)));

        try (Raw raw = half(target.as("patient"))) {
            finish(raw);
        }
    }

    @Test
    void uploads_asManyAsOneUserMay_leaveOthersAlone() throws IOException {
        start(RateLimits.off(), time);
        List<Raw> halves = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                halves.add(half(target.as("slow")));
            }

            Answer another = target.as("slow").uploadPdf("b.pdf");
            assertThat(another.failure()).isEqualTo("429 Too many requests");
            assertThat(another.field("code")).isEqualTo("too_many_requests");
            assertThat(another.field("message")).isEqualTo("At most 10 uploads of one user are taken at the same time");
            assertThat(another.header("Retry-After")).isEqualTo("5");
            assertThat(target.as("slow").get("").status()).isEqualTo(200);
            for (int i = 0; i < 20; i++) {
                Answer uploaded = target.as("other").uploadPdf("c.pdf");
                assertThat(uploaded.status()).isEqualTo(201);
                assertThat(target.as("other").get("?limit=1").status()).isEqualTo(200);
                assertThat(target.as("other")
                                .get("/" + uploaded.id() + "/content")
                                .status())
                        .isEqualTo(200);
            }

            finish(halves.remove(0));
            assertThat(target.as("slow").uploadPdf("b.pdf").status()).isEqualTo(201);
            for (Raw half : halves) {
                finish(half);
            }
        } finally {
            for (Raw half : halves) {
                half.close();
            }
        }
        assertThat(target.storage().objects()).isEqualTo(10 + 1 + 20);
    }

    /** A place may be free in five seconds, but who has asked as often as is allowed may not ask before the minute is over. */
    @Test
    void uploads_asManyAsOneUserMayAndTheLastOfTheMinute_waitForBoth() throws IOException {
        start(RateLimits.standard().withUpload(2).withUploadsAtOnce(1, 3), time);
        try (Raw first = half(target.as("slow"))) {
            Answer second = target.as("slow").uploadPdf("b.pdf");

            assertThat(second.status()).isEqualTo(429);
            assertThat(second.header("RateLimit-Remaining")).isEqualTo("0");
            assertThat(Integer.parseInt(second.header("RateLimit-Reset"))).isGreaterThan(5);
            assertThat(second.header("Retry-After")).isEqualTo(second.header("RateLimit-Reset"));
            finish(first);
        }
    }

    @Test
    void uploads_asManyAsAllMay_are503AtOnce() throws IOException {
        start(atOnce(2, 3), time);
        try (Raw first = half(target.as("a"));
                Raw second = half(target.as("a"));
                Raw third = half(target.as("b"));
                Raw fourth = target.as("c").raw()) {
            // Its body never comes, so that an answer can only come without it.
            fourth.head("POST", "/upload", "Content-Type: " + new Form().contentType(), "Content-Length: 30000000");
            assertThat(fourth.readUntil("\"}"))
                    .startsWith("HTTP/1.1 503")
                    .containsIgnoringCase("Retry-After: 10")
                    .containsIgnoringCase("Connection: close")
                    .contains("\"error\":\"Service unavailable\",\"code\":\"service_unavailable\","
                            + "\"message\":\"There are too many uploads at the moment; try again later\"");
            assertThat(target.as("c").get("").status()).isEqualTo(200);
            assertThat(target.as("a").uploadPdf("a.pdf").failure()).isEqualTo("429 Too many requests");

            finish(second);
            assertThat(target.as("c").uploadPdf("c.pdf").status()).isEqualTo(201);
            finish(first);
            finish(third);
        }
    }

    private enum Path {
        REFUSED_TYPE(400),
        BROKEN_FORM(400),
        NO_FORM(400),
        STORAGE_FAILURE(500),
        BUG_OF_A_FILTER(500),
        CLIENT_GONE(0),
        STORED(201);

        private final int status;

        Path(int status) {
            this.status = status;
        }
    }

    @ParameterizedTest
    @EnumSource(Path.class)
    void upload_howeverItEnds_makesRoomForTheNext(Path path) throws IOException {
        start(atOnce(1, 1), time);
        HttpCalls calls = target.as("a");

        for (int i = 0; i < 3; i++) {
            assertThat(end(path, calls)).isEqualTo(path.status);
            await(answered, 1);
        }

        assertThat(calls.uploadPdf("a.pdf").status()).isEqualTo(201);
        await(answered, 1);
        assertThat(target.as("b").uploadPdf("a.pdf").status()).isEqualTo(201);
    }

    private int end(Path path, HttpCalls calls) throws IOException {
        switch (path) {
            case REFUSED_TYPE -> {
                return calls.upload(new Form().file("file", "a.exe", null, new byte[100_000]))
                        .status();
            }
            case BROKEN_FORM -> {
                return calls.post(
                                "/upload",
                                new Form().contentType(),
                                java.net.http.HttpRequest.BodyPublishers.ofByteArray(Arrays.copyOf(FORM, 200)))
                        .status();
            }
            case NO_FORM -> {
                return calls.postJson("/upload", "{}").status();
            }
            case STORAGE_FAILURE -> {
                int[] status = new int[1];
                target.storage()
                        .whileBroken(() -> status[0] = calls.uploadPdf("a.pdf").status());
                return status[0];
            }
            case BUG_OF_A_FILTER -> {
                breakNextBody = true;
                return calls.uploadPdf("a.pdf").status();
            }
            case CLIENT_GONE -> {
                reading.drainPermits();
                try (Raw half = half(calls)) {
                    half.reset();
                }
                return 0;
            }
            case STORED -> {
                return calls.uploadPdf("a.pdf").status();
            }
        }
        throw new IllegalStateException("no such path");
    }

    @Test
    void presigns_whoseBodiesComeLate_areBoundedPerUserAndLeaveOthersAlone() throws IOException {
        // An eighth of 8 for one user, a quarter for all.
        start(atOnce(8, 8), time);
        long id = target.as("b").uploadPdf("a.pdf").id();
        reading.drainPermits();
        // Of whose body nothing has come, so that it is not read before it has its place.
        try (Raw first = begun(target.as("a"), "/presigned-url", "application/json", 100, new byte[0])) {
            await(reading, 1);
            try (Raw second = begun(target.as("a"), "/presigned-url", "application/json", 100, new byte[] {'{'})) {
                assertThat(second.readUntil("\"}"))
                        .startsWith("HTTP/1.1 429")
                        .contains("At most 1 bodies that come late of one user");
            }
            assertThat(target.as("b")
                            .postJson("/presigned-url", "{\"file_id\":" + id + "}")
                            .status())
                    .isEqualTo(200);
            first.write(new byte[100]);
            assertThat(first.readUntil("\"}")).contains("The body is not well-formed JSON");
            assertThat(target.as("a")
                            .postJson("/presigned-url", "{\"file_id\":0}")
                            .status())
                    .isEqualTo(400);
        }
    }

    /** Behind a success a container may wait for the body that the client holds back, as slowly as that likes to send it. */
    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "GET"})
    void bodyThatIsHeldBack_behindItsAnswer_isNotWaitedFor(String method) throws IOException {
        start(atOnce(4, 4), time);
        try (Raw raw = target.as("a").raw()) {
            raw.head(method, "", "Content-Length: 1000000", "Expect: 100-continue");
            assertThat(untilCutOff(raw)).containsPattern("HTTP/1.1 20[04]");
        }
    }

    @Test
    void refused_moreThanAreHeard_areCutOffAtOnce() throws IOException {
        // A quarter of 4 is heard at the same time.
        start(atOnce(4, 4), time);
        HttpCalls nobody = new HttpCalls(target.base(), null);
        try (Raw heard = begun(nobody, "/upload", new Form().contentType(), 1_000_000, new byte[10])) {
            await(reading, 1);
            try (Raw unheard = begun(nobody, "/upload", new Form().contentType(), 1_000_000, new byte[10])) {
                assertThat(untilCutOff(unheard)).startsWith("HTTP/1.1 401").containsIgnoringCase("Connection: close");
            }
            assertThat(target.as("a").uploadPdf("a.pdf").status()).isEqualTo(201);
            heard.reset();
        }
    }
}
