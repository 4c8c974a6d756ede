package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.FileContent;
import dev.filestore.FileQuery;
import dev.filestore.StoredFile;
import dev.filestore.TcpProxy;
import dev.filestore.TcpProxy.Direction;
import dev.filestore.TcpProxy.Ending;
import dev.filestore.TcpProxy.Fault;
import dev.filestore.TcpProxy.Then;
import dev.filestore.servlet.HttpCalls.Answer;
import dev.filestore.servlet.HttpCalls.Raw;
import dev.filestore.servlet.ServletServer.Mount;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network between the client and the server goes bad at any byte: a file is stored whole, or nothing is. */
@Timeout(180)
abstract class NetworkContract {

    private static final byte[] PDF = Arrays.copyOf(HttpCalls.PDF, 40_000);
    private static final byte[] FORM = new Form()
            .field("expires_in_hours", "1")
            .file("file", "a.pdf", "application/pdf", PDF)
            .bytes();

    /** Where the last boundary ends, behind which there is only a line break. */
    private static final int WHOLE = FORM.length - 2;

    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Semaphore answered = new Semaphore(0);
    private MemoryTarget target;
    private TcpProxy network;
    private String user;
    private HttpCalls calls;

    /** A server that gives up a connection on which nothing comes or goes for so long. */
    abstract ServletServer server(Mount mount, Duration idle);

    @BeforeEach
    void start() {
        Filter counting = (request, response, chain) -> {
            try {
                chain.doFilter(request, response);
            } finally {
                answered.release();
            }
        };
        Mount mount = new Mount("", "/api/files/*", false, List.of(counting));
        target = new MemoryTarget(server(mount, IDLE), Clock.systemUTC(), settings -> settings);
        network = new TcpProxy(target.base().getPort());
        another();
    }

    @AfterEach
    void stop() {
        network.close();
        target.close();
    }

    /** Goes on as a user who has no files, and has sent nothing. */
    private void another() {
        user = "user-" + UUID.randomUUID();
        calls = new HttpCalls(
                URI.create("http://127.0.0.1:" + network.port() + target.base().getPath()), target.token(user));
        answered.drainPermits();
    }

