package dev.filestore.examples.clamav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.filestore.ContentScanner.Finding;
import dev.filestore.ContentScanner.Scan;
import dev.filestore.ContentScanner.Upload;
import dev.filestore.ScanException;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire to {@code clamd}, and what is made of its answers. */
@Timeout(60)
class ClamAvScannerTest {

    private static final Upload UPLOAD = new Upload("123", "a.pdf", "application/pdf", -1);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int PIECE = 64 * 1024;

    private ScriptedClamd clamd;

    /** What a daemon listens on. */
    enum Transport {
        TCP,
        PATH
    }

    private void start(Transport transport, ScriptedClamd.Script script) throws IOException {
        clamd = transport == Transport.TCP ? ScriptedClamd.onTcp(script) : ScriptedClamd.onPath(script);
    }

    @AfterEach
    void stop() throws IOException {
        if (clamd != null) {
            clamd.close();
        }
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private Optional<Finding> scan(byte[] content) {
        return scan(ClamAvScanner.at(clamd.address()), content);
    }

    private static Optional<Finding> scan(ClamAvScanner scanner, byte[] content) {
        try (Scan scan = scanner.begin(UPLOAD)) {
            for (int at = 0; at < content.length; at += PIECE) {
                Optional<Finding> found = scan.update(content, at, Math.min(PIECE, content.length - at));
                if (found.isPresent()) {
                    return found;
                }
            }
            return scan.end();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void end_clean_isCleanAndAllBytesWereSent(Transport transport) throws Exception {
        byte[] content = content(3_000_000);
        start(transport, stream -> {
            stream.chunks();
            stream.say("stream: OK\0");
        });

        assertThat(scan(content)).isEmpty();

        assertThat(clamd.received()).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void end_found_isTheName(Transport transport) throws Exception {
        start(transport, stream -> {
            stream.chunks();
            stream.say("stream: Win.Test.EICAR_HDB-1(44d88612fea8a8f36de82e1278abb02f:68) FOUND\0");
        });

        assertThat(scan(content(100)))
                .contains(new Finding("Win.Test.EICAR_HDB-1(44d88612fea8a8f36de82e1278abb02f:68)"));
    }

    @Test
    void end_answerThatComesByteByByte_isWaitedFor() throws Exception {
        start(Transport.TCP, stream -> {
            stream.chunks();
            for (char c : "stream: Test.A FOUND\0".toCharArray()) {
                stream.say(String.valueOf(c));
            }
        });

        assertThat(scan(content(100))).contains(new Finding("Test.A"));
    }

    /** A chunk of no bytes is the end of a stream: what follows would not be looked at. */
    @Test
    void update_noBytes_doesNotEndTheStream() throws Exception {
        start(Transport.TCP, stream -> {
            stream.chunks();
            stream.say("stream: OK\0");
        });

        try (Scan scan = ClamAvScanner.at(clamd.address()).begin(UPLOAD)) {
            scan.update(new byte[] {1, 2, 3}, 0, 1);
            scan.update(new byte[0], 0, 0);
            scan.update(new byte[] {1, 2, 3}, 1, 2);
            assertThat(scan.end()).isEmpty();
        }

        assertThat(clamd.received()).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSTREAM size limit exceeded. ERROR\0",
                "stream: Can't allocate memory ERROR\0",
                "COMMAND READ TIMED OUT\0",
                "UNKNOWN COMMAND\0",
                "stream: OK\n",
                "stream: OK",
                "stream: OKAY\0",
                "stream: ok\0",
                " stream: OK\0",
                "OK\0",
                "1: stream: OK\0",
                "/etc/passwd: OK\0",
                "stream: FOUND\0",
                "stream:  FOUND\0",
                "stream: Test.A FOUND",
                "stream: OK\0stream: Test.A FOUND\0",
                "stream: Test.A FOUND\0stream: OK\0",
                "stream: OK ERROR\0",
                "\0",
                "",
                "HTTP/1.1 200 OK\r\n\r\n",
                "\u00fe\u00ff\u001b[31mstream: OK\0",
            })
    void end_anyOtherAnswer_isNoVerdict(String answer) throws Exception {
        start(Transport.TCP, stream -> {
            stream.chunks();
            stream.say(answer);
        });

        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> scan(content(100)))
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("clamd at ", "after 100 bytes")
                        .matches("[ -~]+"));
    }

    @Test
    void end_endlessAnswer_isGivenUp() throws Exception {
        start(Transport.TCP, stream -> {
            stream.chunks();
            for (int i = 0; i < 100; i++) {
                stream.say("x".repeat(10_000));
            }
        });

        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> scan(content(100)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    /**
     * The answer that clamd gives before it has all bytes is told, and not the broken pipe behind it: graingert/python-clamd#24,
     * cdarras/clamav-client#17.
     */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void update_sizeLimitExceeded_isToldAsSuch(Transport transport) throws Exception {
        start(transport, stream -> {
            stream.chunks(100_000);
            stream.say("INSTREAM size limit exceeded. ERROR\0");
            stream.awaitClose();
        });

        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> scan(content(64_000_000)))
                .withMessageContaining("INSTREAM size limit exceeded. ERROR");
    }

    /** The close can overtake the answer, so that nobody gets to read it: Cisco-Talos/clamav#1210. */
    @Test
    void update_connectionIsResetBehindTheAnswer_saysWhatThatMeans() throws Exception {
        start(Transport.TCP, stream -> {
            stream.chunks(100_000);
            stream.say("INSTREAM size limit exceeded. ERROR\0");
            stream.reset();
        });

        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> scan(content(64_000_000)))
                .satisfies(e -> assertThat(e.getMessage())
                        .containsAnyOf("INSTREAM size limit exceeded. ERROR", "as it does beyond its StreamMaxLength"));
    }

    @Test
    void update_foundBeforeTheEnd_isFound() throws Exception {
        start(Transport.TCP, stream -> {
            stream.chunks(100_000);
            stream.say("stream: Test.A FOUND\0");
            stream.awaitClose();
        });

        assertThat(scan(content(64_000_000))).contains(new Finding("Test.A"));
    }

    @Test
    void update_cleanBeforeTheEnd_isNoVerdict() throws Exception {
        start(Transport.TCP, stream -> {
            stream.chunks(100_000);
            stream.say("stream: OK\0");
            stream.awaitClose();
        });

        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> scan(content(64_000_000)))
                .withMessageContaining("stream: OK");
    }

