package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Content-Digest} and {@code Repr-Digest} (RFC 9530), of a request's body, of its file, and of a download. */
abstract class DigestContract extends HttpContract.Group {

    private static final String WRONG_256 = "sha-256=" + digest("SHA-256", new byte[] {1});
    private static final String WRONG_512 = "sha-512=" + digest("SHA-512", new byte[] {1});

    private static String digest(String algorithm, byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(bytes);
            return ":" + Base64.getEncoder().encodeToString(digest) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String digests(byte[] bytes) {
        return "sha-256=" + digest("SHA-256", bytes) + ", sha-512=" + digest("SHA-512", bytes);
    }

    /** A form whose file has further header lines. */
    private static Form form(String... lines) {
        return new Form()
                .field("comment", "stands in front")
                .text("--" + Form.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n"
                        + (lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n") + "\r\n")
                .text(new String(HttpCalls.PDF, StandardCharsets.US_ASCII))
                .text("\r\n")
                .field("expires_in_hours", "1");
    }

    private Answer upload(Form form, String... fields) {
        return mine().send("POST", "/upload", request -> {
            request.header("Content-Type", form.contentType());
            for (int i = 0; i < fields.length; i += 2) {
                request.header(fields[i], fields[i + 1]);
            }
            request.POST(HttpRequest.BodyPublishers.ofByteArray(form.bytes()));
        });
    }

    private void assertRefused(Answer answer, String... said) {
        assertThat(answer.failure()).isEqualTo("400 Invalid request");
        assertThat(answer.field("message")).contains(said);
        assertThat(mine().get("").body()).startsWith("{\"total\":0,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Digest", "Repr-Digest", "content-digest"})
    void upload_bodyOfItsDigests_isStored(String field) {
        Form form = form().endingWith("--" + Form.BOUNDARY + "--\r\nan epilogue, which belongs to the body");

        assertThat(upload(form, field, digests(form.bytes())).status()).isEqualTo(201);
    }

    @Test
    void upload_chunkedBodyOfItsDigest_isStored() {
        byte[] bytes = form().bytes();

        assertThat(mine().send(
                                "POST",
                                "/upload",
                                request -> request.header("Content-Type", form().contentType())
                                        .header("Content-Digest", digests(bytes))
                                        .POST(HttpRequest.BodyPublishers.ofInputStream(
                                                () -> new ByteArrayInputStream(bytes))))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void upload_bodyOfAnotherDigest_is400AndStoresNothing() {
        String right = "sha-256=" + digest("SHA-256", form().bytes());

        assertRefused(
                upload(form(), "Content-Digest", WRONG_256), "The body", "sha-256", digest("SHA-256", form().bytes()));
        assertRefused(upload(form(), "Repr-Digest", WRONG_256), "The body");
        assertRefused(upload(form(), "Content-Digest", WRONG_512), "The body", "sha-512");
        assertRefused(upload(form(), "Content-Digest", right + ", " + WRONG_512), "sha-512");
        assertRefused(upload(form(), "Content-Digest", right, "Content-Digest", WRONG_512), "sha-512");
        assertRefused(upload(form(), "Content-Digest", right, "Repr-Digest", WRONG_512), "sha-512");
        assertRefused(
                upload(form(), "Content-Digest", right, "Repr-Digest", WRONG_256), "Repr-Digest has another sha-256");
        // The digest of the file is not that of the form around it.
        assertRefused(upload(form(), "Content-Digest", digests(HttpCalls.PDF)), "The body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Digest", "Repr-Digest", "CONTENT-DIGEST"})
    void upload_fileOfItsDigests_isStored(String field) {
        assertThat(upload(form(field + ": " + digests(HttpCalls.PDF))).status()).isEqualTo(201);
    }

    @Test
    void upload_fileOfAnotherDigest_is400AndStoresNothing() {
        assertRefused(upload(form("Content-Digest: " + WRONG_256)), "The file", "SHA-256");
        assertRefused(upload(form("Repr-Digest: " + WRONG_256)), "The file", "SHA-256");
        assertRefused(
                upload(form("Content-Digest: " + WRONG_512)), "The file", "sha-512", digest("SHA-512", HttpCalls.PDF));
        assertRefused(
                upload(form("Content-Digest: " + digests(HttpCalls.PDF), "Repr-Digest: " + WRONG_256)),
                "Repr-Digest has another sha-256");
        // The file is the right one, the form around it is not.
        assertRefused(
                upload(form("Content-Digest: " + digests(HttpCalls.PDF)), "Content-Digest", WRONG_256), "The body");
    }

    @Test
    void upload_fileThatIsNotAllowed_isToldBeforeItsDigest() {
        Form text = new Form()
                .text("--" + Form.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
                        + "Content-Digest: " + WRONG_256 + "\r\n\r\nx\r\n");

        assertThat(upload(text).failure()).isEqualTo("400 File type not allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "md5=:AAAA:",
                "unixsum=:AAAA:, x-y*_.1=::",
                "md5=:AAAA:;now;was=\"a\\\"b\";n=12.5;b=?1;d=@1;t=token/x;y=:AA==:",
            })
    void upload_unknownAlgorithms_areIgnored(String value) {
        assertThat(upload(form("Content-Digest: " + value), "Repr-Digest", value)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void upload_algorithmTwice_countsAsTheLast() {
        String right = "sha-256=" + digest("SHA-256", HttpCalls.PDF) + ";q=1";

        assertThat(upload(form("Content-Digest: " + WRONG_256 + " ,\t" + right)).status())
                .isEqualTo(201);
        assertRefused400(upload(form("Content-Digest: " + right + "," + WRONG_256)));
    }

    private static void assertRefused400(Answer answer) {
        assertThat(answer.failure()).isEqualTo("400 Invalid request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "sha-256 | has no '='",
                "sha-256= | has no ':'",
                "sha-256=AAAA | has no ':'",
                "sha-256=\"AAAA\" | has no ':'",
                "sha-256=:AAAA | has no colon at the end",
                "sha-256=:AA*A: | not in base64 at 'sha-256'",
                "sha-256=:AAAA: | has a sha-256 of 3 bytes, which has 32",
                "sha-256=:: | has a sha-256 of 0 bytes, which has 32",
                "sha-512=:AAAA: | has a sha-512 of 3 bytes, which has 64",
                "SHA-256=:AAAA: | no name of an algorithm",
                "md5=:AAAA:, | ends with a comma",
                "md5=:AAAA:,,md5=:AAAA: | no name of an algorithm",
                "md5=:AAAA: sha=:AAAA: | has no ','",
                "md5=:AAAA:; | no name of an algorithm",
                "md5=:AAAA:;a= | has a parameter without its value",
                "md5=:AAAA:;a=\"b | has a text without its end",
            })
    void upload_malformedDigest_is400AndStoresNothing(String value, String said) {
        assertRefused(upload(form("Content-Digest: " + value)), "The file's Content-Digest", said);
        assertRefused(upload(form(), "Repr-Digest", value), "The Repr-Digest", said);
    }

    @Test
    void upload_digestOfAPartBesideTheFile_isIgnored() {
        Form form = new Form()
                .text("--" + Form.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"comment\"\r\n"
                        + "Content-Digest: nonsense\r\n\r\nx\r\n")
                .file("file", "a.pdf", null, HttpCalls.PDF);

        assertThat(upload(form).status()).isEqualTo(201);
    }

    @Test
    void content_ofFile_tellsItsDigest() {
        long id = mine().uploadPdf("a.pdf").id();
        String expected = "sha-256=" + digest("SHA-256", HttpCalls.PDF);

        assertThat(mine().get("/" + id + "/content").header("Repr-Digest")).isEqualTo(expected);
        assertThat(mine().send("HEAD", "/" + id + "/content", request -> {}).header("Repr-Digest"))
                .isEqualTo(expected);
        // The answer to an upload is JSON, and the digest would be taken for that of the JSON.
        assertThat(mine().uploadPdf("a.pdf").header("Repr-Digest")).isNull();
    }
}
