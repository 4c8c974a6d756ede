package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.filestore.servlet.Wire.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, queries and users that try to be something else. */
abstract class HostileAddressesContract extends HostileContract.Group {

    private long uploadedId() {
        byte[] form = new Form().file("file", "a.pdf", null, HttpCalls.PDF).bytes();
        return json(upload(form)).path("file_id").asLong();
    }

    /** Another's file is nowhere to be had, by whatever path; CVE-2026-22860 (Rack), CVE-2026-33195 (Rails). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..%2f..%2f..%2fetc%2fpasswd",
                "/../../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/..;/..;/etc/passwd",
                "/..%5c..%5cetc%5cpasswd",
                "/..\\..\\etc\\passwd",
                "/%c0%ae%c0%ae/",
                "/%252e%252e%252f",
                "/ID%00",
                "/ID%00.pdf",
                "/ID%0d%0aX-Evil:%20y",
                "/ID%2fcontent",
                "/ID/content%2f",
                "/ID/%63ontent%00",
                "/ID;x=y/content/..",
                "/ID/./content",
                "/ID//content",
                "//ID",
                "/ID/../ID/content",
                "/%E2%80%AEID",
                "/%ED%A0%80",
                "/%ff%fe",
                "/+ID",
                "/-ID",
                "/0ID",
                "/ID.0",
                "/ID%20",
                "/%20ID",
                "/0x1",
                "/1e0",
                "/99999999999999999999999999999999",
                "/9223372036854775808",
                "/%EF%BC%91",
                "/<script>alert(1)<%2fscript>",
                "/%3Cscript%3E'%22",
                "/'%20OR%20'1'='1",
                "/%1b%5b31m",
                "/${jndi:ldap:evil}",
                "/%",
                "/%2",
                "/%zz",
                "/#",
                "/ID#x",
                "/ID?x#y",
                "/upload/../ID",
                "/upload;x=y",
                "/presigned-url%00",
                "/.",
                "/..",
                "/../files/ID",
                "/ID;jsessionid=evil",
                "/;/ID",
                "/%3bID"
            })
    void get_hostilePath_neverLeadsToAnothersFile(String path) {
        String id = Long.toString(uploadedId());
        user = "user-" + UUID.randomUUID();

        for (String method : new String[] {"GET", "DELETE", "POST"}) {
            Answer answer = send(method, path.replace("ID", id), new byte[0]);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("%PDF", "a.pdf", "root:");
            if (answer.status() == 200) {
                assertThat(json(answer).path("total").asInt(-1))
                        .as("an empty list")
                        .isZero();
            } else {
                assertThat(answer.status()).isBetween(302, 501).isNotEqualTo(500);
            }
            if (answer.field("X-Request-Id") != null && answer.status() >= 400) {
                assertThat(json(answer).path("message").asText()).isNotEmpty();
            }
        }
        assertNothingStored();
    }

    @Test
    void get_pathParameters_areNoPartOfTheId() {
        long id = uploadedId();

        assertThat(get("/" + id + ";jsessionid=0123456789").body())
                .isEqualTo(get("/" + id).body());
    }

    /** CVE-2026-53538 (python-multipart): a semicolon parted parameters that were one to everybody else. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=%",
                "limit=%4",
                "limit=%zz",
                "limit=%u0031",
                "x=%c0%af",
                "x=%ed%a0%80",
                "x=%f4%90%80%80",
                "%ff=1",
                "x=%e3%81",
                "limit=1&limit=2",
                "limit=1&limit=1",
                "limit=1&%6cimit=2",
                "limit=1;limit=2",
                "limit%5B%5D=1&limit=x",
                "limit=",
                "limit",
                "limit=0",
                "limit=-1",
                "limit=%2b1",
                "limit=+1",
                "limit=1.0",
                "limit=1e1",
                "limit=0x10",
                "limit=%EF%BC%91",
                "limit=%D9%A3",
                "limit=1%00",
                "limit=1%0d%0aX-Evil:%20y",
                "offset=-1",
                "offset=%E2%80%AE1",
                "category=image&category=video",
                "category=Image",
                "category=image%00",
                "category=image%20",
                "category=",
                "category=%3Cscript%3Ealert(1)%3C/script%3E",
                "category=%27%20OR%20%271%27=%271",
                "category=%E2%80%AEegami",
                "category=%1b%5b31m%c2%9b%ee%80%80%e2%80%a8",
                "category=$%7Bjndi:ldap://evil.example/a%7D",
                "category=image%25",
                "category=*",
                "cursor=",
                "cursor=x",
                "cursor=..%2f..%2f",
                "cursor=AAAAAAAAAAAAAAAAAAAAAA",
                "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "cursor=%ff",
                "cursor=%E2%80%AE%0d%0a%1b%00%27%3Cb%3E",
                "cursor=%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80"
            })
    void list_hostileQuery_isRefused(String query) {
        assertRefused(get("?" + query), "400 Invalid request");
    }

    @Test
    void list_otherParametersHoweverMany_areIgnored() {
        for (String piece : new String[] {"x=y&", "&", "=&", "x&", "%26=%3d&", "a=1&b=2&"}) {
            Answer answer = get("?" + piece.repeat(6_000 / piece.length()) + "limit=7");
            assertThat(json(answer).path("limit").asInt()).isEqualTo(7);
        }
        assertThat(json(get("?limit=" + "0".repeat(6_000) + "7")).path("limit").asInt())
                .isEqualTo(7);
        assertThat(json(get("?limit=" + "9".repeat(6_000))).path("limit").asInt())
                .isEqualTo(100);
        assertThat(json(get("?offset=" + "9".repeat(6_000))).path("total").asInt())
                .isZero();
        assertRefused(get("?cursor=" + "A".repeat(6_000)), "400 Invalid request");
        assertRefused(get("?category=" + "%F0%9F%98%80".repeat(500)), "400 Invalid request");
        assertRefusedBySomebody(get("?" + "x=y&".repeat(100_000)));
        assertRefusedBySomebody(get("/" + "9".repeat(400_000)));
    }

    /** What stands in a query of a download, with a token and in a signed address. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "redirect=%3Cscript%3E%27%E2%80%AE",
                "redirect=true&redirect=false",
                "redirect=TRUE",
                "redirect=http://evil.example/",
                "expires=x&signature=y",
                "expires=9999999999&signature=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "expires=99999999999999999999&signature=%E2%80%AE%0d%0a%00%27",
                "expires=-1&signature=",
                "signature=%F0%9F%98%80",
                "expires=%D9%A3",
                "expires=1&expires=2&signature=x",
                "signature=%zz"
            })
    void get_hostileQueryOfADownload_isRefused(String query) {
        long id = uploadedId();

        for (Wire wire : List.of(target().as(user), target().anonymous())) {
            Answer answer = send(wire, "GET", "/" + id + "/content?" + query, new byte[0]);
            assertThat(answer.status()).isIn(400, 401, 403);
            assertThat(answer.field("Location")).isNull();
            assertThat(json(answer).path("message").asText()).isNotEmpty().hasSizeLessThan(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../admin",
                "..",
                ".",
                "/",
                "a/b",
                "..\\admin",
                "C:\\x",
                "a\nstatus=200",
                "a\r\nX-Evil: y",
                "a' op=delete status=200 id=1 user='admin",
                "\u202enimda",
                "\u001b[31madmin\u009b",
                "\u2028\u2029\u0085",
                "<script>alert(1)</script>",
                "'; DROP TABLE file_uploads; --",
                "${jndi:ldap://evil.example/a}",
                "%s%n{}",
                "%2e%2e%2fadmin",
                "=2E=2E",
                "=h0000",
                "CON",
                "~",
                "*",
                " ",
                "\ue000\ufffe",
                "\ubb38\uc11c",
                "\ud83d\ude00\u200d"
            })
    void hostileUser_hasAPlaceOfItsOwnAndNoOther(String name) {
        user = name + "-" + UUID.randomUUID();
        long id = uploadedId();

        JsonNode file = json(get("/" + id));
        String key = file.path("file_key").asText();

        assertThat(key).matches("uploads/[A-Za-z0-9_@=-][A-Za-z0-9._@=-]*/[0-9]{8}_[0-9]{6}_a\\.pdf");
        assertThat(target().files()).contains(key);
        assertThat(target().besideTheRoot()).isEmpty();
        assertThat(json(get("")).path("total").asInt()).isOne();
        assertThat(get("/" + id + "/content").body()).isEqualTo(HttpCalls.PDF);
        assertThat(target().metadata().findByKey(key))
                .hasValueSatisfying(row -> assertThat(row.owner()).isEqualTo(user));
    }

    @Test
    void longUsers_haveAPlaceEach() {
        List<String> segments = List.of("x".repeat(218), "\ud83d\ude00".repeat(100), "/".repeat(218)).stream()
                .map(name -> {
                    user = name + "-" + UUID.randomUUID();
                    return json(get("/" + uploadedId()))
                            .path("file_key")
                            .asText()
                            .split("/", -1)[1];
                })
                .toList();

        assertThat(segments).doesNotHaveDuplicates().allMatch(segment -> segment.matches("=h[0-9a-f]{64}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "BREW", "get", "PATCH", "PROPFIND", "G'ET", "M-SEARCH"})
    void call_oddMethod_isRefused(String method) {
        Answer answer = send(method, "", new byte[0]);

        assertThat(answer.status()).isIn(400, 405, 501);
        assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).doesNotContain("Bearer ");
    }
}
