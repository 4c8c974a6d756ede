package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Caller;
import dev.filestore.Category;
import dev.filestore.Disposition;
import dev.filestore.FileStore;
import dev.filestore.MimePolicy;
import dev.filestore.SettableClock;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.servlet.HttpCalls.Answer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an address that the store signed opens, and what it does not: it is for one file, for reading, until a moment, as it
 * was signed. In supabase/storage (its pull request 1135) the token of a download was taken for an upload.
 */
class SignedAddressTest {

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22.123456Z");
    private static final byte[] SECRET =
            "a secret of the tests, more than 32 bytes".getBytes(StandardCharsets.US_ASCII);

    private final JettyServer server = new JettyServer(ServletServer.Mount.USUAL);
    private final SettableClock clock = new SettableClock(NOW);
    private final MemoryStorage storage = new MemoryStorage();
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final HttpCalls http = new HttpCalls(server.base(), null);
    private String type = "image/png";
    private final FileStore store = store(Set.of("image/png", "video/mp4", "application/pdf"));
    private StoredFile file;
    private String signed;

    private FileStore store(Set<String> inline) {
        return FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .policy((name, declared, head) -> new MimePolicy.Accepted(type, Category.IMAGE, 1_000))
                .inline(inline)
                .signedUrls(server.base())
                .secret(SECRET)
                .clock(clock)
                .build();
    }

    private StoredFile stored(String contentType) {
        type = contentType;
        return store.upload(UploadRequest.of("a.bin", new ByteArrayInputStream(HttpCalls.PDF))
                .withOwner("123"));
    }

    @BeforeEach
    void start() {
        server.start(FileStoreServlet.builder(
                        store,
                        request ->
                                Optional.ofNullable(request.getHeader("X-User")).map(Caller::user))
                .freshness(any -> Duration.ofDays(1))
                .build());
        file = stored("image/png");
        signed = store.presign(file.id(), Duration.ofHours(1)).url().toString();
    }

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    private String with(String from, String to) {
        String changed = signed.replaceFirst(from, to);
        assertThat(changed).isNotEqualTo(signed);
        return changed;
    }

    @Test
    void signed_asItStands_isReadByGetAndHead() {
        assertThat(http.get(signed).response().body()).isEqualTo(HttpCalls.PDF);
        assertThat(http.send("HEAD", signed, request -> {}).status()).isEqualTo(200);
    }

