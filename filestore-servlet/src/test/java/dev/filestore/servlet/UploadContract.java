package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /upload}. */
abstract class UploadContract extends HttpContract.Group {

    private static final long LIMIT = 50L * 1024 * 1024;

    @Test
    void upload_pdf_answers201WithEveryFieldInOrder() {
        Answer answer = mine().uploadPdf("document.pdf");

        String key = answer.field("file_key");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body())
                .isEqualTo("{\"file_id\":" + answer.id()
                        + ",\"url\":" + literal(target().urlOf(answer.id(), key))
                        + ",\"cdn_url\":" + literal(target().cdnUrlOf(key))
                        + ",\"file_key\":\"" + key + "\""
                        + ",\"size\":" + HttpCalls.PDF.length
                        + ",\"category\":\"document\""
                        + ",\"content_type\":\"application/pdf\""
                        + ",\"original_filename\":\"document.pdf\"}");
        assertThat(key).matches("uploads/" + user + "/[0-9]{8}_[0-9]{6}_document\\.pdf");
        assertThat(answer.header("Location")).isEqualTo(target().base().getRawPath() + "/" + answer.id());
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Set-Cookie")).isNull();
        assertThat(answer.header("Content-Length")).isNotNull();
    }

    @Test
    void upload_withoutLength_isStored() {
        Answer answer = mine().uploadChunked(new Form().file("file", "a.pdf", "application/pdf", HttpCalls.PDF));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(mine().get("/" + answer.id() + "/content").response().body()).isEqualTo(HttpCalls.PDF);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void upload_koreanName_isKeptInNfc(boolean decomposed) {
        String name = Normalizer.normalize("문서.pdf", decomposed ? Normalizer.Form.NFD : Normalizer.Form.NFC);

        Answer answer = mine().uploadPdf(name);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.field("original_filename")).isEqualTo("문서.pdf");
        assertThat(answer.field("file_key")).endsWith("_문서.pdf");
        assertThat(mine().get("/" + answer.id() + "/content").header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"__.pdf\"; filename*=UTF-8''%EB%AC%B8%EC%84%9C.pdf");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 87_600})
    void upload_ttlBeforeTheFile_countsFromTheUpload(int hours) {
        assertExpiry(
                mine().upload(new Form()
                        .field("expires_in_hours", Integer.toString(hours))
                        .file("file", "a.pdf", "application/pdf", HttpCalls.PDF)),
                hours);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 87_600})
    void upload_ttlBehindTheFile_countsFromTheUpload(int hours) {
        assertExpiry(
                mine().upload(new Form()
                        .file("file", "a.pdf", "application/pdf", HttpCalls.PDF)
                        .field("expires_in_hours", Integer.toString(hours))),
                hours);
    }

    @Test
    void upload_ttlBehindALargeFile_countsFromTheUpload() {
        byte[] large = new byte[3_000_000];
        System.arraycopy(HttpCalls.PDF, 0, large, 0, HttpCalls.PDF.length);

        assertExpiry(
                mine().upload(new Form()
                        .file("file", "a.pdf", "application/pdf", large)
                        .field("expires_in_hours", "7")),
                7);
    }

    @Test
    void upload_ttlInTheQuery_countsFromTheUpload() {
        assertExpiry(
                mine().upload(
                                "/upload?expires_in_hours=24",
                                new Form().file("file", "a.pdf", "application/pdf", HttpCalls.PDF)),
                24);
    }

    private void assertExpiry(Answer answer, int hours) {
        assertThat(answer.status()).isEqualTo(201);
        Answer file = mine().get("/" + answer.id());
        LocalDateTime uploadedAt = LocalDateTime.parse(file.field("uploaded_at"));
        assertThat(LocalDateTime.parse(file.field("expires_at"))).isEqualTo(uploadedAt.plus(Duration.ofHours(hours)));
    }

    @Test
    void upload_withoutTtl_neverExpires() {
        Answer answer = mine().uploadPdf("a.pdf");

        assertThat(mine().get("/" + answer.id()).body()).endsWith(",\"expires_at\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "87601", "1.5", "1e2", "", "x", " 1", "99999999999", "٣"})
    void upload_badTtl_is400AndStoresNothing(String ttl) {
        Form before = new Form().field("expires_in_hours", ttl).file("file", "a.pdf", "application/pdf", HttpCalls.PDF);
        Form behind = new Form()
                .file("file", "a.pdf", "application/pdf", HttpCalls.PDF)
                .field("expires_in_hours", ttl);

        assertThat(mine().upload(before).failure()).isEqualTo("400 Invalid request");
        assertThat(mine().upload(behind).failure()).isEqualTo("400 Invalid request");
        assertNothingStored();
    }

    @Test
    void upload_ttlTwice_is400AndStoresNothing() {
        Form twice = new Form()
                .field("expires_in_hours", "1")
                .file("file", "a.pdf", "application/pdf", HttpCalls.PDF)
                .field("expires_in_hours", "1");
        Form once = new Form()
                .file("file", "a.pdf", "application/pdf", HttpCalls.PDF)
                .field("expires_in_hours", "1");

        assertThat(mine().upload(twice).failure()).isEqualTo("400 Invalid request");
        assertThat(mine().upload("/upload?expires_in_hours=1", once).failure()).isEqualTo("400 Invalid request");
        assertNothingStored();
    }

    @Test
    void upload_ofTheLimit_isStored_andOneByteMore_is400() {
        assertThat(uploadOf(LIMIT).status()).isEqualTo(201);

        Answer answer = uploadOf(LIMIT + 1);

        assertThat(answer.failure()).isEqualTo("400 File size exceeds limit");
        assertThat(answer.field("code")).isEqualTo("file_size_exceeds_limit");
        assertThat(answer.field("message")).contains("52428800");
        assertThat(mine().get("").body()).startsWith("{\"total\":1,");
    }

    private Answer uploadOf(long size) {
        byte[] head = ("--" + Form.BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] end = ("\r\n--" + Form.BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        return mine().post(
                        "/upload",
                        new Form().contentType(),
                        HttpRequest.BodyPublishers.ofInputStream(() ->
                                new SequenceInputStream(Collections.enumeration(List.of(
                                        new java.io.ByteArrayInputStream(head),
                                        new java.io.ByteArrayInputStream(HttpCalls.PDF),
                                        new Zeros(size - HttpCalls.PDF.length),
                                        new java.io.ByteArrayInputStream(end))))));
    }

    @Test
    void upload_noBytes_isEmpty() {
        Answer answer = mine().upload(new Form().file("file", "a.pdf", "application/pdf", new byte[0]));

        assertThat(answer.failure()).isEqualTo("400 File is empty");
        assertThat(answer.field("code")).isEqualTo("file_is_empty");
        assertNothingStored();
    }

    @Test
    void upload_noBytesAndNoName_isNoFile() {
        Answer answer = mine().upload(new Form().file("file", "", "application/octet-stream", new byte[0]));

        assertThat(answer.failure()).isEqualTo("400 No file provided");
        assertThat(answer.field("code")).isEqualTo("no_file_provided");
    }

    @Test
    void upload_ofAnotherType_isRefused() {
        Answer answer =
                mine().upload(new Form().file("file", "a.exe", "application/x-msdownload", new byte[] {'M', 'Z'}));

        assertThat(answer.failure()).isEqualTo("400 File type not allowed");
        assertThat(answer.field("code")).isEqualTo("file_type_not_allowed");
        assertNothingStored();
    }

    @Test
    void upload_bytesThatAreNotWhatTheNameSays_isRefused() {
        Answer answer = mine().upload(
                        new Form().file("file", "a.png", "image/png", "<html>".getBytes(StandardCharsets.US_ASCII)));

        assertThat(answer.failure()).isEqualTo("400 File type not allowed");
        assertNothingStored();
    }

    private void assertNothingStored() {
        assertThat(mine().get("").body())
                .isEqualTo("{\"total\":0,\"limit\":50,\"offset\":0,\"files\":[],\"next_cursor\":null}");
    }

    /** So many zero bytes. */
    private static final class Zeros extends InputStream {

        private long left;

        Zeros(long count) {
            this.left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int read = (int) Math.min(left, length);
            java.util.Arrays.fill(buffer, offset, offset + read, (byte) 0);
            left -= read;
            return read;
        }
    }
}
