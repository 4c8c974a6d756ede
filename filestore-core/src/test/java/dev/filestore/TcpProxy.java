package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bad network between a client and a server on the loopback address: a port that hands all bytes on to another, until a
 * {@link Fault} strikes. It counts the bytes of each direction, whatever connection they are on, so that a fault strikes
 * at the same byte of the same conversation each time. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /** Which way bytes go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** What becomes of the connection. */
    public enum Ending {
        /** Both sides are told that the connection is broken (RST). */
        RESET(true),
        /** Both sides are told that the other one has ended (FIN); what the server still says is heard by nobody. */
        END(true),
        /** The client is told that the connection is broken, the server that the client has ended. */
        LOST(true),
        /** The receiver is told that the sender has ended; the other direction goes on. */
        HALF_CLOSE(false),
        /** The rest of this direction is read and thrown away. Nobody is told. */
        SWALLOW(false),
        /** The rest of this direction is not even read, so that the sender gets stuck when all buffers are full. */
        STALL(false);

        private final boolean breaksBoth;

        Ending(boolean breaksBoth) {
            this.breaksBoth = breaksBoth;
        }
    }

    /** What happens after a fault has struck. */
    public enum Then {
        /** All goes well. */
        WELL,
        /** It strikes again, after as many bytes. */
        AGAIN,
        /** Every connection is broken and new ones are refused, until {@link TcpProxy#heal}. */
        DOWN
    }

    /**
     * What goes wrong, and when.
     *
     * @param direction whose bytes are counted
     * @param afterBytes how many bytes pass before; it strikes when they have, and for 0 when the first one comes
     */
    public record Fault(Direction direction, long afterBytes, Ending ending, Then then) {}

    /** Bytes that went one way before any went the other; and how they begin, as text. */
    public record Turn(Direction direction, long bytes, String begins) {}

    private final int serverPort;
    private final Socket reservation = new Socket();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Turn> turns = new ArrayList<>();
    private @Nullable ServerSocket listener;
    private Thread accepting = new Thread();
    private @Nullable Fault fault;
    private long passed;
    private int struck;
    private int done;
    private int chunkBytes = 16 * 1024;
    private Duration delay = Duration.ZERO;

    /** Starts to listen, for a server on that port of the loopback address. */
    public TcpProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            // Keeps the port while nobody listens on it.
            reservation.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            reservation.bind(new InetSocketAddress(LOOPBACK, 0));
            listen();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that clients connect to. */
    public int port() {
        return reservation.getLocalPort();
    }

    private synchronized void listen() throws IOException {
        if (listener != null) {
            return;
        }
        ServerSocket socket = new ServerSocket();
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        socket.bind(new InetSocketAddress(LOOPBACK, port()), 200);
        listener = socket;
        accepting = start("accept", () -> accept(socket));
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket client = socket.accept();
                accepted.incrementAndGet();
                Connection connection = new Connection(client);
                if (isListening(socket)) {
                    connection.open();
                } else {
                    connection.reset();
                }
            }
        } catch (IOException e) {
            // Closed: refused, or over.
        }
    }

    private synchronized boolean isListening(ServerSocket socket) {
        return listener == socket;
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Takes a fault in place of the one before, counting from here. */
    public synchronized void set(Fault fault) {
        this.fault = fault;
        passed = 0;
        struck = 0;
        done = 0;
    }

    /** Refuses new connections; those that are open go on. */
    public void refuse() {
        ServerSocket open;
        Thread last;
        synchronized (this) {
            open = listener;
            last = accepting;
            listener = null;
        }
        if (open == null) {
            return;
        }
        try {
            open.close();
            // The system goes on listening for as long as a thread is in its call.
            last.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Breaks every connection. */
    public void breakAll() {
        connections.forEach(Connection::reset);
    }

    /** Hands bytes on so many at a time only, each time after a delay. */
    public synchronized void slow(int chunkBytes, Duration delay) {
        this.chunkBytes = chunkBytes;
        this.delay = delay;
    }

    /** Ends all that goes wrong. Connections on which a fault left bytes out are broken. */
    public synchronized void heal() {
        fault = null;
        connections.stream().filter(connection -> connection.stuck).forEach(Connection::reset);
        try {
            listen();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until the server has ended each connection that {@link Ending#END} or {@link Ending#LOST} struck, and so has
     * done what it was asked there.
     *
     * @throws AssertionError if that takes too long
     */
    public void awaitServer() {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        synchronized (connections) {
            while (connections.stream().anyMatch(connection -> connection.cut)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("the server does not end a connection whose client is gone");
                }
                try {
                    connections.wait(100);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /**
     * Waits until the fault that was set has struck, and what it does to the connection is done.
     *
     * @throws AssertionError if that takes too long
     */
    public synchronized void awaitStruck() {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (done == 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("too little was sent for the fault to strike: " + fault);
            }
            try {
                wait(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private synchronized void struckDone() {
        done++;
        notifyAll();
    }

    /** How often the fault struck since it was set. */
    public synchronized int struck() {
        return struck;
    }

    /** How many connections were accepted. */
    public int accepted() {
        return accepted.get();
    }

    /** Who spoke how much, since the start or {@link #forget}. Where connections overlap they are mixed. */
    public synchronized List<Turn> turns() {
        return List.copyOf(turns);
    }

    /** How many bytes went one way, since the start or {@link #forget}. */
    public long bytes(Direction direction) {
        return turns().stream()
                .filter(turn -> turn.direction == direction)
                .mapToLong(Turn::bytes)
                .sum();
    }

    /** Forgets what was counted. */
    public synchronized void forget() {
        turns.clear();
    }

    /** Stops listening, and breaks every connection. */
    @Override
    public void close() {
        refuse();
        breakAll();
        try {
            reservation.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void note(Direction direction, byte[] bytes, int start, int length) {
        Turn last = turns.isEmpty() ? null : turns.get(turns.size() - 1);
        if (last != null && last.direction == direction) {
            turns.set(turns.size() - 1, new Turn(direction, last.bytes + length, last.begins));
        } else {
            String begins = new String(bytes, start, Math.min(length, 200), StandardCharsets.ISO_8859_1);
            turns.add(new Turn(direction, length, begins));
        }
    }

    /** What becomes of bytes that came: how many pass, and what strikes then. */
    private record Pass(int bytes, @Nullable Fault fault) {}

    private synchronized Pass pass(Direction direction, byte[] bytes, int start, int length) {
        note(direction, bytes, start, length);
        Fault set = fault;
        if (set == null || set.direction != direction) {
            return new Pass(length, null);
        }
        long left = set.afterBytes - passed;
        if (length < left) {
            passed += length;
            return new Pass(length, null);
        }
        struck++;
        passed = 0;
        if (set.then != Then.AGAIN) {
            fault = null;
        }
        return new Pass((int) left, set);
    }

    private synchronized int chunkBytes() {
        return chunkBytes;
    }

    private synchronized Duration delay() {
        return delay;
    }

    private final class Connection {

        private final Socket client;
        private final Socket server = new Socket();
        private final AtomicInteger ended = new AtomicInteger();

        /** Whatever comes from now on is heard by nobody. */
        private volatile boolean broken;

        /** The client is gone, and the server is listened to, to its end. */
        private volatile boolean cut;

        /** The fault left bytes out, and told nobody. */
        private volatile boolean stuck;

        Connection(Socket client) {
            this.client = client;
        }

        void open() {
            connections.add(this);
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(new InetSocketAddress(LOOPBACK, serverPort));
            } catch (IOException e) {
                reset();
                return;
            }
            start("to-server", () -> pump(Direction.TO_SERVER, client, server));
            start("to-client", () -> pump(Direction.TO_CLIENT, server, client));
        }

        private void pump(Direction direction, Socket from, Socket to) {
            byte[] buffer = new byte[16 * 1024];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read; (read = in.read(buffer)) >= 0; ) {
                    for (int start = 0; start < read && !broken; ) {
                        int piece = Math.min(read - start, chunkBytes());
                        Pass pass = pass(direction, buffer, start, piece);
                        Thread.sleep(delay().toMillis());
                        if (pass.fault != null && pass.fault.ending.breaksBoth) {
                            // Before the server can answer to the last of the bytes.
                            broken = true;
                        }
                        out.write(buffer, start, pass.bytes);
                        if (pass.fault != null) {
                            strike(pass.fault, in, to);
                            return;
                        }
                        start += piece;
                    }
                }
                to.shutdownOutput();
                ended();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            } catch (IOException e) {
                if (cut) {
                    drain();
                } else {
                    // One of the two broke off, which the other is told in the same way.
                    reset();
                }
            }
        }

        private void strike(Fault struckBy, InputStream in, Socket to) throws IOException {
            if (struckBy.then == Then.DOWN) {
                // Before anybody is told, who may then heal it.
                refuse();
                connections.stream()
                        .filter(other -> other != this && !other.cut)
                        .forEach(Connection::reset);
            }
            switch (struckBy.ending) {
                case RESET -> reset();
                case END, LOST -> cut(struckBy.ending == Ending.LOST);
                case HALF_CLOSE -> to.shutdownOutput();
                case SWALLOW, STALL -> stuck = true;
            }
            struckDone();
            if (struckBy.ending == Ending.HALF_CLOSE || struckBy.ending == Ending.SWALLOW) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            if (struckBy.ending == Ending.HALF_CLOSE) {
                ended();
            }
        }

        private void cut(boolean reset) throws IOException {
            cut = true;
            if (reset) {
                client.setSoLinger(true, 0);
            } else {
                client.shutdownOutput();
            }
            client.close();
            server.shutdownOutput();
            start("drain", this::drain);
        }

        private void drain() {
            try {
                server.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // The server broke it off, which ends it as well.
            }
            close();
        }

        private void ended() {
            if (ended.incrementAndGet() == 2) {
                close();
            }
        }

        private void close() {
            closeQuietly(client);
            closeQuietly(server);
            connections.remove(this);
            synchronized (connections) {
                connections.notifyAll();
            }
        }

        void reset() {
            for (Socket socket : List.of(client, server)) {
                try {
                    socket.setSoLinger(true, 0);
                } catch (IOException e) {
                    // Closed already.
                }
            }
            close();
        }

        private static void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // Then nothing is open.
            }
        }
    }
}
