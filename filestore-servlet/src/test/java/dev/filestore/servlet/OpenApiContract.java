package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.filestore.servlet.HttpCalls.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /openapi.json}. */
abstract class OpenApiContract extends HttpContract.Group {

    private static final String PATH = "/openapi.json";

    @Test
    void describe_withoutToken_isTheDocumentAtThisPath() throws IOException {
        Answer answer = anonymous().get(PATH);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.header("ETag")).matches("\"[0-9a-f]{64}\"");
        JsonNode document = new ObjectMapper().readTree(answer.response().body());
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.1");
        assertThat(document.path("info").path("version").asText()).matches("[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?");
        assertThat(document.path("servers"))
                .hasSize(1)
                .allSatisfy(server -> assertThat(server.path("url").asText())
                        .isEqualTo(target().base().getPath()));
    }

    /** A client may have one for everything; who looks at the document is not asked, and need not be known. */
    @ParameterizedTest
    @ValueSource(strings = {"Bearer TOKEN", "Bearer a.b.c", "Basic dTpw"})
    void describe_anyToken_isTheSameAndCountsForNobody(String authorization) {
        String header = authorization.replace("TOKEN", target().token(user));

        Answer answer = anonymous().send("GET", PATH, request -> request.header("Authorization", header));

        assertThat(answer.body()).isEqualTo(anonymous().get(PATH).body());
        assertThat(answer.header("RateLimit-Limit")).isNull();
        assertThat(mine().get("/999999999999").header("RateLimit-Remaining")).isEqualTo("99");
    }

    @Test
    void describe_head_isTheHeaderAlone() {
        Answer get = anonymous().get(PATH);
        Answer head = anonymous().send("HEAD", PATH, request -> {});

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.response().body()).isEmpty();
        for (String name : new String[] {"ETag", "Cache-Control", "Content-Type", "Content-Length"}) {
            assertThat(head.header(name)).as(name).isNotNull().isEqualTo(get.header(name));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "If-None-Match | {tag} | 304",
                "If-None-Match | W/{tag} | 304",
                "If-None-Match | \"other\" | 200",
                "If-Match | {tag} | 200",
                "If-Match | \"other\" | 412",
                "If-Modified-Since | Fri, 01 Jan 2100 00:00:00 GMT | 200",
                "If-Unmodified-Since | Mon, 01 Jan 1990 00:00:00 GMT | 200",
                "Range | bytes=0-4 | 200",
            })
    void describe_conditions_areThoseOfItsTag(String field, String value, int status) {
        String tag = String.valueOf(anonymous().get(PATH).header("ETag"));

        for (String method : new String[] {"GET", "HEAD"}) {
            Answer answer =
                    anonymous().send(method, PATH, request -> request.header(field, value.replace("{tag}", tag)));

            assertThat(answer.status()).isEqualTo(status);
            if (status == 304) {
                assertThat(answer.header("ETag")).isEqualTo(tag);
                assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
                assertThat(answer.header("Content-Length")).isNull();
            }
        }
    }

    @Test
    void describe_anotherMethod_isForUsersAndRefused() {
        assertThat(anonymous().send("POST", PATH, request -> {}).failure()).isEqualTo("401 Authentication required");
        Answer answer = mine().send("DELETE", PATH, request -> {});

        assertThat(answer.failure()).isEqualTo("405 Method not allowed");
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }

    /** Nothing of a request but the path comes back in an answer that anybody may keep. */
    @Test
    void describe_withAHostAndAQuery_tellsNeither() {
        Answer answer = anonymous()
                .send(
                        "GET",
                        PATH + "?lang=evil.example",
                        request -> request.header("X-Forwarded-Host", "evil.example")
                                .header("X-Forwarded-Prefix", "/evil.example")
                                .header("Origin", "https://evil.example"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(anonymous().get(PATH).body()).doesNotContain("evil");
    }
}
