package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Under which header fields the bytes are handed to a browser, by the servlet and by whoever answers a signed address: shown
 * only what is decoded and not run, saved else, under the user's name, and nothing of it ever run.
 */
abstract class ServeContract extends HttpContract.Group {

    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    private long png(String name) {
        Answer uploaded = mine().upload(new Form().file("file", name, "image/png", PNG));
        assertThat(uploaded.status()).as(uploaded.body()).isEqualTo(201);
        return uploaded.id();
    }

    private String presigned(long id, String more) {
        return mine().postJson("/presigned-url", "{\"file_id\":" + id + more + "}")
                .field("presigned_url");
    }

    private static void assertServed(Answer answer, String type, String disposition) {
        assertThat(answer.header("Content-Type")).isEqualTo(type);
        assertThat(answer.header("Content-Disposition")).isEqualTo(disposition);
        assertThat(answer.response().headers().allValues("Content-Disposition")).hasSize(1);
        assertThat(answer.header("Set-Cookie")).isNull();
    }

    private static void assertSafe(Answer answer) {
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; frame-ancestors 'self'; sandbox");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cache-Control")).startsWith("private, ");
        assertThat(answer.header("Vary")).isEqualTo("Authorization");
    }

    /**
     * ActiveStorage let who made a link say that a file is shown (CVE-2018-16477): here a reader may only ask for less.
     */
    @ParameterizedTest
    @CsvSource({"'', inline", "?disposition=inline, inline", "?disposition=attachment, attachment"})
    void content_ofAnImage_isShownUnlessItIsToBeSaved(String query, String disposition) {
        String path = "/" + png("a.png") + "/content" + query;
        String field = disposition + "; filename=\"a.png\"";

        for (Answer answer : List.of(
                mine().get(path),
                mine().send("HEAD", path, request -> {}),
                mine().send("GET", path, request -> request.header("Range", "bytes=0-3")))) {
            assertServed(answer, "image/png", field);
            assertSafe(answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?disposition=inline", "?disposition=attachment"})
    void content_ofADocument_isSavedWhateverIsAskedFor(String query) {
        Answer answer = mine().get("/" + mine().uploadPdf("a.pdf").id() + "/content" + query);

        assertServed(answer, "application/pdf", "attachment; filename=\"a.pdf\"");
        assertSafe(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "disposition=",
                "disposition",
                "disposition=INLINE",
                "disposition=inline%20",
                "disposition=inline%3B%20filename%3Dx.html",
                "disposition=form-data",
                "disposition=attachment&disposition=inline",
                "disposition=inline&disposition=inline",
                "disposition=inline%0D%0ASet-Cookie%3A%20a%3Db"
            })
    void content_askedForOtherwise_is400(String query) {
        Answer answer = mine().get("/" + png("a.png") + "/content?" + query);

        assertThat(answer.failure()).isEqualTo("400 Invalid request");
        assertThat(answer.header("Set-Cookie")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'', inline",
        "',\"disposition\":\"inline\"', inline",
        "',\"disposition\":\"attachment\"', attachment",
        "',\"expiration_hours\":1,\"disposition\":\"attachment\"', attachment"
    })
    void presigned_addressOfAnImage_isServedAsItWasSigned(String more, String disposition) {
        String url = presigned(png("문서.png"), more);

        assertServed(
                anonymous().get(url),
                "image/png",
                disposition + "; filename=\"__.png\"; filename*=UTF-8''%EB%AC%B8%EC%84%9C.png");
    }

    @Test
    void presigned_addressOfADocument_savesIt() {
        long id = mine().uploadPdf("a.pdf").id();

        assertServed(
                anonymous().get(presigned(id, ",\"disposition\":\"inline\"")),
                "application/pdf",
                "attachment; filename=\"a.pdf\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"INLINE\"", "\"\"", "\"inline; filename=x\"", "null", "1", "true", "[\"inline\"]", "{}"})
    void presigned_underAnotherDisposition_is400(String value) {
        long id = mine().uploadPdf("a.pdf").id();

        assertThat(mine().postJson("/presigned-url", "{\"file_id\":" + id + ",\"disposition\":" + value + "}")
                        .failure())
                .isEqualTo("400 Invalid request");
    }

    @ParameterizedTest
    @CsvSource({"inline, inline", "attachment, attachment"})
    void redirect_askedForADisposition_leadsToIt(String asked, String disposition) {
        Answer answer = mine().get("/" + png("a.png") + "/content?redirect=true&disposition=" + asked);

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertServed(
                anonymous().get(String.valueOf(answer.header("Location"))),
                "image/png",
                disposition + "; filename=\"a.png\"");
    }

    /** Names as browsers send them, and what stands in the answer: also the longest, in one line that containers take. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "문서 최종.png | __ __.png | %EB%AC%B8%EC%84%9C%20%EC%B5%9C%EC%A2%85.png",
                "50%25.png | 50_25.png | 50%2525.png",
                "a%22b.png | a_b.png | a%22b.png",
                "a;b=c, d.png | a;b=c, d.png | ",
                "😀.png | _.png | %F0%9F%98%80.png"
            })
    void content_anyName_isSavedUnderIt(String sent, String ascii, String extended) {
        String path = "/" + png(sent) + "/content";
        String field = "filename=\"" + ascii + "\"" + (extended == null ? "" : "; filename*=UTF-8''" + extended);

        assertThat(mine().get(path).header("Content-Disposition")).isEqualTo("inline; " + field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "문", "é", "😀"})
    void content_longestName_isServedByEverybody(String letter) {
        long id = png(letter.repeat(300) + ".png");

        String field = mine().get("/" + id + "/content").header("Content-Disposition");
        assertThat(field).startsWith("inline; filename=\"").contains(".png");
        assertServed(anonymous().get(presigned(id, "")), "image/png", String.valueOf(field));
    }

    @Test
    void json_ofEveryEndpoint_runsNothingAndIsNotKept() {
        long id = mine().uploadPdf("a.pdf").id();
        for (Answer answer : List.of(
                mine().uploadPdf("b.pdf"),
                mine().get(""),
                mine().get("/" + id),
                mine().postJson("/presigned-url", "{\"file_id\":" + id + "}"),
                mine().get("/" + id + "/nothing"),
                mine().get("/0"),
                anonymous().get("/" + id + "/content"),
                as("another").get("/" + id + "/content"),
                mine().send("PUT", "/" + id + "/content", request -> {}),
                mine().send("DELETE", "/" + id, request -> {}),
                mine().get("/" + id + "/content"))) {
            assertThat(answer.header("Content-Type")).startsWith("application/json");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Content-Security-Policy"))
                    .isEqualTo("default-src 'none'; frame-ancestors 'none'");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("Set-Cookie")).isNull();
        }
    }
}
