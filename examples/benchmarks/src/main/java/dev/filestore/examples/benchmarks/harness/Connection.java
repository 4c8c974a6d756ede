package dev.filestore.examples.benchmarks.harness;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client on a plain socket, which costs as little as can be. For one thread. */
public final class Connection implements Closeable {

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *([0-9]+)");

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[256 * 1024];
    private int position;
    private int limit;
    private String body = "";

    public Connection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    public void send(byte[]... pieces) throws IOException {
        for (byte[] piece : pieces) {
            out.write(piece);
        }
    }

    public void send(byte[] bytes, int from, int to) throws IOException {
        out.write(bytes, from, to - from);
    }

    /**
     * Reads an answer, and drops all of its body but its beginning.
     *
     * @return how many bytes the body had
     * @throws IOException if the status is not one of success
     */
    public long receive() throws IOException {
        String head = head();
        long length = length(head);
        StringBuilder beginning = new StringBuilder();
        for (long left = length; left > 0; ) {
            if (position == limit && !more()) {
                throw new EOFException("the answer broke off");
            }
            int taken = (int) Math.min(left, limit - position);
            if (beginning.length() < 2_000 && length < 10_000) {
                beginning.append(new String(buffer, position, taken, StandardCharsets.UTF_8));
            }
            position += taken;
            left -= taken;
        }
        body = beginning.toString();
        if (!head.startsWith("HTTP/1.1 2")) {
            throw new IOException(head.lines().findFirst().orElse("no answer") + ": " + body);
        }
        return length;
    }

    /** The body of the last answer, if it was short. */
    public String body() {
        return body;
    }

    private static long length(String head) throws IOException {
        Matcher matcher = LENGTH.matcher(head.toLowerCase(Locale.ROOT));
        if (!matcher.find()) {
            throw new IOException("an answer without a length: " + head);
        }
        return Long.parseLong(matcher.group(1));
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            if (position == limit && !more()) {
                throw new EOFException("no answer");
            }
            while (position < limit && !endsHead(head)) {
                head.append((char) buffer[position++]);
            }
        }
        return head.toString();
    }

    private static boolean endsHead(StringBuilder head) {
        int length = head.length();
        return length >= 4 && head.charAt(length - 1) == '\n' && head.charAt(length - 3) == '\n';
    }

    private boolean more() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
