package dev.filestore.examples.fuzzing.forms;

import static dev.filestore.examples.fuzzing.Bytes.oneOf;

import dev.filestore.examples.fuzzing.Bytes;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes forms up: most of them right, many almost, each wrong in another way. */
public final class FormGrammar {

    /** What forms are made of. */
    public static final List<String> WORDS = List.of(
            "multipart/form-data",
            "; boundary=",
            "boundary",
            "--boundary",
            "\r\n--boundary",
            "\r\n--boundary--\r\n",
            "--",
            "\r\n",
            "\r\n\r\n",
            "\r",
            "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n",
            "Content-Disposition: form-data; name=\"expires_in_hours\"\r\n\r\n24",
            "Content-Type: image/png\r\n",
            "Content-Type: multipart/mixed; boundary=inner\r\n",
            "Content-Transfer-Encoding: base64\r\n",
            "form-data",
            "name=",
            "filename=",
            "filename*=UTF-8''",
            "filename*=utf-8'ko'%EB%AC%B8.pdf",
            "%22",
            "%0D%0A",
            "\\\"",
            "\\\\");

    private static final List<String> BOUNDARIES = List.of(
            "boundary",
            "b",
            "--",
            "-",
            "a-a-a-a",
            "----WebKitFormBoundary7MA4YWxkTrZu0gW",
            "0'()+_,./:=?",
            "with space in it",
            "x".repeat(70),
            "aaaaaaaaaa");

    private static final List<String> NAMES = List.of(
            "a.png",
            "",
            "../../etc/passwd",
            "C:\\\\Users\\\\a\\\\b.pdf",
            "a\\\"b.png",
            "%22%0D%0A.png",
            "문서.pdf",
            "a\u202egnp.exe",
            "a;name=x.png",
            "\0.png",
            "CON.pdf",
            " .gif",
            "n".repeat(300) + ".jpg");

    private static final List<String> TYPES =
            List.of("image/png", "application/pdf", "text/html", "application/octet-stream", "image/png; a=b", "x");

    private final RandomGenerator random;
    private boolean careful;

    public FormGrammar(RandomGenerator random) {
        this.random = random;
    }

    public String boundary() {
        return oneOf(random, BOUNDARIES);
    }

    /** A Content-Type that names a boundary. */
    public String contentType(String boundary) {
        return switch (random.nextInt(16)) {
            case 0 -> "multipart/form-data; boundary=" + boundary;
            case 1 -> "Multipart/Form-Data;charset=utf-8; Boundary=\"" + boundary + "\"";
            case 2 -> "multipart/form-data; boundary = \"" + boundary + "\" ; boundary=other";
            default -> "multipart/form-data; boundary=\"" + boundary + "\"";
        };
    }

    /** A form of some parts, among them a file of that name, type and content. */
    public byte[] body(String boundary, String name, String type, byte[] content) {
        Bytes body = new Bytes();
        careful = random.nextInt(4) != 0;
        if (random.nextInt(8) == 0 && !careful) {
            body.add(oneOf(random, List.of("preamble", "\r\n", "--", "-".repeat(8_190), "--" + boundary)))
                    .add(oneOf(random, List.of("", "\r\n")));
        }
        int before = !careful && random.nextInt(12) == 0 ? random.nextInt(40) : random.nextInt(2);
        for (int i = 0; i < before; i++) {
            side(body, boundary);
        }
        if (careful || random.nextInt(12) != 0) {
            delimiter(body, boundary);
            fileHeader(body, name, type);
            body.add(content);
        }
        for (int after = random.nextInt(3); after > 0; after--) {
            side(body, boundary);
        }
        if (careful || random.nextInt(12) != 0) {
            body.add("\r\n--" + boundary + "--");
        }
        return body.add(oneOf(random, List.of("", "\r\n", "\r\n", "epilogue", "\r\n--" + boundary + "\r\n")))
                .add(random.nextInt(200) == 0 ? new byte[65_500 + random.nextInt(100)] : new byte[0])
                .toArray();
    }

