package dev.filestore.examples.clamav;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server for one connection that speaks as {@code clamd} does, and does then what a test tells it: the manual page clamd(8),
 * and {@code handle_stream} in clamd/server-th.c of ClamAV.
 */
final class ScriptedClamd implements AutoCloseable {

    private static final byte[] COMMAND = "zINSTREAM\0".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocketChannel server;
    private final @Nullable Path path;
    private final CompletableFuture<byte[]> received = new CompletableFuture<>();

    /** What it does with a connection on which the command has come. */
    interface Script {

        void serve(Stream stream) throws IOException;
    }

    private ScriptedClamd(ServerSocketChannel server, @Nullable Path path, Script script) {
        this.server = server;
        this.path = path;
        Thread thread = new Thread(() -> serve(script), "scripted-clamd");
        thread.setDaemon(true);
        thread.start();
    }

    static ScriptedClamd onTcp(Script script) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new ScriptedClamd(server, null, script);
    }

    static ScriptedClamd onPath(Script script) throws IOException {
        // Shorter than the 108 bytes that such a path may have.
        Path path = Files.createTempDirectory("clamd").resolve("socket");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        return new ScriptedClamd(server, path, script);
    }

    /** Where it listens, as a setting says it. */
    String address() {
        try {
            SocketAddress address = server.getLocalAddress();
            return address instanceof InetSocketAddress inet ? "127.0.0.1:" + inet.getPort() : String.valueOf(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Script script) {
        try (SocketChannel accepted = server.accept()) {
            Stream stream = new Stream(accepted);
            try {
                if (!java.util.Arrays.equals(stream.read(COMMAND.length), COMMAND)) {
                    throw new IOException("another command than " + new String(COMMAND, StandardCharsets.US_ASCII));
                }
                script.serve(stream);
                received.complete(stream.bytes.toByteArray());
            } catch (IOException | RuntimeException e) {
                received.completeExceptionally(e);
            }
        } catch (IOException e) {
            received.completeExceptionally(e);
        }
    }

    /** The bytes of the file that had come when the script was at its end; fails as the script did. */
    byte[] received() throws Exception {
        return received.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (path != null) {
            Files.deleteIfExists(path);
            Files.deleteIfExists(path.getParent());
        }
    }

    /** The connection. */
    static final class Stream {

        private final SocketChannel channel;
        private final java.io.InputStream in;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Stream(SocketChannel channel) {
            this.channel = channel;
            this.in = Channels.newInputStream(channel);
        }

        private byte[] read(int count) throws IOException {
            byte[] read = in.readNBytes(count);
            if (read.length < count) {
                throw new EOFException("the client is gone");
            }
            return read;
        }

        /** Reads a chunk; false for the one of no bytes. */
        boolean chunk() throws IOException {
            int length = ByteBuffer.wrap(read(Integer.BYTES)).getInt();
            bytes.write(read(length));
            return length > 0;
        }

        /** Reads chunks to the one of no bytes. */
        void chunks() throws IOException {
            while (chunk()) {
                // Until there are no more.
            }
        }

        /** Reads at least so many bytes of the file. */
        void chunks(int atLeast) throws IOException {
            while (bytes.size() < atLeast) {
                chunk();
            }
        }

        void say(String answer) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        /** Reads and drops whatever comes until the client closes. */
        void awaitClose() throws IOException {
            try {
                in.skip(Long.MAX_VALUE);
                while (in.read() >= 0) {
                    // Until the client is gone.
                }
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                // A reset is a close, too.
            }
        }

        /** Closes so that the client's system throws away what it has not read yet. */
        void reset() throws IOException {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        }
    }
}
