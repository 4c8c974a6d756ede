package dev.filestore.examples.reliability.killer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An upload over a socket of its own, as slow, as chunked and as unfinished as wanted. */
final class UploadSocket {

    private static final String BOUNDARY = "a-boundary-that-no-noise-holds";
    private static final byte[] END = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final int PIECE_BYTES = 64 << 10;
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final int ANSWER_TIMEOUT_MILLIS = 12_000;

    /**
     * How the bytes are sent.
     *
     * @param chunked whether the length is kept from the server
     * @param pauseMillis what is waited between two pieces
     * @param giveUpAfter after how many bytes of the file the client goes away; -1 if it does not, and the size of the
     *     file if it only does not wait for the answer
     */
    record Manner(boolean chunked, int pauseMillis, int giveUpAfter) {}

    /** Nothing was sent at all. */
    static final class NotConnectedException extends IOException {

        private static final long serialVersionUID = 1;

        NotConnectedException(IOException cause) {
            super(cause);
        }
    }

    private final URI api;
    private final String token;
    private final Manner manner;
    private final CountDownLatch never = new CountDownLatch(1);

    UploadSocket(URI api, String token, Manner manner) {
        this.api = api;
        this.token = token;
        this.manner = manner;
    }

    /**
     * Sends a file.
     *
     * @return the answer, or null where the client went away by itself
     * @throws NotConnectedException if there was no connection
     * @throws IOException if the connection broke
     */
    @Nullable
    Answer send(String fileName, byte[] bytes, @Nullable Long ttlHours) throws IOException, InterruptedException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
            connect(socket);
            try {
                if (!sendBody(socket.getOutputStream(), fileName, bytes, ttlHours)) {
                    return null;
                }
            } catch (IOException e) {
                // A server that refuses early answers first and then closes.
                return answer(socket.getInputStream());
            }
            return answer(socket.getInputStream());
        }
    }

    private void connect(Socket socket) throws NotConnectedException {
        try {
            socket.connect(new InetSocketAddress(api.getHost(), api.getPort()), CONNECT_TIMEOUT_MILLIS);
        } catch (IOException e) {
            throw new NotConnectedException(e);
        }
    }

    /** Returns whether all was sent. */
    private boolean sendBody(OutputStream out, String fileName, byte[] bytes, @Nullable Long ttlHours)
            throws IOException, InterruptedException {
        byte[] partHead = ((ttlHours == null
                                ? ""
                                : "--" + BOUNDARY
                                        + "\r\nContent-Disposition: form-data; name=\"expires_in_hours\"\r\n\r\n"
                                        + ttlHours + "\r\n")
                        + "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                        + "\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        String head = "POST " + api.getPath() + "/upload HTTP/1.1\r\nHost: " + api.getAuthority()
                + "\r\nAuthorization: Bearer " + token + "\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY
                + "\r\nConnection: close\r\n"
                + (manner.chunked()
                        ? "Transfer-Encoding: chunked"
                        : "Content-Length: " + (partHead.length + bytes.length + END.length))
                + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.UTF_8));
        piece(out, partHead, 0, partHead.length);
        int stop = manner.giveUpAfter() < 0 ? bytes.length : manner.giveUpAfter();
        for (int sent = 0; sent < stop; sent += PIECE_BYTES) {
            piece(out, bytes, sent, Math.min(PIECE_BYTES, stop - sent));
            if (manner.pauseMillis() > 0 && never.await(manner.pauseMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("never");
            }
        }
        if (stop < bytes.length) {
            return false;
        }
        piece(out, END, 0, END.length);
        if (manner.chunked()) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
        return manner.giveUpAfter() < 0;
    }

    private void piece(OutputStream out, byte[] bytes, int offset, int length) throws IOException {
        if (manner.chunked()) {
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        out.write(bytes, offset, length);
        if (manner.chunked()) {
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static Answer answer(InputStream stream) throws IOException {
        InputStream in = new BufferedInputStream(stream);
        String status = line(in);
        int length = -1;
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length =
                        Integer.parseInt(field.substring(field.indexOf(':') + 1).strip());
            }
        }
        byte[] body = in.readAllBytes();
        // An answer that breaks off is none.
        if (!status.matches("HTTP/1\\.1 [1-5][0-9][0-9].*") || body.length < length) {
            throw new IOException("the answer broke off: " + status);
        }
        return new Answer(Integer.parseInt(status.substring(9, 12)), body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        if (b < 0) {
            throw new IOException("the answer broke off");
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
