package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.Wire.Answer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON that takes parsers down, or that two of them read in two ways. CVE-2026-33173 (Rails): fields nobody asked for. */
abstract class HostileJsonContract extends HostileContract.Group {

    private static final int DEEP = 100_000;

    private long id;

    private long id() {
        if (id == 0) {
            byte[] form = new Form().file("file", "a.pdf", null, HttpCalls.PDF).bytes();
            id = json(upload(form)).path("file_id").asLong();
        }
        return id;
    }

    private Answer presign(byte[] body, String... lines) {
        return send(
                "POST",
                "/presigned-url",
                body,
                lines.length == 0 ? new String[] {"Content-Type: application/json"} : lines);
    }

    private Answer presign(String body) {
        return presign(body.replace("ID", Long.toString(id())).getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefusedJson(Answer answer) {
        assertThat(answer.status() + " " + json(answer).path("error").asText()).isEqualTo("400 Invalid request");
        assertThat(json(answer).path("message").asText()).isNotEmpty().hasSizeLessThan(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"file_id\":ID}",
                " \t\r\n{ \"file_id\" : ID , \"expiration_hours\" : 1 } \n",
                "{\"expiration_hours\":168,\"file_id\":ID}",
                "{\"file\\u005fid\":ID}"
            })
    void presign_properJson_isAnswered(String body) {
        assertThat(presign(body).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // numbers
                "{\"file_id\":1e2}",
                "{\"file_id\":ID.0}",
                "{\"file_id\":ID.}",
                "{\"file_id\":IDe0}",
                "{\"file_id\":-0}",
                "{\"file_id\":-ID}",
                "{\"file_id\":+ID}",
                "{\"file_id\":0ID}",
                "{\"file_id\":0x1}",
                "{\"file_id\":ID_0}",
                "{\"file_id\":\uff11}",
                "{\"file_id\":NaN}",
                "{\"file_id\":Infinity}",
                "{\"file_id\":-Infinity}",
                "{\"file_id\":9223372036854775808}",
                "{\"file_id\":-9223372036854775809}",
                "{\"file_id\":18446744073709551617}",
                "{\"file_id\":ID,\"expiration_hours\":4294967297}",
                "{\"file_id\":ID,\"expiration_hours\":1e400}",
                // other values
                "{\"file_id\":\"ID\"}",
                "{\"file_id\":true}",
                "{\"file_id\":{\"file_id\":ID}}",
                "{\"file_id\":[ID]}",
                "{\"file_id\":undefined}",
                // names
                "{\"file_id\":ID,\"file_id\":ID}",
                "{\"file_id\":ID,\"file\\u005fid\":ID}",
                "{\"FILE_ID\":ID}",
                "{\"file_id \":ID}",
                "{\"file_id\\u0000\":ID}",
                "{\"\":ID}",
                "{\"file_id\":ID,\"__proto__\":{}}",
                "{\"file_id\":ID,\"user_id\":\"admin\"}",
                "{\"file_id\":ID,\"\\ud800\":1}",
                "{\"file_id\":ID,\"\\u202e<script>'\\u001b\\u2028\":1}",
                "{\"\ud83d\ude00\":\"\\udc00\\ud800\"}",
                // form
                "{\"file_id\":ID}//",
                "{\"file_id\":ID/* */}",
                "{\"file_id\":ID}#",
                "{'file_id':ID}",
                "{file_id:ID}",
                "{\"file_id\":ID,}",
                "{,\"file_id\":ID}",
                "{\"file_id\":ID}{\"file_id\":ID}",
                "{\"file_id\":ID}}",
                "{\"file_id\":ID}\0",
                "\0{\"file_id\":ID}",
                "\ufeff{\"file_id\":ID}",
                "{\"file_id\u0000\":ID}",
                "{\"file_id\n\":ID}",
                "{\"file_id\":ID\u00a0}",
                "{\"file_id\":ID\u2028}",
                "[{\"file_id\":ID}]",
                "\"{}\"",
                "",
                " ",
                "{",
                "{\"file_id\"",
                "{\"file_id\":",
                "{\"file_id\":ID",
                "file_id=ID",
                "<file_id>ID</file_id>"
            })
    void presign_otherJson_isRefused(String body) {
        assertRefusedJson(presign(body));
    }

    @Test
    void presign_deepAndHuge_isRefused() {
        assertRefusedJson(presign("[".repeat(DEEP)));
        assertRefusedJson(presign("{\"a\":".repeat(DEEP)));
        assertRefusedJson(presign("{\"file_id\":" + "[".repeat(DEEP)));
        assertRefusedJson(presign("{\"file_id\":" + "9".repeat(DEEP) + "}"));
        assertRefusedJson(presign("{\"file_id\":\"" + "x".repeat(DEEP) + "\"}"));
        assertRefusedJson(presign("{\"" + "x".repeat(DEEP) + "\":1}"));
        assertRefusedJson(presign(" ".repeat(DEEP) + "{\"file_id\":ID}"));
        assertRefusedJson(presign("{\"file_id\":ID}" + " ".repeat(DEEP)));
        // The same within the 8 KiB that are read.
        assertRefusedJson(presign("[".repeat(8_000)));
        assertRefusedJson(presign("{\"a\":".repeat(1_600)));
        assertRefusedJson(presign("{\"file_id\":" + "[".repeat(8_000)));
        assertRefusedJson(presign("{\"file_id\":" + "9".repeat(8_000) + "}"));
        assertRefusedJson(presign("{\"file_id\":0." + "9".repeat(8_000) + "}"));
        assertRefusedJson(presign("{\"file_id\":1e" + "9".repeat(8_000) + "}"));
        assertRefusedJson(presign("{\"file_id\":\"" + "\\ud800".repeat(1_300) + "\"}"));
        assertRefusedJson(presign("{\"" + "x".repeat(8_000) + "\":1}"));
        assertRefusedJson(presign("{" + "\"file_id\":1,".repeat(600) + "\"file_id\":1}"));
    }

    @Test
    void presign_bodyOf8KiB_isReadAndNoMore() {
        String json = "{\"file_id\":" + id() + "}";

        assertThat(presign(json + " ".repeat(8192 - json.length())).status()).isEqualTo(200);
        assertRefusedJson(presign(json + " ".repeat(8193 - json.length())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void presign_anotherEncoding_isRefused(String charset) {
        byte[] body = ("{\"file_id\":" + id() + "}").getBytes(Charset.forName(charset));

        assertRefusedJson(presign(body));
        assertRefusedJson(presign(body, "Content-Type: application/json; charset=" + charset));
    }

    @Test
    void presign_bytesThatAreNoUtf8_areRefused() {
        // An f that takes two bytes where one will do, half a character, a surrogate, and a byte that is none.
        for (String bytes :
                new String[] {"\u00c1\u00a6", "\u00e3\u0081", "\u00ed\u00a0\u0080", "\u00ff", "\u00c0\u0080"}) {
            String overlong = "{\"" + bytes + "ile_id\":" + id() + "}";
            assertRefusedJson(presign(overlong.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    /** What a form on another site can send without being asked, and what is not JSON. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/xml",
                "application/json, text/plain",
                "text/html; application/json",
                "application/jsonp",
                "x"
            })
    void presign_bodyOfAnotherType_isRefused(String contentType) {
        byte[] body = ("{\"file_id\":" + id() + "}").getBytes(StandardCharsets.UTF_8);

        Answer answer = presign(body, "Content-Type: " + contentType);

        assertRefusedJson(answer);
        assertThat(json(answer).path("message").asText())
                .isEqualTo("The body is to be application/json, found '" + contentType + "'");
    }

    @Test
    void presign_typeOfJsonInItsVariousForms_isAnswered() {
        byte[] body = ("{\"file_id\":" + id() + "}").getBytes(StandardCharsets.UTF_8);

        assertThat(presign(body, "Content-Type: Application/JSON;charset=utf-8").status())
                .isEqualTo(200);
        assertThat(presign(body, "Accept: */*").status()).isEqualTo(200);
        assertRefusedJson(presign(body, "Content-Type: application/json", "Content-Encoding: gzip"));
    }
}
