package dev.filestore.examples.webapp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** An upload over a socket of its own, sent piece by piece as the test wants it. */
final class RawUpload implements AutoCloseable {

    private static final String BOUNDARY = "piece-by-piece";

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final byte[] end = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8);

    /**
     * Sends the head of the request and of the part.
     *
     * @param size how many bytes of the file will follow
     * @param expectContinue whether the server is asked to say when it begins to read
     */
    RawUpload(String api, String token, String fileName, long size, boolean expectContinue) throws IOException {
        URI uri = URI.create(api + "/upload");
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(120_000);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream());
        byte[] partHead = ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                        + "\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        out.write(("POST " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\nAuthorization: Bearer "
                        + token + "\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY + "\r\nContent-Length: "
                        + (partHead.length + size + end.length) + "\r\n"
                        + (expectContinue ? "Expect: 100-continue\r\n" : "") + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
        if (expectContinue) {
            String line = line();
            if (!line.equals("HTTP/1.1 100 Continue") || !line().isEmpty()) {
                throw new AssertionError("expected to be told to go on, found: " + line);
            }
        }
        out.write(partHead);
    }

    void send(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Ends the body, and returns the status and the body of the answer, with a line break between. */
    String finish() throws IOException {
        out.write(end);
        out.flush();
        String status = line().replaceFirst("HTTP/1.1 (\\d+).*", "$1");
        while (!line().isEmpty()) {
            // No header matters here.
        }
        return status + "\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