    /** Whatever is changed, the answer is the same, and tells nothing of why. */
    @ParameterizedTest
    @CsvSource({
        "expires=1, expires=01",
        "expires=1, expires=%2B1",
        "expires=1, expires=%201",
        "expires=1, expires=2",
        "expires=1, expires=99999999999999999991",
        "expires=1, expires=-1",
        "expires=([0-9]+), expires=$1.0",
        "expires=([0-9]+), expires=$1%00",
        "expires=[0-9]+&, ''",
        "disposition=inline, disposition=attachment",
        "disposition=inline, disposition=Inline",
        "disposition=inline, disposition=",
        "disposition=inline&, ''",
        "signature=., signature=",
        "signature=, signature=A",
        "signature=[^&]+, signature=",
        "&signature=[^&]+, ''",
        "(signature=[^&]+), $1%3D",
        "(signature=[^&]+), $1%0A",
    })
    void signed_anythingChanged_is403(String from, String to) {
        Answer answer = http.get(with(from, to));

        assertThat(answer.failure()).isEqualTo("403 Not authorized");
        assertThat(answer.field("message")).isEqualTo("the signature is not one of this address");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"expires", "disposition", "signature"})
    void signed_parameterGivenTwice_is400(String name) {
        String again = signed.replaceFirst(".*[?&](" + name + "=[^&]*).*", "$1");

        assertThat(http.get(signed + "&" + again).failure()).isEqualTo("400 Invalid request");
        assertThat(http.get(signed + "&" + name + "=x").failure()).isEqualTo("400 Invalid request");
    }

    @Test
    void signed_forOneFile_opensNoOther() {
        StoredFile other = stored("image/png");

        assertThat(http.get(with("/" + file.id() + "/content", "/" + other.id() + "/content"))
                        .status())
                .isEqualTo(403);
    }

    /** A signature is no token: nothing but reading the bytes goes by it. */
    @ParameterizedTest
    @CsvSource({
        "GET, /{id}, 401",
        "HEAD, /{id}, 401",
        "DELETE, /{id}, 401",
        "GET, '', 401",
        "POST, /upload, 401",
        "POST, /presigned-url, 401",
        "POST, /{id}/content, 401",
        "PUT, /{id}/content, 401",
        "PATCH, /{id}/content, 401",
        "DELETE, /{id}/content, 401",
        "GET, /{id}/content/, 401",
    })
    void signed_forReading_isGoodForNothingElse(String method, String path, int status) {
        String query = signed.substring(signed.indexOf('?'));

        assertThat(http.send(method, path.replace("{id}", Long.toString(file.id())) + query, request -> {})
                        .status())
                .isEqualTo(status);
        assertThat(store.find(file.id())).contains(file);
        assertThat(http.get(signed).status()).isEqualTo(200);
    }

    /** Somebody who is known gets no more by a bad signature than somebody who is not. */
    @Test
    void signed_badly_doesNotFallBackToTheToken() {
        assertThat(http.send("GET", with("signature=.", "signature="), request -> request.header("X-User", "123"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void signed_untilAMoment_isOverThen() {
        clock.advance(Duration.ofHours(1).minusSeconds(1));
        assertThat(http.get(signed).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(http.get(signed).failure()).isEqualTo("403 Not authorized");
    }

    /** What a browser keeps of an answer must not outlive the address: 3599, as the present is past the second. */
    @Test
    void signed_answer_isKeptNoLongerThanTheAddressHolds() {
        assertThat(http.get(signed).header("Cache-Control")).isEqualTo("private, max-age=3599");
        clock.advance(Duration.ofMinutes(59));
        assertThat(http.send("GET", signed, request -> request.header("If-None-Match", "*"))
                        .header("Cache-Control"))
                .isEqualTo("private, max-age=59");
        assertThat(http.send("GET", "/" + file.id() + "/content", request -> request.header("X-User", "123"))
                        .header("Cache-Control"))
                .isEqualTo("private, max-age=86400");
    }

    /** A list that was made shorter holds at once, also for addresses that were signed before. */
    @Test
    void signed_toBeShown_isSavedOnceTheHostNoLongerAllowsIt() throws Exception {
        assertThat(http.get(signed).header("Content-Disposition")).startsWith("inline;");
        try (FileStore stricter = store(Set.of());
                JettyServer second = new JettyServer(ServletServer.Mount.USUAL)) {
            second.start(FileStoreServlet.builder(stricter, request -> Optional.empty())
                    .build());
            Answer answer = http.get(
                    signed.replace(server.base().toString(), second.base().toString()));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Disposition")).startsWith("attachment;");
        }
    }

    /**
     * What is shown is still held in: a video's page may ask for its own bytes, a PDF's viewer starts, and neither runs a script
     * of the origin's. As found with Chromium 156.
     */
    @ParameterizedTest
    @CsvSource({
        "image/png, INLINE, inline, default-src 'none'; frame-ancestors 'self'; sandbox",
        "video/mp4, INLINE, inline, default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self';"
                + " sandbox allow-same-origin",
        "video/mp4, ATTACHMENT, attachment, default-src 'none'; frame-ancestors 'self'; sandbox",
        "application/pdf, INLINE, inline, default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
        "application/pdf, ATTACHMENT, attachment, default-src 'none'; frame-ancestors 'self'; sandbox",
        "text/html, INLINE, attachment, default-src 'none'; frame-ancestors 'self'; sandbox",
        "image/svg+xml, INLINE, attachment, default-src 'none'; frame-ancestors 'self'; sandbox",
    })
    void signed_fileOfAnyType_isHeldInByItsPolicy(String contentType, Disposition asked, String given, String policy) {
        StoredFile any = stored(contentType);
        String url = store.presign(any.id(), Duration.ofHours(1), asked).url().toString();

        for (Answer answer : new Answer[] {
            http.get(url),
            http.send(
                    "GET",
                    "/" + any.id() + "/content?disposition=" + asked.word(),
                    request -> request.header("X-User", "123"))
        }) {
            assertThat(answer.header("Content-Type")).isEqualTo(contentType);
            assertThat(answer.header("Content-Disposition")).isEqualTo(given + "; filename=\"a.bin\"");
            assertThat(answer.header("Content-Security-Policy"))
                    .isEqualTo(policy)
                    .doesNotContain("allow-scripts");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        }
    }
}
