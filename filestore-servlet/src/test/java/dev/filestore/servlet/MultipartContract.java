package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import dev.filestore.servlet.HttpCalls.Raw;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send as {@code multipart/form-data}, and what they do not. */
abstract class MultipartContract extends HttpContract.Group {

    private static Form pdf() {
        return new Form().file("file", "a.pdf", "application/pdf", HttpCalls.PDF);
    }

    @Test
    void upload_partOfAnotherName_isNoFile() {
        assertThat(mine().upload(new Form().file("upload", "a.pdf", "application/pdf", HttpCalls.PDF))
                        .failure())
                .isEqualTo("400 No file provided");
        assertThat(mine().upload(new Form().file("upload", "a.pdf", "application/pdf", new byte[1_000_000]))
                        .failure())
                .isEqualTo("400 No file provided");
    }

    @Test
    void upload_fieldNamedFile_isNoFile() {
        assertThat(mine().upload(new Form().field("file", "%PDF-1.4")).failure())
                .isEqualTo("400 No file provided");
    }

    @Test
    void upload_formWithoutParts_isNoFile() {
        assertThat(mine().upload(new Form()).failure()).isEqualTo("400 No file provided");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x"})
    void upload_notMultipartFormData_isNoFile(String contentType) {
        assertThat(mine().post("/upload", contentType, HttpRequest.BodyPublishers.ofString("file=x"))
                        .failure())
                .isEqualTo("400 No file provided");
    }

    @Test
    void upload_withoutBody_isNoFile() {
        assertThat(mine().send("POST", "/upload", request -> {}).failure()).isEqualTo("400 No file provided");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a\\b\""
            })
    void upload_withoutBoundary_is400(String contentType) {
        assertThat(mine().post("/upload", contentType, HttpRequest.BodyPublishers.ofByteArray(pdf().bytes()))
                        .failure())
                .isEqualTo("400 Invalid request");
    }

    @Test
    void upload_contentTypeInOtherLetters_isStored() {
        String contentType = "Multipart/Form-Data; charset=utf-8; BOUNDARY=\"" + Form.BOUNDARY + "\"";

        assertThat(mine().post("/upload", contentType, HttpRequest.BodyPublishers.ofByteArray(pdf().bytes()))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void upload_twoFiles_is400AndStoresNothing() {
        Form form = pdf().file("file", "b.pdf", "application/pdf", HttpCalls.PDF);

        assertThat(mine().upload(form).failure()).isEqualTo("400 Invalid request");
        assertNothingStored();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "--" + Form.BOUNDARY, "--" + Form.BOUNDARY + "-", "--" + Form.BOUNDARY + "x--\r\n", "\n--"})
    void upload_withoutLastBoundary_is400AndStoresNothing(String end) {
        assertThat(mine().upload(pdf().endingWith(end)).failure()).isEqualTo("400 Invalid request");
        assertThat(mine().uploadChunked(pdf().endingWith(end)).failure()).isEqualTo("400 Invalid request");
        assertNothingStored();
    }

    @Test
    void upload_linesThatEndWithLfOnly_is400() {
        String body = new String(pdf().bytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");

        assertThat(mine().post("/upload", pdf().contentType(), HttpRequest.BodyPublishers.ofString(body))
                        .failure())
                .isEqualTo("400 Invalid request");
    }

    @Test
    void upload_preambleAndEpilogue_areIgnored() {
        Form form = new Form()
                .text("This is a preamble.\r\n")
                .file("file", "a.pdf", "application/pdf", HttpCalls.PDF)
                .endingWith("--" + Form.BOUNDARY + "--\r\nThis is an epilogue.\r\n--" + Form.BOUNDARY + "\r\n");

        Answer answer = mine().upload(form);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).contains("\"size\":" + HttpCalls.PDF.length + ",");
    }

    @Test
    void upload_tooMuchBeforeOrBehind_is400() {
        String filler = "x".repeat(100_000);

        assertThat(mine().upload(new Form()
                                .text(filler + "\r\n")
                                .text(new String(pdf().bytes(), StandardCharsets.UTF_8)))
                        .failure())
                .isEqualTo("400 Invalid request");
        assertThat(mine().upload(pdf().endingWith("--" + Form.BOUNDARY + "--\r\n" + filler))
                        .failure())
                .isEqualTo("400 Invalid request");
        assertThat(mine().upload(pdf().field("comment", filler)).failure()).isEqualTo("400 Invalid request");
        assertNothingStored();
    }

    @Test
    void upload_headerOfAPartTooLong_is400() {
        Form form = new Form()
                .text("--" + Form.BOUNDARY + "\r\nX-Long: " + "x".repeat(10_000) + "\r\n")
                .text("Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4\r\n");

        assertThat(mine().upload(form).failure()).isEqualTo("400 Invalid request");
    }

    @Test
    void upload_tooManyParts_is400() {
        Form form = new Form();
        for (int i = 0; i < 32; i++) {
            form.field("x", "y");
        }

        assertThat(mine().upload(form.file("file", "a.pdf", null, HttpCalls.PDF))
                        .failure())
                .isEqualTo("400 Invalid request");
    }

    @Test
    void upload_otherFieldsAndFiles_areIgnored() {
        Form form = new Form()
                .field("comment", "안녕")
                .file("thumbnail", "t.png", "image/png", new byte[100])
                .file("file", "a.pdf", "application/pdf", HttpCalls.PDF)
                .field("tail", "x");

        assertThat(mine().upload(form).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        // as browsers write it: three characters are replaced, the percent sign itself is not
        "'filename=\"a%22b.pdf\"', 'a\\\"b.pdf'",
        "'filename=\"a%0D%0Ab.pdf\"', ab.pdf",
        "'filename=\"100%25.pdf\"', 100%25.pdf",
        // as curl wrote it
        "'filename=\"a\\\"b.pdf\"', 'a\\\"b.pdf'",
        "'filename=\"a\\\\b.pdf\"', b.pdf",
        // as old clients on Windows do
        "'filename=\"C:\\dir\\b.pdf\"', b.pdf",
        "'filename=\"../../etc/b.pdf\"', b.pdf",
        "'filename=b.pdf', b.pdf",
        "'filename=\"x.pdf\"; filename*=UTF-8''''%EB%AC%B8%EC%84%9C.pdf', 문서.pdf",
    })
    void upload_nameInItsVariousForms_isUnderstood(String parameter, String json) {
        Form form = new Form()
                .text("--" + Form.BOUNDARY + "\r\ncontent-disposition: Form-Data; name=file; " + parameter
                        + "\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n%%EOF\r\n");

        Answer answer = mine().upload(form);

        assertThat(answer.status()).describedAs(answer.body()).isEqualTo(201);
        assertThat(answer.field("original_filename")).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y",
                "Content-Disposition: form-data",
                "Content-Disposition: form-data; filename=\"a.pdf\"",
                "Content-Disposition: attachment; name=\"file\"; filename=\"a.pdf\"",
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf",
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"; filename=\"b.pdf\"",
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\" x",
                "Content-Disposition: form-data; name=\"file\"; filename*=latin1''a.pdf",
                "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%ZZ.pdf",
                "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%FF.pdf",
                "Content-Disposition form-data; name=\"file\"; filename=\"a.pdf\"",
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Disposition: form-data",
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Transfer-Encoding: base64",
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\rX: y",
            })
    void upload_headerOfThePartMalformed_is400(String header) {
        Form form = new Form().text("--" + Form.BOUNDARY + "\r\n" + header + "\r\n\r\n%PDF-1.4\n%%EOF\r\n");

        assertThat(mine().upload(form).failure()).isEqualTo("400 Invalid request");
        assertNothingStored();
    }

