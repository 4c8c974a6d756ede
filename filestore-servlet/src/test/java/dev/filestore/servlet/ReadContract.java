package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /{id}} and {@code GET /{id}/content}. */
abstract class ReadContract extends HttpContract.Group {

    @Test
    void get_ownFile_answersEveryFieldInOrder() {
        Answer uploaded = mine().uploadPdf("document.pdf");
        long id = uploaded.id();
        String key = uploaded.field("file_key");

        Answer answer = mine().get("/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"id\":" + id
                        + ",\"file_key\":\"" + key + "\""
                        + ",\"original_filename\":\"document.pdf\""
                        + ",\"file_size\":" + HttpCalls.PDF.length
                        + ",\"content_type\":\"application/pdf\""
                        + ",\"category\":\"document\""
                        + ",\"s3_url\":" + literal(target().urlOf(id, key))
                        + ",\"cdn_url\":" + literal(target().cdnUrlOf(key))
                        + ",\"uploaded_at\":\"" + answer.field("uploaded_at") + "\""
                        + ",\"expires_at\":null}");
        assertThat(answer.field("uploaded_at")).matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}");
        // The key holds the same second.
        assertThat(key)
                .contains(
                        "/" + answer.field("uploaded_at").replaceAll("[-:]", "").replace('T', '_') + "_");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void get_asAdmin_showsAnyFile() {
        long id = mine().uploadPdf("a.pdf").id();

        assertThat(admin().get("/" + id).status()).isEqualTo(200);
        assertThat(admin().get("/" + id + "/content").response().body()).isEqualTo(HttpCalls.PDF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/content"})
    void get_anotherUsersFile_is403_andAnAbsentOne_is404(String below) {
        long id = mine().uploadPdf("a.pdf").id();
        HttpCalls other = as("user-" + UUID.randomUUID());

        assertThat(other.get("/" + id + below).failure()).isEqualTo("403 Not authorized");
        assertThat(other.get("/999999999999" + below).failure()).isEqualTo("404 File not found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "abc", "1.0", "01", "+1", "%D9%A3", "9223372036854775808", "99999999999999999999"})
    void get_idThatIsNone_is400(String id) {
        assertThat(mine().get("/" + id).failure()).isEqualTo("400 Invalid request");
        assertThat(mine().get("/" + id + "/content").failure()).isEqualTo("400 Invalid request");
    }

    @Test
    void head_ofFile_answersAsGetWithoutBody() {
        long id = mine().uploadPdf("a.pdf").id();

        Answer head = mine().send("HEAD", "/" + id, request -> {});
        Answer get = mine().get("/" + id);

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
        assertThat(head.header("Content-Type")).isEqualTo("application/json");
        assertThat(mine().send("HEAD", "/999999999999", request -> {}).status()).isEqualTo(404);
    }

    @Test
    void content_ofOwnFile_isSavedAndNeverShown() {
        long id = mine().uploadPdf("a \"b\".pdf".replace("\"", "%22")).id();

        Answer answer = mine().get("/" + id + "/content");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEqualTo(HttpCalls.PDF);
        assertContentHeaders(answer);
        assertThat(answer.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"a _b_.pdf\"; filename*=UTF-8''a%20%22b%22.pdf");
    }

    @Test
    void content_head_answersAsGetWithoutBody() {
        long id = mine().uploadPdf("a.pdf").id();

        Answer answer = mine().send("HEAD", "/" + id + "/content", request -> {});

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEmpty();
        assertContentHeaders(answer);
    }

    private static void assertContentHeaders(Answer answer) {
        assertThat(answer.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(HttpCalls.PDF.length));
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; frame-ancestors 'self'; sandbox");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(answer.header("X-Request-Id")).isNotNull();
        assertThat(answer.header("Set-Cookie")).isNull();
    }

    @Test
    void content_withoutTokenOrSignature_is401() {
        long id = mine().uploadPdf("a.pdf").id();

        assertThat(anonymous().get("/" + id + "/content").failure()).isEqualTo("401 Authentication required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"?signature=x", "?expires=9999999999", "?expires=9999999999&signature=x", "?expires=&signature="
            })
    void content_forgedSignature_is403(String query) {
        long id = mine().uploadPdf("a.pdf").id();

        assertThat(anonymous().get("/" + id + "/content" + query).failure()).isEqualTo("403 Not authorized");
    }
}
