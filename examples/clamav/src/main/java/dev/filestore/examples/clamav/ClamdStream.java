package dev.filestore.examples.clamav;

import dev.filestore.ContentScanner.Finding;
import dev.filestore.ContentScanner.Scan;
import dev.filestore.ScanException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way to {@code clamd}: a command, chunks of bytes with their lengths in front, a chunk of none, and one line of
 * answer. The channel does not block, so that every wait has its end, and an answer that comes early is heard.
 */
final class ClamdStream implements Scan {

    private static final byte[] COMMAND = "zINSTREAM\0".getBytes(StandardCharsets.US_ASCII);

    /** Its answers have some hundred bytes at most. */
    private static final int LONGEST_REPLY = 4096;

    private final SocketAddress address;
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Duration answerWithin;
    private final ByteBuffer reply = ByteBuffer.allocate(LONGEST_REPLY);
    private long sent;

    private ClamdStream(SocketAddress address, SocketChannel channel, Selector selector, Duration answerWithin)
            throws IOException {
        this.address = address;
        this.channel = channel;
        this.selector = selector;
        this.answerWithin = answerWithin;
        channel.configureBlocking(false);
        this.key = channel.register(selector, 0);
    }

    static ClamdStream open(SocketAddress address, Duration connectWithin, Duration answerWithin) {
        SocketChannel channel = null;
        Selector selector = null;
        try {
            boolean tcp = address instanceof InetSocketAddress;
            if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
                throw new UnknownHostException(inet.getHostString());
            }
            channel = tcp ? SocketChannel.open() : SocketChannel.open(StandardProtocolFamily.UNIX);
            if (tcp) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            selector = Selector.open();
            ClamdStream stream = new ClamdStream(address, channel, selector, answerWithin);
            stream.connect(connectWithin);
            stream.write(ByteBuffer.wrap(COMMAND));
            return stream;
        } catch (IOException e) {
            close(channel, selector, e);
            throw new ScanException("clamd at " + address + " cannot be reached", e);
        } catch (RuntimeException e) {
            close(channel, selector, e);
            throw e;
        }
    }

    private static void close(@Nullable SocketChannel channel, @Nullable Selector selector, Exception reason) {
        try (channel;
                selector) {
            return;
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private void connect(Duration within) throws IOException {
        if (!channel.connect(address)) {
            long end = System.nanoTime() + within.toNanos();
            do {
                await(SelectionKey.OP_CONNECT, end);
            } while (!channel.finishConnect());
        }
    }

    @Override
    public Optional<Finding> update(byte[] buffer, int offset, int length) {
        if (length == 0) {
            // A chunk of no bytes would be the end of the file.
            return Optional.empty();
        }
        send(ByteBuffer.allocate(Integer.BYTES).putInt(0, length), ByteBuffer.wrap(buffer, offset, length));
        sent += length;
        return isAnswered() ? judge(false) : Optional.empty();
    }

    @Override
    public Optional<Finding> end() {
        if (isAnswered() || !send(ByteBuffer.allocate(Integer.BYTES))) {
            return judge(false);
        }
        long end = System.nanoTime() + answerWithin.toNanos();
        while (!isAnswered()) {
            try {
                await(SelectionKey.OP_READ, end);
            } catch (IOException e) {
                throw failed(e);
            }
        }
        return judge(true);
    }

    /** Whether all was sent: false where an answer came first. */
    private boolean send(ByteBuffer... bytes) {
        try {
            return write(bytes);
        } catch (IOException e) {
            // What it had to say may have come before it closed the connection.
            if (hasReplyAfter(e)) {
                return false;
            }
            throw failed(e);
        }
    }

    private boolean write(ByteBuffer... bytes) throws IOException {
        long end = System.nanoTime() + answerWithin.toNanos();
        while (bytes[bytes.length - 1].hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(SelectionKey.OP_READ | SelectionKey.OP_WRITE, end);
                if (key.isReadable() && isAnswered()) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean hasReplyAfter(IOException broken) {
        try {
            return channel.isOpen() && isAnswered();
        } catch (ScanException e) {
            broken.addSuppressed(e);
            return false;
        }
    }

    /** Waits until one of the operations can go on. */
    private void await(int operations, long end) throws IOException {
        key.interestOps(operations);
        do {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException("it took too long");
            }
            selector.select(left / 1_000_000 + 1);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the thread was interrupted");
            }
        } while (selector.selectedKeys().isEmpty());
        selector.selectedKeys().clear();
    }

    /** Whether a whole answer has come, to its zero byte. */
    private boolean isAnswered() {
        int read;
        try {
            read = channel.read(reply);
        } catch (IOException e) {
            throw failed(e);
        }
        for (int i = 0; i < reply.position(); i++) {
            if (reply.get(i) == 0) {
                return true;
            }
        }
        if (read < 0) {
            throw brokenOff(null);
        }
        if (!reply.hasRemaining()) {
            throw unexpected();
        }
        return false;
    }

    /** Takes as clean only what says so, and only when all bytes were sent. */
    private Optional<Finding> judge(boolean whole) {
        String line = new String(reply.array(), 0, reply.position() - 1, StandardCharsets.US_ASCII);
        if (line.equals("stream: OK") && whole) {
            return Optional.empty();
        }
        String name = line.startsWith("stream: ") && line.endsWith(" FOUND")
                ? line.substring("stream:".length(), line.length() - "FOUND".length())
                        .strip()
                : "";
        if (name.isEmpty() || line.indexOf('\0') >= 0) {
            throw unexpected();
        }
        return Optional.of(new Finding(name));
    }

    private ScanException unexpected() {
        String said = new String(reply.array(), 0, Math.min(reply.position(), 200), StandardCharsets.US_ASCII);
        return new ScanException(
                "clamd at " + address + " answered after " + sent + " bytes: "
                        + said.replaceAll("\0$", "").replaceAll("[^ -~]", "?"),
                null);
    }

    private ScanException failed(IOException cause) {
        boolean givenUp = cause instanceof InterruptedIOException || cause instanceof ClosedByInterruptException;
        return givenUp
                ? new ScanException(
                        "clamd at " + address + " was not waited for any longer after " + sent + " bytes", cause)
                : brokenOff(cause);
    }

    private ScanException brokenOff(@Nullable IOException cause) {
        return new ScanException(
                "clamd at " + address + " broke the connection off after " + sent
                        + " bytes, as it does beyond its StreamMaxLength, and where nothing comes for its ReadTimeout",
                cause);
    }

    @Override
    public void close() {
        try (channel;
                selector) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
