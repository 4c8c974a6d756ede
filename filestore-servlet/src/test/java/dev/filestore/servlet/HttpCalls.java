package dev.filestore.servlet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Calls the endpoints of one server as one user. */
final class HttpCalls {

    static final byte[] PDF = """
            %PDF-1.4
            1 0 obj
            << /Type /Catalog /Pages 2 0 R >>
            endobj
            2 0 obj
            << /Type /Pages /Kids [] /Count 0 >>
            endobj
            trailer
            << /Root 1 0 R >>
            %%EOF
            """.getBytes(StandardCharsets.US_ASCII);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ID = Pattern.compile("\"(?:file_)?id\":([0-9]+)");

    private static final HttpWatch WATCH = HttpWatch.find();

    private final URI base;
    private final @Nullable String token;

    HttpCalls(URI base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    /** What came back. */
    record Answer(int status, HttpResponse<byte[]> response) {

        String body() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        @Nullable
        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        /** The text of a field. */
        String field(String name) {
            Matcher matcher = Pattern.compile("\"" + name + "\":\"((?:[^\"\\\\]++|\\\\.)*+)\"")
                    .matcher(body());
            if (!matcher.find()) {
                throw new AssertionError("no " + name + " in " + body());
            }
            return matcher.group(1);
        }

        /** The id of the file that this is about. */
        long id() {
            Matcher matcher = ID.matcher(body());
            if (!matcher.find()) {
                throw new AssertionError("no id in " + status + " " + body());
            }
            return Long.parseLong(matcher.group(1));
        }

        /** Status and {@code error}, in one text. */
        String failure() {
            return status + " " + field("error");
        }
    }

    Answer get(String path) {
        return send("GET", path, request -> {});
    }

    Answer send(String method, String path, Consumer<HttpRequest.Builder> settings) {
        return send(path, request -> {
            request.method(method, HttpRequest.BodyPublishers.noBody());
            settings.accept(request);
        });
    }

    Answer postJson(String path, String json) {
        return send(
                path,
                request -> request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer upload(Form form) {
        return upload("/upload", form);
    }

    Answer upload(String path, Form form) {
        return post(path, form.contentType(), HttpRequest.BodyPublishers.ofByteArray(form.bytes()));
    }

    /** Uploads without telling the length beforehand. */
    Answer uploadChunked(Form form) {
        byte[] bytes = form.bytes();
        return post(
                "/upload",
                form.contentType(),
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
    }

    Answer uploadPdf(String fileName) {
        return upload(new Form().file("file", fileName, "application/pdf", PDF));
    }

    Answer post(String path, String contentType, HttpRequest.BodyPublisher body) {
        return send(path, request -> request.header("Content-Type", contentType).POST(body));
    }

    private Answer send(String path, Consumer<HttpRequest.Builder> settings) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base + path))
                .timeout(PATIENCE);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        settings.accept(request);
        try {
            HttpResponse<byte[]> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            tell(response);
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void tell(HttpResponse<byte[]> response) {
        HttpRequest request = response.request();
        String address = request.uri().toString();
        if (address.startsWith(base.toString())) {
            WATCH.seen(
                    new HttpWatch.Request(
                            request.method(),
                            base.getRawPath(),
                            address.substring(
                                    base.toString().length() - base.getRawPath().length()),
                            request.headers(),
                            request.bodyPublisher().map(SmallBody::of).orElse(null)),
                    new HttpWatch.Answer(
                            response.statusCode(),
                            response.headers(),
                            new String(response.body(), StandardCharsets.ISO_8859_1)));
        }
    }

    /** A connection for what no client library sends. */
    Raw raw() {
        try {
            return new Raw(new Socket(base.getHost(), base.getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes over a socket. */
    final class Raw implements AutoCloseable {

        private final Socket socket;
        private final Deque<String> heads = new ArrayDeque<>();

        Raw(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout((int) PATIENCE.toMillis());
        }

        /** The first lines of a request as the user, with further header lines, each without its line break. */
        Raw head(String method, String path, String... lines) throws IOException {
            StringBuilder head = new StringBuilder(
                    method + " " + base.getRawPath() + path + " HTTP/1.1\r\nHost: " + base.getRawAuthority() + "\r\n");
            if (token != null) {
                head.append("Authorization: Bearer ").append(token).append("\r\n");
            }
            for (String line : lines) {
                head.append(line).append("\r\n");
            }
            heads.add(head.append("\r\n").toString());
            return write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        Raw write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
            return this;
        }

        /** Goes away without a word of farewell. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        Raw endOutput() throws IOException {
            socket.shutdownOutput();
            return this;
        }

        /** All that comes until the server closes, or until this text has come. */
        String readUntil(String end) throws IOException {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int read; (read = in.read(buffer)) >= 0; ) {
                bytes.write(buffer, 0, read);
                if (bytes.toString(StandardCharsets.UTF_8).contains(end)) {
                    break;
                }
            }
            tell(bytes.toString(StandardCharsets.ISO_8859_1));
            return bytes.toString(StandardCharsets.UTF_8);
        }

        /** Tells of each answer whose header is there to its end; what the requests had as bodies is not known. */
        private void tell(String text) {
            HttpText answer = HttpText.parseFinal(text);
            while (answer != null && !heads.isEmpty()) {
                HttpText head = HttpText.parse(heads.remove());
                HttpWatch.Request request = head == null ? null : head.request(base.getRawPath());
                HttpWatch.Answer seen = answer.answer(request == null ? "" : request.method());
                if (request != null) {
                    WATCH.seen(request, seen);
                }
                String body = seen.latin1();
                answer = body == null ? null : HttpText.parseFinal(answer.rest().substring(body.length()));
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
