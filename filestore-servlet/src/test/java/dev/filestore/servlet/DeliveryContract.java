package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpCalls.Answer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges and conditions on {@code /{id}/content}: RFC 9110 sections 13 and 14, and what browsers and downloaders ask for. */
abstract class DeliveryContract extends HttpContract.Group {

    private static final byte[] BYTES = HttpCalls.PDF;

    private String path;
    private Map<String, String> words;

    @BeforeEach
    void upload() {
        Answer uploaded = mine().uploadPdf("a.pdf");
        path = "/" + uploaded.id() + "/content";
        Answer whole = mine().get(path);
        String tag = header(whole, "ETag");
        Instant came = DateTimeFormatter.RFC_1123_DATE_TIME.parse(header(whole, "Last-Modified"), Instant::from);
        words = Map.of(
                "{tag}", tag,
                "{at}", header(whole, "Last-Modified"),
                "{before}", date("EEE, dd MMM yyyy HH:mm:ss 'GMT'", came.minusSeconds(1)),
                "{after}", date("EEE, dd MMM yyyy HH:mm:ss 'GMT'", came.plusSeconds(1)),
                "{at-850}", date("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", came),
                "{at-asctime}", date("EEE MMM ppd HH:mm:ss yyyy", came),
                "{size}", Integer.toString(BYTES.length),
                "{last}", Integer.toString(BYTES.length - 1));
    }

    private static String header(Answer answer, String name) {
        String value = answer.header(name);
        assertThat(value).as(name).isNotNull();
        return String.valueOf(value);
    }

