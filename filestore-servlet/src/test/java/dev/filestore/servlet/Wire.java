package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sends requests byte for byte, each over a connection of its own, and takes the answers apart byte for byte. */
final class Wire {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final HttpWatch WATCH = HttpWatch.find();

    private final URI base;
    private final @Nullable String token;

    Wire(URI base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    /**
     * What came back.
     *
     * @param status the status
     * @param fields the lines of the header, as they came
     * @param latin1 the bytes behind it, each a character
     */
    record Answer(int status, List<String> fields, String latin1) {

        byte[] body() {
            return latin1.getBytes(StandardCharsets.ISO_8859_1);
        }

        /** The value of a field; null where there is none, and a failure where there are several. */
        @Nullable
        String field(String name) {
            List<String> values = fields.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
            assertThat(values).as(name).hasSizeLessThanOrEqualTo(1);
            return values.isEmpty() ? null : values.get(0);
        }
    }

    /** Sends a request with its body, and with the length of that body unless the lines tell of one. */
    Answer send(String method, String path, byte[] body, String... lines) {
        boolean tellsLength = String.join("\n", lines)
                .toLowerCase(Locale.ROOT)
                .matches("(?s).*(content-length|transfer-encoding):.*");
        List<String> all = new ArrayList<>(List.of(lines));
        if (!tellsLength && body.length > 0) {
            all.add("Content-Length: " + body.length);
        }
        return exchange(head(method, path, "HTTP/1.1", all.toArray(String[]::new)), body);
    }

    /** The lines of a request as the user, ended by the empty one; characters are bytes. */
    byte[] head(String method, String path, String version, String... lines) {
        StringBuilder head = new StringBuilder(method + " " + base.getRawPath() + path + " " + version + "\r\nHost: "
                + base.getRawAuthority() + "\r\n");
        if (token != null) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        for (String line : lines) {
            head.append(line).append("\r\n");
        }
        return head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends these bytes, and nothing more; reads until the server closes. */
    Answer exchange(byte[]... pieces) {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            try {
                for (byte[] piece : pieces) {
                    out.write(piece);
                }
                socket.shutdownOutput();
            } catch (SocketException e) {
                // The server has heard enough; its answer may be there all the same.
            }
            byte[] answer = readAll(socket.getInputStream());
            tell(pieces, answer);
            return parse(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(byte[][] pieces, byte[] bytes) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            sent.writeBytes(piece);
        }
        HttpText text = HttpText.parse(sent.toString(StandardCharsets.ISO_8859_1));
        HttpText answer = HttpText.parseFinal(new String(bytes, StandardCharsets.ISO_8859_1));
        HttpWatch.Request request = text == null ? null : text.request(base.getRawPath());
        if (request != null && answer != null) {
            WATCH.seen(request, answer.answer(request.method()));
        }
    }

    private static byte[] readAll(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int read; (read = in.read(buffer)) >= 0; ) {
                bytes.write(buffer, 0, read);
            }
        } catch (SocketException e) {
            // It was cut off behind its answer.
        }
        return bytes.toByteArray();
    }

    private static Answer parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        assertThat(end).as("an answer in " + text).isPositive();
        List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
        assertThat(lines.get(0)).matches("HTTP/1\\.1 [1-5][0-9][0-9]( .*)?");
        int status = Integer.parseInt(lines.get(0).substring(9, 12));
        String rest = text.substring(end + 4);
        if (status == 100) {
            return parse(rest.getBytes(StandardCharsets.ISO_8859_1));
        }
        for (String line : lines) {
            assertThat(line).as("only visible ASCII in the header").matches("[ -~]*");
        }
        return new Answer(status, lines.subList(1, lines.size()), rest);
    }
}
