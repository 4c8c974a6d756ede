package dev.filestore.examples.fuzzing.uploads;

import static dev.filestore.examples.fuzzing.Bytes.oneOf;

import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.Folders;
import dev.filestore.examples.fuzzing.forms.FormGrammar;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes requests up, as the text of {@link RawRequest}. */
public final class RequestGrammar {

    private static final int LARGEST_REAL_FILE = 6 * 1024;

    private static final List<String> USERS =
            List.of("a", "b", "a/../b", "=h", "u".repeat(255), "\u00ed\u0095\u009c", "somebody else", "admin x");

    private static final List<String> NAMES = List.of(
            "a",
            "../../a",
            "C:\\a",
            "a\u202eb",
            "문서",
            "\u1112\u1161\u11ab",
            ".",
            "a\"b",
            "%22%0D%0Ax",
            "CON",
            "a;b=c",
            "😀",
            "n".repeat(260),
            "\0");

    private final RandomGenerator random;

    public RequestGrammar(RandomGenerator random) {
        this.random = random;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Real(String extension, byte[] bytes) {}

    /** Read once. */
    private static final class Files {

        private static final List<Real> REAL = real();

        private static List<Real> real() {
            List<Real> files = new ArrayList<>(List.of(
                    new Real("png", Bytes.latin1("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR")),
                    new Real("gif", Bytes.latin1("GIF89a/*<script>*/=1;alert(1)//")),
                    new Real("jpg", Bytes.latin1("\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF")),
                    new Real("pdf", Bytes.latin1("%PDF-1.7\n%\u00e2\u00e3")),
                    new Real("mp4", Bytes.latin1("\0\0\0\u0014ftypisom\0\0\0\0mp41"))));
            Folders.corpus().forEach(file -> {
                byte[] bytes = Folders.read(file);
                if (bytes.length <= LARGEST_REAL_FILE) {
                    files.add(new Real(file.toString().replaceAll(".*\\.", ""), bytes));
                }
            });
            return files;
        }
    }

    /** A request of any kind. */
    public byte[] request() {
        return random.nextInt(4) == 0 ? other() : upload();
    }

    /** An upload, mostly of a real file. */
    public byte[] upload() {
        FormGrammar grammar = new FormGrammar(random);
        String boundary = grammar.boundary();
        byte[] content = new byte[0];
        byte[] body;
        if (random.nextInt(8) == 0) {
            body = grammar.body(boundary);
        } else {
            Real real = oneOf(random, Files.REAL);
            String extension = random.nextInt(12) == 0 ? "html" : real.extension();
            content = content(real.bytes(), boundary, grammar);
            body = grammar.body(boundary, oneOf(random, NAMES) + "." + extension, "application/octet-stream", content);
        }
        StringBuilder head = new StringBuilder("POST /upload");
        if (random.nextInt(8) == 0) {
            head.append("?expires_in_hours=")
                    .append(oneOf(random, List.of("1", "2", "3", "24", "0", "87600", "87601", "x", "%31")));
        }
        head.append('\n');
        user(head);
        head.append("Content-Type: ").append(grammar.contentType(boundary)).append('\n');
        way(head, body.length);
        if (random.nextInt(16) == 0) {
            head.append(oneOf(random, List.of("Content-Digest", "Repr-Digest")))
                    .append(": ")
                    .append(oneOf(random, List.of("sha-256=:", "sha-256=:", "sha-512=:", "md5=:")))
                    .append(sha256(random.nextInt(4) == 0 ? content : body))
                    .append(":\n");
        }
        return new Bytes()
                .add(Bytes.latin1(head.append('\n').toString()))
                .add(body)
                .toArray();
    }

    private byte[] content(byte[] real, String boundary, FormGrammar grammar) {
        return switch (random.nextInt(60)) {
            case 0 -> new byte[0];
            case 1 ->
                new Bytes()
                        .add(real)
                        .add(new byte[World.MAX_BYTES - real.length])
                        .toArray();
            case 2 ->
                new Bytes()
                        .add(real)
                        .add(new byte[World.MAX_BYTES - real.length + 1])
                        .toArray();
            case 3 -> Bytes.random(random, 1 + random.nextInt(100));
            case 4, 5, 6 -> new Bytes().add(real).add(grammar.content(boundary)).toArray();
            default ->
                new Bytes()
                        .add(real)
                        .add(Bytes.random(random, random.nextInt(64)))
                        .toArray();
        };
    }

    private void user(StringBuilder head) {
        if (random.nextInt(32) != 0) {
            head.append("X-User: ")
                    .append(random.nextInt(2) == 0 ? "a" : oneOf(random, USERS))
                    .append('\n');
        }
    }

    /** How the body comes. */
    private void way(StringBuilder head, int length) {
        switch (random.nextInt(24)) {
            case 0, 5, 6 -> head.append("Transfer-Encoding: chunked\n");
            case 1 ->
                head.append("Content-Length: ")
                        .append(random.nextInt(2 * length + 1))
                        .append('\n');
            case 2 ->
                head.append("Content-Length: ")
                        .append(length)
                        .append("\nX-End: ")
                        .append(random.nextInt(length + 1))
                        .append('\n');
            case 3 ->
                head.append("Transfer-Encoding: chunked\nX-End: ")
                        .append(random.nextInt(length + 1))
                        .append("\nX-Break: 1\n");
            case 4 -> head.append("Content-Length: 99999999999\n");
            default -> head.append("Content-Length: ").append(length).append('\n');
        }
        head.append("X-Cuts: ")
                .append(oneOf(random, length > 4_000 ? List.of(0, 0, 0, 700, 5000) : List.of(0, 0, 0, 1, 3, 700)))
                .append('\n');
    }

    /** A request for one of the files that there may be. */
    public byte[] other() {
        return other(1 + random.nextInt(6));
    }

    /** A request for a file, or for some. */
    public byte[] other(long id) {
        String file = "/" + id;
        StringBuilder head = new StringBuilder();
        String body = "";
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> head.append("DELETE ").append(file);
            case 3 -> head.append("GET ").append(file);
            case 4, 5 ->
                head.append(oneOf(random, List.of("GET ", "HEAD ")))
                        .append(file)
                        .append("/content")
                        .append(oneOf(
                                random, List.of("", "", "?redirect=true", "?expires=1&signature=x", "?redirect=%")));
            case 6 ->
                head.append("GET /?limit=")
                        .append(oneOf(random, List.of("1", "20", "0", "x", "&cursor=abc", "&category=image&offset=1")));
            case 7 -> {
                head.append("POST /presigned-url");
                body = oneOf(
                        random,
                        List.of(
                                "{\"file_id\":" + id + "}",
                                "{\"file_id\":" + id + ",\"expiration_hours\":169}",
                                "[",
                                ""));
            }
            default ->
                head.append(oneOf(random, List.of("PUT ", "OPTIONS ", "GET ", "TRACE ")))
                        .append(oneOf(random, List.of("/upload", "/x", "/1/2", "//", "/..", "/9223372036854775808")));
        }
        head.append('\n');
        user(head);
        if (random.nextInt(2) == 0) {
            head.append(oneOf(
                            random,
                            List.of(
                                    "Range: bytes=0-3",
                                    "Range: bytes=-5",
                                    "Range: bytes=99999-",
                                    "If-None-Match: *",
                                    "If-Match: \"x\"",
                                    "If-Modified-Since: Sun, 06 Nov 2044 08:49:37 GMT",
                                    "X-Request-Id: a\u0001b",
                                    "X-Request-Id: 0123456789")))
                    .append('\n');
        }
        head.append("Content-Length: ").append(body.length()).append("\n\n").append(body);
        return Bytes.latin1(head.toString());
    }

    private static String sha256(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
