package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /}. */
abstract class ListContract extends HttpContract.Group {

    private static final Pattern ID = Pattern.compile("\"id\":([0-9]+)");
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    @Test
    void list_nothing_answersTheDefaults() {
        Answer answer = mine().get("");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"total\":0,\"limit\":50,\"offset\":0,\"files\":[],\"next_cursor\":null}");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(mine().get("/").body()).isEqualTo(answer.body());
    }

    @Test
    void list_oneFile_showsItAsItIsShownAlone() {
        long id = mine().uploadPdf("a.pdf").id();

        assertThat(mine().get("").body())
                .isEqualTo("{\"total\":1,\"limit\":50,\"offset\":0,\"files\":["
                        + mine().get("/" + id).body() + "],\"next_cursor\":null}");
    }

    @Test
    void list_newestFirst_byOffsetAndByCursor_isTheSame() {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(mine().uploadPdf("a" + i + ".pdf").id());
        }
        Collections.reverse(ids);

        Answer first = mine().get("?limit=2");
        Answer second = mine().get("?limit=2&cursor=" + first.field("next_cursor"));
        Answer third = mine().get("?limit=2&cursor=" + second.field("next_cursor"));

        assertThat(first.body()).startsWith("{\"total\":5,\"limit\":2,\"offset\":0,");
        assertThat(ids(first)).isEqualTo(ids.subList(0, 2));
        assertThat(ids(second)).isEqualTo(ids.subList(2, 4));
        assertThat(ids(third)).isEqualTo(ids.subList(4, 5));
        assertThat(third.body()).endsWith("],\"next_cursor\":null}");
        assertThat(ids(mine().get("?limit=2&offset=2"))).isEqualTo(ids.subList(2, 4));
        assertThat(ids(mine().get("?offset=4"))).isEqualTo(ids.subList(4, 5));
        assertThat(mine().get("?offset=1000000").body())
                .isEqualTo("{\"total\":5,\"limit\":50,\"offset\":1000000,\"files\":[],\"next_cursor\":null}");
    }

    private static List<Long> ids(Answer answer) {
        List<Long> ids = new ArrayList<>();
        for (Matcher matcher = ID.matcher(answer.body()); matcher.find(); ) {
            ids.add(Long.parseLong(matcher.group(1)));
        }
        return ids;
    }

    @Test
    void list_ofOneCategory_leavesTheOthersOut() {
        long pdf = mine().uploadPdf("a.pdf").id();
        long png = mine().upload(new Form().file("file", "a.png", "image/png", PNG))
                .id();

        assertThat(ids(mine().get("?category=document"))).containsExactly(pdf);
        assertThat(ids(mine().get("?category=image"))).containsExactly(png);
        assertThat(mine().get("?category=video").body()).startsWith("{\"total\":0,");
    }

    @Test
    void list_othersFiles_areNotShown_notEvenToAnAdmin() {
        mine().uploadPdf("a.pdf");

        assertThat(as("user-" + UUID.randomUUID()).get("").body()).startsWith("{\"total\":0,");
        assertThat(admin().get("").body()).startsWith("{\"total\":0,");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "100, 100", "101, 100", "99999999999999999999999, 100", "007, 7"})
    void list_limit_countsUpTo100(String limit, int counted) {
        assertThat(mine().get("?limit=" + limit).body()).startsWith("{\"total\":0,\"limit\":" + counted + ",");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=-1",
                "limit=x",
                "limit=",
                "limit=1.0",
                "limit=%2B1",
                "limit=1&limit=1",
                "limit=%D9%A3",
                "offset=-1",
                "offset=x",
                "offset=",
                "offset=1.5",
                "category=audio",
                "category=",
                "category=Image",
                "category=%00",
                "cursor=",
                "cursor=x",
                "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "offset=1&cursor=x",
                "limit=%zz",
                "limit=%ff"
            })
    void list_badParameter_is400(String query) {
        // Not by java.net.URI, which takes no broken escapes.
        try (HttpCalls.Raw raw = mine().raw()) {
            String answer = raw.head("GET", "?" + query, "Connection: close").readUntil("}");
            assertThat(answer).startsWith("HTTP/1.1 400");
            // Jetty by itself refuses what is no UTF-8.
            if (!query.equals("limit=%zz")) {
                assertThat(answer).contains("{\"error\":\"Invalid request\",\"code\":\"invalid_request\",");
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void list_anotherListsCursor_is400() {
        mine().uploadPdf("a.pdf");
        mine().uploadPdf("b.pdf");
        String cursor = mine().get("?limit=1").field("next_cursor");

        assertThat(as("user-" + UUID.randomUUID())
                        .get("?limit=1&cursor=" + cursor)
                        .failure())
                .isEqualTo("400 Invalid request");
        assertThat(mine().get("?limit=1&category=image&cursor=" + cursor).failure())
                .isEqualTo("400 Invalid request");
        String forged = new StringBuilder(cursor).reverse().toString();
        assertThat(mine().get("?limit=1&cursor=" + forged).failure()).isEqualTo("400 Invalid request");
        assertThat(cursor.getBytes(StandardCharsets.UTF_8)).hasSizeGreaterThan(22);
    }
}
