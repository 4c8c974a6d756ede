package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.TcpProxy.Direction;
import dev.filestore.TcpProxy.Ending;
import dev.filestore.TcpProxy.Fault;
import dev.filestore.TcpProxy.Then;
import dev.filestore.TcpProxy.Turn;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bad network does what it says, and else nothing. */
@Timeout(30)
class TcpProxyTest {

    private static final int SILENCE_MILLIS = 200;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> accepted = new ArrayList<>();
    private ServerSocket server;
    private TcpProxy proxy;
    private Socket client;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(10_000);
        proxy = new TcpProxy(server.getLocalPort());
        client = connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        for (Socket socket : accepted) {
            socket.close();
        }
        proxy.close();
        server.close();
        threads.shutdownNow();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private Socket accept() throws IOException {
        Socket socket = server.accept();
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String receive(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    private static void assertSilent(Socket socket) throws SocketException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    private static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void noFault_passesBothWaysAndNotesWhoSpoke() throws IOException {
        try (Socket peer = accept()) {
            send(client, "how are ");
            assertThat(receive(peer, 8)).isEqualTo("how are ");
            send(client, "you?");
            assertThat(receive(peer, 4)).isEqualTo("you?");
            send(peer, "well");
            assertThat(receive(client, 4)).isEqualTo("well");
            client.shutdownOutput();
            assertThat(peer.getInputStream().read()).as("the end is handed on").isEqualTo(-1);
            send(peer, "!");
            assertThat(receive(client, 1)).as("and only in its direction").isEqualTo("!");
        }
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(proxy.turns())
                .containsExactly(
                        new Turn(Direction.TO_SERVER, 12, "how are "), new Turn(Direction.TO_CLIENT, 5, "well"));
        assertThat(proxy.bytes(Direction.TO_SERVER)).isEqualTo(12);
        assertThat(proxy.accepted()).isEqualTo(1);
        proxy.forget();
        assertThat(proxy.turns()).isEmpty();
    }

    @Test
    void reset_afterSomeBytes_breaksBothSides() throws IOException {
        proxy.set(new Fault(Direction.TO_SERVER, 3, Ending.RESET, Then.WELL));
        try (Socket peer = accept()) {
            send(client, "hello");
            assertThat(receive(peer, 3)).isEqualTo("hel");
            assertReset(peer);
            assertReset(client);
        }
        assertThat(proxy.struck()).isEqualTo(1);
    }

    @Test
    void end_afterSomeBytes_endsBothSides() throws IOException {
        proxy.set(new Fault(Direction.TO_CLIENT, 3, Ending.END, Then.WELL));
        try (Socket peer = accept()) {
            send(peer, "he");
            send(peer, "llo");
            assertThat(receive(client, 100)).as("to the end").isEqualTo("hel");
            assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void end_afterNoBytes_strikesWhenTheFirstOneComes() throws IOException {
        proxy.set(new Fault(Direction.TO_CLIENT, 0, Ending.END, Then.WELL));
        try (Socket peer = accept()) {
            send(client, "hello");
            assertThat(receive(peer, 5)).isEqualTo("hello");
            assertThat(proxy.struck()).isZero();
            send(peer, "answer");
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(proxy.struck()).isEqualTo(1);
        }
    }

    @Test
    void lost_answerOfTheServer_isHeardByNobodyAndAwaited() throws IOException {
        proxy.set(new Fault(Direction.TO_SERVER, 5, Ending.LOST, Then.WELL));
        Future<?> waiting;
        try (Socket peer = accept()) {
            send(client, "hello");
            assertReset(client);
            assertThat(receive(peer, 100)).as("to the end").isEqualTo("hello");
            waiting = threads.submit(proxy::awaitServer);
            send(peer, "a");
            send(peer, "nswer");
            assertThat(waiting.isDone()).isFalse();
        }
        proxy.awaitServer();
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void halfClose_afterSomeBytes_leavesTheOtherDirection() throws IOException {
        proxy.set(new Fault(Direction.TO_SERVER, 3, Ending.HALF_CLOSE, Then.WELL));
        try (Socket peer = accept()) {
            send(client, "hello");
            assertThat(receive(peer, 100)).isEqualTo("hel");
            send(peer, "answer");
            assertThat(receive(client, 6)).isEqualTo("answer");
        }
    }

    @Test
    void swallow_afterSomeBytes_tellsNobody() throws IOException {
        proxy.set(new Fault(Direction.TO_SERVER, 3, Ending.SWALLOW, Then.WELL));
        try (Socket peer = accept()) {
            client.getOutputStream().write(new byte[16 << 20]);
            assertThat(receive(peer, 3)).hasSize(3);
            assertSilent(peer);
            send(peer, "answer");
            assertThat(receive(client, 6)).isEqualTo("answer");
            proxy.heal();
            assertReset(client);
        }
    }

    @Test
    void stall_afterSomeBytes_letsTheSenderGetStuck() throws Exception {
        proxy.set(new Fault(Direction.TO_SERVER, 3, Ending.STALL, Then.WELL));
        try (Socket peer = accept()) {
            Future<?> sender = threads.submit(() -> {
                client.getOutputStream().write(new byte[64 << 20]);
                return null;
            });
            assertThat(receive(peer, 3)).hasSize(3);
            assertSilent(peer);
            assertThat(sender.isDone()).isFalse();
            proxy.heal();
            assertThatThrownBy(sender::get).hasCauseInstanceOf(SocketException.class);
        }
    }

    @Test
    void again_everyConnection_strikesAfterAsManyBytes() throws IOException {
        proxy.set(new Fault(Direction.TO_SERVER, 3, Ending.END, Then.AGAIN));
        for (int i = 1; i <= 3; i++) {
            try (Socket socket = connect()) {
                send(socket, "hel");
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(proxy.struck()).isEqualTo(i);
        }
    }

    @Test
    void down_afterAFault_refusesAllUntilHealed() throws IOException {
        proxy.set(new Fault(Direction.TO_SERVER, 1, Ending.END, Then.DOWN));
        try (Socket bystander = connect()) {
            // Both are through to the server.
            accepted.add(accept());
            accepted.add(accept());
            send(client, "hello");
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertReset(bystander);
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        int port = proxy.port();
        proxy.heal();
        assertThat(proxy.port()).isEqualTo(port);
        client = connect();
        send(client, "hello");
        try (Socket peer = accept()) {
            assertThat(receive(peer, 5)).isEqualTo("hello");
        }
    }

    @Test
    void refuse_openConnections_goOn() throws IOException {
        try (Socket peer = accept()) {
            proxy.refuse();
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            send(client, "hello");
            assertThat(receive(peer, 5)).isEqualTo("hello");
            proxy.breakAll();
            assertReset(client);
        }
    }

    @Test
    void slow_manyBytes_comeInPiecesAndLate() throws IOException {
        proxy.slow(10, Duration.ofMillis(20));
        try (Socket peer = accept()) {
            long started = System.nanoTime();
            send(client, "0123456789".repeat(10));
            assertThat(receive(peer, 100)).hasSize(100);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(180));
        }
    }

    @Test
    void anyFault_serverGone_breaksTheClient() throws IOException {
        server.close();
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void close_openConnections_areBrokenAndNobodyListens() throws IOException {
        try (Socket peer = accept()) {
            proxy.close();
            assertReset(client);
            assertReset(peer);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
    }
}