    @Test
    void end_cleanBeforeTheEnd_isNoVerdict() throws Exception {
        Phaser turn = new Phaser(2);
        start(Transport.TCP, stream -> {
            stream.chunks(100);
            // Said any sooner, it is seen by the update already.
            turn.arriveAndAwaitAdvance();
            stream.say("stream: OK\0");
            turn.arriveAndAwaitAdvance();
            stream.awaitClose();
        });

        try (Scan scan = ClamAvScanner.at(clamd.address()).begin(UPLOAD)) {
            scan.update(content(100), 0, 100);
            turn.arriveAndAwaitAdvance();
            turn.arriveAndAwaitAdvance();
            assertThatExceptionOfType(ScanException.class).isThrownBy(scan::end);
        }
    }

    @Test
    void update_serverClosesWithoutAWord_isNoVerdict() throws Exception {
        start(Transport.TCP, stream -> stream.chunks(100_000));

        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> scan(content(64_000_000)))
                .withMessageContaining("StreamMaxLength");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void end_silence_isGivenUpInTime(Transport transport) throws Exception {
        start(transport, stream -> {
            stream.chunks();
            stream.awaitClose();
        });

        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> scan(ClamAvScanner.at(clamd.address()).within(SHORT, SHORT), content(100)))
                .withCauseInstanceOf(SocketTimeoutException.class);

        assertThat(clamd.received()).as("the connection was closed").hasSize(100);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void update_serverThatTakesNothing_isGivenUpInTime(Transport transport) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        start(transport, stream -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });

        assertThatExceptionOfType(ScanException.class)
                .isThrownBy(() -> scan(ClamAvScanner.at(clamd.address()).within(SHORT, SHORT), content(64_000_000)))
                .withCauseInstanceOf(SocketTimeoutException.class);
        end.countDown();
    }

    @Test
    void close_beforeTheEnd_tellsTheServerThatTheFileIsNotWhole() throws Exception {
        start(Transport.TCP, ScriptedClamd.Stream::chunks);

        try (Scan scan = ClamAvScanner.at(clamd.address()).begin(UPLOAD)) {
            scan.update(content(100), 0, 100);
        }

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> clamd.received())
                .withCauseInstanceOf(EOFException.class);
    }

    @Test
    void end_threadIsInterrupted_endsAndKeepsTheFlag() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        start(Transport.TCP, stream -> {
            stream.chunks();
            asked.countDown();
            stream.awaitClose();
        });
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> interrupted = pool.submit(() -> {
                assertThatExceptionOfType(ScanException.class).isThrownBy(() -> scan(content(100)));
                return Thread.interrupted();
            });
            asked.await();
            pool.shutdownNow();
            assertThat(interrupted.get()).isTrue();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void begin_nothingListens_fails(@TempDir Path folder) throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        for (String address :
                List.of("127.0.0.1:" + free, folder.resolve("absent").toString(), "absent.invalid")) {
            assertThatExceptionOfType(ScanException.class)
                    .isThrownBy(() -> ClamAvScanner.at(address).begin(UPLOAD))
                    .withMessageContaining("cannot be reached");
        }
    }

    @Test
    void begin_nobodyAccepts_isGivenUpInTime() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ClamAvScanner scanner =
                    ClamAvScanner.at("127.0.0.1:" + full.getLocalPort()).within(SHORT, SHORT);
            List<SocketChannel> waiting = new ArrayList<>();
            try {
                for (int i = 0; i < 8; i++) {
                    SocketChannel one = SocketChannel.open();
                    one.configureBlocking(false);
                    one.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()));
                    waiting.add(one);
                }
                assertThatExceptionOfType(ScanException.class)
                        .isThrownBy(() -> scanner.begin(UPLOAD))
                        .withCauseInstanceOf(SocketTimeoutException.class);
            } finally {
                for (SocketChannel one : waiting) {
                    one.close();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "host:0",
                "host:65536",
                "host:x",
                "host:-1",
                "user@host",
                "host/path",
                "tcp://host:1",
                "relative/path",
                "a b",
                "host:1?x",
                ":3310",
                "\0",
                "/a\0b"
            })
    void at_noAddress_isMisuse(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> ClamAvScanner.at(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "127.0.0.1:3310", "[::1]:3310", "clamav.svc.example:1", "/run/clamav/clamd.ctl"})
    void at_anAddress_connectsNothingYet(String address) {
        assertThat(ClamAvScanner.at(address)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT20M0.001S"})
    void within_noTimeOrTooMuch_isMisuse(Duration time) {
        ClamAvScanner scanner = ClamAvScanner.at("localhost");

        assertThatIllegalArgumentException().isThrownBy(() -> scanner.within(time, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> scanner.within(Duration.ofSeconds(1), time));
    }
}