    private static String date(String pattern, Instant moment) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                .withZone(ZoneOffset.UTC)
                .format(moment);
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            filled = filled.replace(word.getKey(), word.getValue());
        }
        return filled;
    }

    /** Fields are written as in a request, with an ampersand between two. */
    private Consumer<HttpRequest.Builder> fields(String text) {
        return request -> Arrays.stream(filled(text).split(" & ", -1))
                .map(field -> field.split(": ", 2))
                .forEach(field -> request.header(field[0], field[1]));
    }

    private void assertPart(Answer answer, long first, long last) {
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes " + first + "-" + last + "/" + BYTES.length);
        assertThat(answer.header("Content-Length")).isEqualTo(Long.toString(last - first + 1));
        assertThat(answer.response().body()).isEqualTo(Arrays.copyOfRange(BYTES, (int) first, (int) last + 1));
        assertMetadata(answer);
    }

    private void assertWhole(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Range")).isNull();
        assertThat(answer.response().body()).isEqualTo(BYTES);
        assertMetadata(answer);
    }

    private void assertMetadata(Answer answer) {
        assertThat(answer.header("ETag")).isEqualTo(words.get("{tag}")).matches("\"[0-9a-f]{64}\"");
        assertThat(answer.header("Last-Modified")).isEqualTo(words.get("{at}"));
        assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(answer.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(answer.header("Content-Disposition")).startsWith("attachment;");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Repr-Digest")).startsWith("sha-256=:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0 | 0 | 0",
                "bytes=0-99 | 0 | 99",
                "bytes=5-9 | 5 | 9",
                "bytes=100- | 100 | -1",
                "bytes=0- | 0 | -1",
                "bytes=-1 | -1 | -1",
                "bytes=-10 | -10 | -1",
                "bytes=-999999 | 0 | -1",
                "bytes=-99999999999999999999 | 0 | -1",
                "bytes=7-999999 | 7 | -1",
                "bytes=7-99999999999999999999 | 7 | -1",
                "bytes={last}-{last} | -1 | -1",
                "bytes=007-0000000000000000000008 | 7 | 8",
                "BYTES=5-9 | 5 | 9",
                "bytes=5-9, | 5 | 9",
            })
    void range_single_isThatPart(String range, int first, int last) {
        assertPart(mine().send("GET", path, fields("Range: " + range)), fromEnd(first), fromEnd(last));
    }

    private static long fromEnd(int index) {
        return index < 0 ? BYTES.length + index : index;
    }

    /** CVE-2026-33658 (Rails): each of thousands of ranges in one request was served. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-4,10-14",
                "bytes=0-4 & Range: bytes=10-14",
                "bytes=9-5",
                "bytes=-",
                "bytes=",
                "bytes",
                "bytes 0-4",
                "bytes=a-b",
                "bytes=1.5-3",
                "bytes=+1-3",
                "bytes=--5",
                "bytes=0-4;q=1",
                "lines=0-4",
                "0-4",
            })
    void range_severalOrMalformedOrOfAnotherUnit_isPassedOver(String range) {
        assertWhole(mine().send("GET", path, fields("Range: " + range)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes={size}-", "bytes={size}-{size}", "bytes=99999999999999999999-", "bytes=-0"})
    void range_behindTheEnd_is416AndTellsTheSize(String range) {
        Answer answer = mine().send("GET", path, fields("Range: " + range));

        assertThat(answer.failure()).isEqualTo("416 Range not satisfiable");
        assertThat(answer.header("Content-Range")).isEqualTo("bytes */" + BYTES.length);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Range: bytes=5-9", "Range: bytes={size}-", "X-None: 1"})
    void head_anyRange_answersAsGetOfTheWhole(String field) {
        Answer answer = mine().send("HEAD", path, fields(field));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEmpty();
        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(BYTES.length));
        assertThat(answer.header("Content-Range")).isNull();
        assertMetadata(answer);
    }

    /** In the order of precedence, each field true and false, alone and with those that it outranks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "If-Match: {tag} | 200",
                "If-Match: * | 200",
                "If-Match: \"a,b\", \"\" ,{tag},\"c\" | 200",
                "If-Match: \"other\" & If-Match: {tag} | 200",
                "If-Match: \"other\" | 412",
                "If-Match: W/{tag} | 412",
                "If-Match: nonsense | 412",
                "If-Match: \"half | 412",
                "If-Match: {tag} & If-Unmodified-Since: {before} | 200",
                "If-Match: \"other\" & If-None-Match: {tag} | 412",
                "If-Match: \"other\" & Range: bytes=5-9 | 412",
                "If-Match: \"other\" & Range: bytes={size}- | 412",
                "If-Match: {tag} & If-None-Match: {tag} | 304",
                "If-Unmodified-Since: {at} | 200",
                "If-Unmodified-Since: {after} | 200",
                "If-Unmodified-Since: {before} | 412",
                "If-Unmodified-Since: nonsense | 200",
                "If-Unmodified-Since: {before} & If-None-Match: {tag} | 412",
                "If-None-Match: {tag} | 304",
                "If-None-Match: W/{tag} | 304",
                "If-None-Match: * | 304",
                "If-None-Match: \"a,b\",W/\"\" , {tag} | 304",
                "If-None-Match: \"other\" & If-None-Match: {tag} | 304",
                "If-None-Match: \"other\" | 200",
                "If-None-Match: nonsense {tag} | 200",
                "If-None-Match: \"other\" & If-Modified-Since: {at} | 200",
                "If-None-Match: {tag} & If-Modified-Since: {before} | 304",
                "If-None-Match: {tag} & Range: bytes={size}- | 304",
                "If-None-Match: {tag} & Range: bytes=5-9 | 304",
                "If-None-Match: {tag} & If-Modified-Since: {at} & Range: bytes=100-{last} | 304",
                "If-None-Match: \"other\" & Range: bytes=5-9 | 206",
                "If-Modified-Since: {at} | 304",
                "If-Modified-Since: {at-850} | 304",
                "If-Modified-Since: {at-asctime} | 304",
                "If-Modified-Since: {after} | 304",
                "If-Modified-Since: {before} | 200",
                "If-Modified-Since: nonsense | 200",
                "If-Modified-Since: {at} & If-Modified-Since: {at} | 200",
                "If-Modified-Since: {at} & Range: bytes=5-9 | 304",
                "If-Range: {tag} & Range: bytes=5-9 | 206",
                "If-Range: {at} & Range: bytes=5-9 | 206",
                "If-Range: {at-850} & Range: bytes=5-9 | 206",
                "If-Range: \"other\" & Range: bytes=5-9 | 200",
                "If-Range: W/{tag} & Range: bytes=5-9 | 200",
                "If-Range: {before} & Range: bytes=5-9 | 200",
                "If-Range: {after} & Range: bytes=5-9 | 200",
                "If-Range: nonsense & Range: bytes=5-9 | 200",
                "If-Range: \"other\" & Range: bytes={size}- | 200",
                "If-Range: {tag} & Range: bytes={size}- | 416",
                "If-Range: \"other\" | 200",
            })
    void conditions_ofGetAndHead_areEvaluatedInTheirOrder(String fields, int status) {
        Answer get = mine().send("GET", path, fields(fields));
        Answer head = mine().send("HEAD", path, fields(fields));

        switch (status) {
            case 200 -> assertWhole(get);
            case 206 -> assertPart(get, 5, 9);
            case 304 -> assertNotModified(get);
            case 412 -> assertThat(get.failure()).isEqualTo("412 Precondition failed");
            default -> assertThat(get.failure()).isEqualTo("416 Range not satisfiable");
        }
        // Ranges are for GET alone.
        assertThat(head.status()).isEqualTo(status == 206 || status == 416 ? 200 : status);
        assertThat(head.response().body()).isEmpty();
    }

    private void assertNotModified(Answer answer) {
        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.response().body()).isEmpty();
        assertThat(answer.header("ETag")).isEqualTo(words.get("{tag}"));
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(answer.header("X-Request-Id")).isNotNull();
        // It would be taken for that of the file: RFC 9110 section 8.6.
        assertThat(answer.header("Content-Length")).isNull();
        assertThat(answer.header("Transfer-Encoding")).isNull();
        assertThat(answer.header("Content-Type")).isNull();
        assertThat(answer.header("Content-Disposition")).isNull();
    }

    @Test
    void conditions_ofAFileThatIsGone_areNotLookedAt() {
        mine().send("DELETE", path.replace("/content", ""), request -> {});

        assertThat(mine().send("GET", path, fields("If-None-Match: {tag}")).failure())
                .isEqualTo("404 File not found");
        assertThat(as("another")
                        .send("GET", path, fields("If-Match: \"other\""))
                        .failure())
                .isEqualTo("404 File not found");
    }

    @Test
    void conditions_ofAForeignFile_tellNothing() {
        assertThat(as("another")
                        .send("GET", path, fields("If-None-Match: {tag}"))
                        .failure())
                .isEqualTo("403 Not authorized");
        assertThat(as("another")
                        .send("GET", path, fields("Range: bytes={size}-"))
                        .header("Content-Range"))
                .isNull();
    }

    /** As curl 7.88, wget 1.21, aria2 1.36 and the video element of Chromium 150 ask. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Range: bytes=100- & User-Agent: curl/7.88.1 & Accept: */* | 100",
                "Range: bytes=100- & User-Agent: Wget/1.21.3 & Accept: */* & Accept-Encoding: identity | 100",
                "Range: bytes=100- & User-Agent: aria2/1.36.0 & Accept: */* & Want-Digest: SHA-512;q=1, SHA-256;q=1, SHA;q=0.1 | 100",
                "Range: bytes=0- & Accept-Encoding: identity;q=1, *;q=0 & Sec-Fetch-Dest: video | 0",
                "Range: bytes=100-{last} & Accept-Encoding: identity;q=1, *;q=0 & Sec-Fetch-Dest: video & If-Range: {tag} | 100",
            })
    void range_ofAProgram_goesOnWhereItAsksTo(String fields, long first) {
        assertPart(mine().send("GET", path, fields(fields)), first, BYTES.length - 1);
    }

    @Test
    void range_onTheSocket_endsWithItsLastByteAndTheConnectionLives() throws IOException {
        try (HttpCalls.Raw raw = mine().raw()) {
            raw.head("GET", path, "Range: bytes=0-4");
            assertThat(raw.readUntil("%PDF-")).startsWith("HTTP/1.1 206 ").endsWith("\r\n\r\n%PDF-");
            raw.head("GET", path, "If-None-Match: " + words.get("{tag}"));
            assertThat(raw.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 304 ").endsWith("\r\n\r\n");
            raw.head("HEAD", path);
            assertThat(raw.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
            raw.head("GET", path, "Range: bytes=-6");
            assertThat(raw.readUntil("%%EOF\n")).startsWith("HTTP/1.1 206 ").endsWith("\r\n\r\n%%EOF\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "", "TRUE", "1"})
    void redirect_neitherTrueNorFalse_is400(String value) {
        assertThat(mine().get(path + "?redirect=" + value).failure()).isEqualTo("400 Invalid request");
    }

    @Test
    void redirect_askedFor_leadsToTheBytes() {
        for (String method : new String[] {"GET", "HEAD"}) {
            Answer answer = mine().send(method, path + "?redirect=true", fields("If-None-Match: {tag}"));

            assertThat(answer.status()).isEqualTo(302);
            assertThat(answer.header("Content-Length")).isEqualTo("0");
            assertThat(answer.response().body()).isEmpty();
            assertThat(answer.header("Cache-Control")).isEqualTo("private, no-store");
            Answer there = anonymous().send("GET", header(answer, "Location"), fields("Range: bytes=5-9"));
            assertThat(there.status()).isEqualTo(206);
            assertThat(there.response().body()).isEqualTo(Arrays.copyOfRange(BYTES, 5, 10));
        }
        assertWhole(mine().get(path + "?redirect=false"));
    }

    @Test
    void redirect_ofAForeignOrAbsentFile_isRefused() {
        assertThat(as("another").get(path + "?redirect=true").failure()).isEqualTo("403 Not authorized");
        assertThat(mine().get("/999999999999/content?redirect=true").failure()).isEqualTo("404 File not found");
        assertThat(anonymous().get(path + "?redirect=true").failure()).isEqualTo("401 Authentication required");
    }
}