    @Test
    void upload_inPiecesCutAnywhere_isStored() throws IOException {
        byte[] body = pdf().field("expires_in_hours", "1").bytes();
        // Nine uploads stay below the limit; each is cut in pieces of another odd length.
        for (int piece : new int[] {1, 2, 3, 5, 7, 11, 13, 17, 23}) {
            try (Raw raw = mine().raw()) {
                raw.head(
                        "POST",
                        "/upload",
                        "Content-Type: " + pdf().contentType(),
                        "Transfer-Encoding: chunked",
                        "Connection: close");
                for (int at = 0; at < body.length; at += piece) {
                    byte[] data = Arrays.copyOfRange(body, at, Math.min(body.length, at + piece));
                    raw.write((Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    raw.write(data);
                    raw.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                raw.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(raw.readUntil("}")).startsWith("HTTP/1.1 201").contains("\"size\":" + HttpCalls.PDF.length);
            }
        }
    }

    @Test
    void upload_contentLengthTooLong_storesNothing() throws IOException {
        byte[] body = pdf().bytes();
        try (Raw raw = mine().raw()) {
            raw.head("POST", "/upload", "Content-Type: " + pdf().contentType(), "Content-Length: " + (body.length + 10))
                    .write(body)
                    .endOutput();
            assertThat(raw.readUntil("}")).doesNotContain(" 201");
        }
        assertNothingStored();
    }

    @Test
    void upload_contentLengthTooShort_is400AndStoresNothing() throws IOException {
        byte[] body = pdf().bytes();
        try (Raw raw = mine().raw()) {
            raw.head("POST", "/upload", "Content-Type: " + pdf().contentType(), "Content-Length: " + (body.length - 10))
                    .write(body)
                    .endOutput();
            assertThat(raw.readUntil("}")).startsWith("HTTP/1.1 400").contains("\"Invalid request\"");
        }
        assertNothingStored();
    }

    @Test
    void upload_clientGoneInTheMiddle_storesNothing() throws IOException {
        byte[] body = pdf().bytes();
        try (Raw raw = mine().raw()) {
            raw.head("POST", "/upload", "Content-Type: " + pdf().contentType(), "Content-Length: 100000000")
                    .write(body)
                    .write(new byte[100_000]);
        }
        assertNothingStored();
    }

    private void assertNothingStored() {
        assertThat(mine().get("").body()).startsWith("{\"total\":0,");
    }
}