    /** A form whose file is made up too. */
    public byte[] body(String boundary) {
        return body(boundary, oneOf(random, NAMES), oneOf(random, TYPES), content(boundary));
    }

    /** Bytes that nearly hold the boundary. */
    public byte[] content(String boundary) {
        Bytes content = new Bytes();
        for (int pieces = random.nextInt(6); pieces > 0; pieces--) {
            switch (random.nextInt(7)) {
                case 0 -> content.add("\r\n--" + boundary.substring(0, random.nextInt(boundary.length())));
                case 1 -> content.add("\r".repeat(1 + random.nextInt(4)));
                case 2 -> content.add("--" + boundary);
                case 3 -> content.add("\n--" + boundary + "\r\n");
                case 4 -> content.add(new byte[1 << random.nextInt(14)]);
                case 5 -> content.add(("\r\n--" + boundary).substring(0, 2 + random.nextInt(3)));
                default -> content.add(Bytes.random(random, random.nextInt(200)));
            }
        }
        return content.toArray();
    }

    private void delimiter(Bytes body, String boundary) {
        body.add("\r\n--" + boundary);
        body.add(!careful && random.nextInt(16) == 0 ? " \t".repeat(random.nextInt(70)) : "")
                .add(!careful && random.nextInt(16) == 0 ? "\n" : "\r\n");
    }

    private void side(Bytes body, String boundary) {
        delimiter(body, boundary);
        switch (careful ? 20 : random.nextInt(40)) {
            case 0, 5, 6, 7 ->
                body.add("Content-Disposition: form-data; name=\"expires_in_hours\"\r\n\r\n")
                        .add(oneOf(random, List.of("0", "1", "24", "87600", "87601", "-1", " 1", "x".repeat(65))));
            case 1 -> fileHeader(body, "second.png", "image/png");
            case 2 ->
                body.add("Content-Disposition: form-data; name=\"large\"\r\n\r\n")
                        .add(new byte[65_530 + random.nextInt(20)]);
            case 3 -> body.add("X: " + "y".repeat(8_180 + random.nextInt(20)) + "\r\n\r\n");
            case 4 -> body.add("Content-Disposition: form-data;\r\n name=folded\r\n\r\n");
            default -> body.add("Content-Disposition: form-data; name=\"field\"\r\n\r\nvalue");
        }
    }

    private void fileHeader(Bytes body, String name, String type) {
        String quoted = name.replace("\\", "\\\\").replace("\"", "\\\"");
        String disposition = switch (careful ? 6 : random.nextInt(14)) {
            case 0 -> "form-data; name=file; filename=" + name;
            case 1 -> "form-data; filename=\"" + quoted + "\"; name=\"file\"";
            case 2 ->
                "form-data; name=\"file\"; filename=\"x\"; filename*=UTF-8''"
                        + oneOf(random, List.of("%EB%AC%B8%EC%84%9C.pdf", "a.png", "%C0%AF", "%", "%2e%2e%2f"));
            case 3 -> "form-data; name=\"file\"";
            case 4 -> oneOf(random, List.of("attachment; name=file", "form-data", "form-data; name=\"file"));
            case 5 -> "form-data; name=\"file\"; name=\"file\"; filename=a";
            default -> "form-data; name=\"file\"; filename=\"" + quoted + "\"";
        };
        body.add("Content-Disposition: " + disposition + "\r\n");
        if (random.nextInt(4) != 0) {
            body.add("Content-Type: " + type + "\r\n");
        }
        if (!careful && random.nextInt(6) == 0) {
            body.add(oneOf(
                    random,
                    List.of(
                            "Content-Transfer-Encoding: base64\r\n",
                            "Content-Transfer-Encoding: binary\r\n",
                            "Content-Digest: sha-256=:AAAA:\r\n",
                            "X-A: b\r\nX-A: c\r\n",
                            ": empty\r\n",
                            "no colon\r\n")));
        }
        body.add("\r\n");
    }
}
