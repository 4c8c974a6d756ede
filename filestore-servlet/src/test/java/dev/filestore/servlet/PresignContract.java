package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.filestore.servlet.HttpCalls.Answer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /presigned-url} and {@code DELETE /{id}}. */
abstract class PresignContract extends HttpContract.Group {

    @ParameterizedTest
    @CsvSource({"'', 24", "',\"expiration_hours\":1', 1", "',\"expiration_hours\":168', 168"})
    void presign_ownFile_answersEveryFieldInOrder(String more, int hours) {
        Answer uploaded = mine().uploadPdf("a.pdf");
        Instant before = Instant.now();

        Answer answer = mine().postJson("/presigned-url", "{\"file_id\":" + uploaded.id() + more + "}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"presigned_url\":\"" + answer.field("presigned_url") + "\",\"expires_at\":\""
                        + answer.field("expires_at") + "\",\"file_key\":\"" + uploaded.field("file_key") + "\"}");
        assertThat(LocalDateTime.parse(answer.field("expires_at")).toInstant(ZoneOffset.UTC))
                .isCloseTo(before.plus(hours, ChronoUnit.HOURS), within(30, ChronoUnit.SECONDS));
        assertThat(anonymous().get(answer.field("presigned_url")).response().body())
                .isEqualTo(HttpCalls.PDF);
    }

    @Test
    void presign_fileThatExpiresSooner_endsWithIt() {
        long id = mine().upload(new Form()
                        .field("expires_in_hours", "2")
                        .file("file", "a.pdf", "application/pdf", HttpCalls.PDF))
                .id();

        Answer answer = mine().postJson("/presigned-url", "{\"expiration_hours\":24,\"file_id\":" + id + "}");

        assertThat(answer.field("expires_at")).isEqualTo(mine().get("/" + id).field("expires_at"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "1",
                "null",
                "{",
                "{}",
                "{\"file_id\":null}",
                "{\"file_id\":\"ID\"}",
                "{\"file_id\":ID.0}",
                "{\"file_id\":0}",
                "{\"file_id\":-1}",
                "{\"file_id\":99999999999999999999}",
                "{\"file_id\":ID,\"file_id\":ID}",
                "{\"file_id\":ID,\"x\":1}",
                "{\"file_id\":ID}{}",
                "{\"file_id\":ID} x",
                "{\"file_id\":ID,\"expiration_hours\":0}",
                "{\"file_id\":ID,\"expiration_hours\":169}",
                "{\"file_id\":ID,\"expiration_hours\":\"24\"}",
                "{\"file_id\":ID,\"expiration_hours\":24.0}",
                "{\"file_id\":ID,\"expiration_hours\":null}",
                "{\"file_id\":ID,\"expiration_hours\":true}",
                "{\"file_id\":[ID]}",
                "{\"expiration_hours\":24}",
                "{'file_id':ID}",
                "{\"file_id\":ID,}"
            })
    void presign_badBody_is400(String json) {
        long id = mine().uploadPdf("a.pdf").id();

        assertThat(mine().postJson("/presigned-url", json.replace("ID", Long.toString(id)))
                        .failure())
                .isEqualTo("400 Invalid request");
    }

    @Test
    void presign_bodyTooLong_is400() {
        long id = mine().uploadPdf("a.pdf").id();

        assertThat(mine().postJson("/presigned-url", "{\"file_id\":" + id + " ".repeat(10_000) + "}")
                        .failure())
                .isEqualTo("400 Invalid request");
    }

    @Test
    void presign_anotherUsersFile_is403_andAnAbsentOne_is404() {
        String body = "{\"file_id\":" + mine().uploadPdf("a.pdf").id() + "}";

        assertThat(as("user-" + UUID.randomUUID())
                        .postJson("/presigned-url", body)
                        .failure())
                .isEqualTo("403 Not authorized");
        assertThat(admin().postJson("/presigned-url", body).status()).isEqualTo(200);
        assertThat(mine().postJson("/presigned-url", "{\"file_id\":999999999999}")
                        .failure())
                .isEqualTo("404 File not found");
    }

    @Test
    void delete_ownFile_hidesItAtOnce() {
        long id = mine().uploadPdf("a.pdf").id();
        String presigned =
                mine().postJson("/presigned-url", "{\"file_id\":" + id + "}").field("presigned_url");

        Answer answer = mine().send("DELETE", "/" + id, request -> {});

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"message\":\"File deleted\"}");
        assertThat(mine().get("/" + id).failure()).isEqualTo("404 File not found");
        assertThat(mine().get("/" + id + "/content").failure()).isEqualTo("404 File not found");
        assertThat(mine().get("").body()).startsWith("{\"total\":0,");
        assertThat(mine().send("DELETE", "/" + id, request -> {}).failure()).isEqualTo("404 File not found");
        assertThat(anonymous().get(presigned).status()).isEqualTo(404);
    }

    @Test
    void delete_anotherUsersFile_is403_butAnAdminMay() {
        long id = mine().uploadPdf("a.pdf").id();

        assertThat(as("user-" + UUID.randomUUID())
                        .send("DELETE", "/" + id, request -> {})
                        .failure())
                .isEqualTo("403 Not authorized");
        assertThat(mine().get("/" + id).status()).isEqualTo(200);
        assertThat(admin().send("DELETE", "/" + id, request -> {}).status()).isEqualTo(200);
        assertThat(mine().get("/" + id).status()).isEqualTo(404);
    }

    @Test
    void delete_storageRefuses_is500_andARepeatFinishesIt() {
        long id = mine().uploadPdf("a.pdf").id();

        target().whileStorageFails(() -> {
            assertThat(mine().send("DELETE", "/" + id, request -> {}).failure()).isEqualTo("500 S3 error");
            assertThat(mine().get("/" + id).failure()).isEqualTo("404 File not found");
        });

        assertThat(mine().send("DELETE", "/" + id, request -> {}).body()).isEqualTo("{\"message\":\"File deleted\"}");
        assertThat(mine().send("DELETE", "/" + id, request -> {}).failure()).isEqualTo("404 File not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "x", "1.5", "-7"})
    void delete_idThatIsNone_is400(String id) {
        assertThat(mine().send("DELETE", "/" + id, request -> {}).failure()).isEqualTo("400 Invalid request");
    }
}