    /** The server is done with a request that reached the servlet. */
    private void awaitAnswered() {
        try {
            assertThat(answered.tryAcquire(60, TimeUnit.SECONDS))
                    .as("the request ended")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<StoredFile> files() {
        return target.store().list(FileQuery.all().withOwner(user)).files();
    }

    private void assertNothingLeft() {
        assertThat(target.metadata().listByKey("uploads/" + user + "/", "", 10))
                .as("rows")
                .isEmpty();
        assertThat(target.storage().list("uploads/" + user + "/", "", 10))
                .as("objects")
                .isEmpty();
    }

    /** All that is left are so many whole files. */
    private void assertWhole(int files) throws IOException {
        assertThat(files()).hasSize(files);
        for (StoredFile file : files()) {
            try (FileContent content = target.store().open(file.id())) {
                assertThat(content.stream().readAllBytes()).isEqualTo(PDF);
            }
        }
        assertThat(target.metadata().listByKey("uploads/" + user + "/", "", 10)).hasSize(files);
        assertThat(target.storage().list("uploads/" + user + "/", "", 10)).hasSize(files);
    }

    private Raw sent(byte[] form, String... lines) throws IOException {
        Raw raw = calls.raw();
        try {
            raw.head("POST", "/upload", lines).write(form);
        } catch (IOException e) {
            // The network is cut already.
        }
        return raw;
    }

    private static String[] plain() {
        return new String[] {"Content-Type: " + new Form().contentType(), "Content-Length: " + FORM.length};
    }

    private static String[] chunked() {
        return new String[] {"Content-Type: " + new Form().contentType(), "Transfer-Encoding: chunked"};
    }

    private static byte[] inChunks(byte[] form) {
        StringBuilder body = new StringBuilder();
        for (int start = 0; start < form.length; start += 5_000) {
            int length = Math.min(5_000, form.length - start);
            body.append(Integer.toHexString(length))
                    .append("\r\n")
                    .append(new String(form, start, length, StandardCharsets.ISO_8859_1))
                    .append("\r\n");
        }
        return body.append("0\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** How many bytes stand above the body. */
    private long headBytes(byte[] body, String... lines) throws IOException {
        network.forget();
        try (Raw raw = sent(body, lines)) {
            assertThat(raw.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 201 ");
        }
        awaitAnswered();
        return network.bytes(Direction.TO_SERVER) - body.length;
    }

    /** The head of the request, that of each part, the first kilobytes, all of the rest now and then, each byte at the end. */
    private static IntStream offsets(long head, int body) {
        return IntStream.concat(
                IntStream.iterate((int) -head, offset -> offset < 0, offset -> offset + 83),
                IntStream.concat(
                        IntStream.iterate(0, offset -> offset < 300, offset -> offset + 23),
                        IntStream.concat(
                                IntStream.iterate(300, offset -> offset < body - 60, offset -> offset + 2_377),
                                IntStream.range(body - 60, body))));
    }

    @TestFactory
    Stream<DynamicTest> upload_cutAnywhere_storesAllOrNothing() throws IOException {
        long head = headBytes(FORM, plain());
        return offsets(head, FORM.length)
                .boxed()
                .flatMap(offset -> Stream.of(Ending.END, Ending.RESET)
                        .map(ending -> DynamicTest.dynamicTest(
                                offset + " " + ending,
                                () -> cut(head, offset, ending, offset >= WHOLE, FORM, plain()))));
    }

    @TestFactory
    Stream<DynamicTest> upload_inChunksCutAnywhere_storesAllOrNothing() throws IOException {
        byte[] body = inChunks(FORM);
        int end = body.length - "\r\n0\r\n\r\n".length();
        long head = headBytes(body, chunked());
        return IntStream.concat(
                        IntStream.iterate(0, offset -> offset < end - 60, offset -> offset + 5_006),
                        IntStream.range(end - 30, body.length))
                .mapToObj(offset -> DynamicTest.dynamicTest(
                        offset + "", () -> cut(head, offset, Ending.END, offset >= end - 2, body, chunked())));
    }

    /** @param whole whether all of the file and its form came through, so that it may be stored */
    private void cut(long head, int offset, Ending ending, boolean whole, byte[] body, String... lines)
            throws IOException {
        another();
        network.set(new Fault(Direction.TO_SERVER, head + offset, ending, Then.WELL));
        sent(body, lines).close();
        network.awaitStruck();
        if (ending == Ending.END) {
            network.awaitServer();
        }
        if (offset >= 0) {
            awaitAnswered();
        }
        if (whole && !files().isEmpty()) {
            assertWhole(1);
        } else {
            assertNothingLeft();
        }
    }

    @Test
    void upload_halfClosedBehindTheForm_isStored() throws IOException {
        try (Raw raw = sent(FORM, plain()).endOutput()) {
            assertThat(raw.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 201 ");
        }
        assertWhole(1);
    }

    @Test
    void upload_halfClosedInTheMiddle_storesNothing() throws IOException {
        try (Raw raw = sent(Arrays.copyOf(FORM, 20_000), plain()).endOutput()) {
            assertThat(raw.readUntil("\r\n\r\n")).doesNotStartWith("HTTP/1.1 2");
        }
        awaitAnswered();
        assertNothingLeft();
    }

    @Test
    void upload_inTinyPieces_isStored() throws IOException {
        network.slow(97, Duration.ofMillis(1));
        Answer answer = calls.upload(new Form().file("file", "a.pdf", null, PDF));
        assertThat(answer.status()).isEqualTo(201);
        assertWhole(1);
    }

    @Test
    void upload_clientFallsSilent_isGivenUpAndStoresNothing() throws IOException {
        long head = headBytes(FORM, plain());
        for (int offset : new int[] {10, 200, 20_000, WHOLE - 1}) {
            another();
            network.set(new Fault(Direction.TO_SERVER, head + offset, Ending.SWALLOW, Then.WELL));
            try (Raw raw = sent(FORM, plain())) {
                awaitAnswered();
                assertThat(raw.readUntil("\r\n\r\n")).doesNotStartWith("HTTP/1.1 2");
            }
            assertNothingLeft();
        }
    }

    @TestFactory
    Stream<DynamicTest> upload_answerLost_isStoredAndARepeatIsAFileOfItsOwn() {
        return Stream.of(0L, 1L, 100L, 400L)
                .flatMap(offset -> Stream.of(Ending.RESET, Ending.END)
                        .map(ending -> DynamicTest.dynamicTest(offset + " " + ending, () -> {
                            another();
                            network.set(new Fault(Direction.TO_CLIENT, offset, ending, Then.WELL));
                            Form form = new Form().file("file", "a.pdf", null, PDF);
                            assertThatThrownBy(() -> calls.upload(form)).isInstanceOf(UncheckedIOException.class);
                            awaitAnswered();
                            assertThat(network.struck()).isEqualTo(1);
                            assertWhole(1);
                            assertThat(calls.upload(form).status()).isEqualTo(201);
                            assertWhole(2);
                        })));
    }

    @TestFactory
    Stream<DynamicTest> download_cutAnywhere_isNeverTakenForWhole() {
        // Before the first byte the JDK's client would ask again by itself.
        return Stream.of(1L, 100L, 600L, 1_000L, 10_000L, 20_000L, 39_000L, 40_000L)
                .flatMap(offset -> Stream.of(Ending.RESET, Ending.END)
                        .map(ending -> DynamicTest.dynamicTest(offset + " " + ending, () -> {
                            another();
                            long id = calls.upload(new Form().file("file", "a.pdf", null, PDF))
                                    .id();
                            network.set(new Fault(Direction.TO_CLIENT, offset, ending, Then.WELL));
                            assertThatThrownBy(() -> calls.get("/" + id + "/content"))
                                    .isInstanceOf(UncheckedIOException.class);
                            assertThat(target.storage().awaitClosed()).isTrue();
                            assertThat(calls.get("/" + id + "/content")
                                            .response()
                                            .body())
                                    .isEqualTo(PDF);
                            assertThat(target.storage().awaitClosed()).isTrue();
                            assertThat(target.storage().openStreams()).isZero();
                        })));
    }

    @Test
    void download_clientReadsNoMore_isGivenUp() throws Exception {
        byte[] large = Arrays.copyOf(HttpCalls.PDF, 40 << 20);
        long id = calls.upload(new Form().file("file", "a.pdf", null, large)).id();
        network.set(new Fault(Direction.TO_CLIENT, 100_000, Ending.STALL, Then.WELL));
        try (Raw raw = calls.raw().head("GET", "/" + id + "/content")) {
            assertThat(target.storage().awaitClosed())
                    .as("the object is closed")
                    .isTrue();
            assertThat(raw.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
        assertThat(target.storage().openStreams()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void download_clientGoesAway_endsTheReadOfTheObject(boolean byReset) throws Exception {
        int size = 40 << 20;
        long id = calls.upload(new Form().file("file", "a.pdf", null, Arrays.copyOf(HttpCalls.PDF, size)))
                .id();
        // Straight to the server: a proxy would hold bytes of its own.
        try (Raw raw = target.as(user).raw()) {
            raw.head("GET", "/" + id + "/content");
            assertThat(raw.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            if (byReset) {
                raw.reset();
            }
        }
        assertThat(target.storage().awaitClosed()).isTrue();
        assertThat(target.storage().openStreams()).isZero();
        // What the buffers of two sockets hold, and nothing for the rest.
        assertThat(target.storage().bytesRead()).isLessThan(size / 2);
    }
}
