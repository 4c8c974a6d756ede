package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.RecordingMetadata;
import dev.filestore.RecordingStorage;
import dev.filestore.SettableClock;
import dev.filestore.SpiCalls;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.servlet.HttpCalls.Answer;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a download costs, and what the host can set about it. */
class DeliverySettingsTest {

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22.123456Z");

    private final JettyServer server = new JettyServer(ServletServer.Mount.USUAL);
    private final SpiCalls calls = new SpiCalls();
    private final FileStore store = FileStore.builder()
            .storage(new RecordingStorage(new MemoryStorage(), calls))
            .metadata(new RecordingMetadata(new MemoryMetadata(), calls))
            .signedUrls(server.base())
            .clock(new SettableClock(NOW))
            .build();
    private final HttpCalls http = new HttpCalls(server.base(), null);

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    private void start(UnaryOperator<FileStoreServlet.Builder> settings) {
        FileStoreServlet.Builder builder = FileStoreServlet.builder(store, request -> Optional.of(Caller.user("123")));
        server.start(settings.apply(builder).build());
    }

    private StoredFile stored(UnaryOperator<UploadRequest> change) {
        StoredFile file = store.upload(change.apply(UploadRequest.of("a.pdf", new ByteArrayInputStream(HttpCalls.PDF))
                .withOwner("123")));
        calls.clear();
        return file;
    }

    private static String path(StoredFile file) {
        return "/" + file.id() + "/content";
    }

    @ParameterizedTest
    @CsvSource({
        "GET, X-None, 1, 200, true",
        "GET, Range, bytes=5-9, 206, true",
        "GET, Range, bytes=-5, 206, true",
        "GET, Range, 'bytes=1-2,5-9', 200, true",
        "GET, If-Range, other, 200, true",
        "GET, Range, bytes=999999-, 416, false",
        "GET, If-None-Match, *, 304, false",
        "GET, If-Match, other, 412, false",
        "HEAD, X-None, 1, 200, false",
        "HEAD, Range, bytes=5-9, 200, false",
        "HEAD, If-None-Match, *, 304, false",
    })
    void content_anyRequest_costsOneSelectAndOneReadAtMost(
            String method, String field, String value, int status, boolean reads) {
        start(settings -> settings);
        StoredFile file = stored(request -> request);
        URI signed = store.presign(file.id(), Duration.ofHours(1)).url();
        List<String> expected = reads ? List.of("find", "open") : List.of("find");
        Consumer<java.net.http.HttpRequest.Builder> fields = request -> request.header(field, value);

        calls.clear();
        assertThat(http.send(method, path(file), fields).status()).isEqualTo(status);
        assertThat(calls.made()).isEqualTo(expected);
        calls.clear();
        assertThat(http.send(method, signed.toString(), fields).status()).isEqualTo(status);
        assertThat(calls.made()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "NEVER, '', false",
        "NEVER, true, false",
        "NEVER, false, false",
        "IF_ASKED, '', false",
        "IF_ASKED, true, true",
        "IF_ASKED, false, false",
        "UNLESS_DECLINED, '', true",
        "UNLESS_DECLINED, true, true",
        "UNLESS_DECLINED, false, false",
        "ALWAYS, '', true",
        "ALWAYS, true, true",
        "ALWAYS, false, true",
    })
    void redirects_settingAndWish_decideTogether(Redirects redirects, String wish, boolean redirected) {
        start(settings -> settings.redirects(redirects, Duration.ofMinutes(2)));
        StoredFile file = stored(request -> request);

        Answer answer = http.get(path(file) + (wish.isEmpty() ? "" : "?redirect=" + wish));

        assertThat(answer.status()).isEqualTo(redirected ? 302 : 200);
        assertThat(calls.made()).isEqualTo(redirected ? List.of("find") : List.of("find", "open"));
        if (redirected) {
            assertThat(answer.header("Location"))
                    .startsWith(server.base() + path(file) + "?expires="
                            + NOW.plus(Duration.ofMinutes(2)).getEpochSecond() + "&");
        }
    }

    @ParameterizedTest
    @EnumSource(Redirects.class)
    void redirects_ofASignedAddress_leadNowhereElse(Redirects redirects) {
        start(settings -> settings.redirects(redirects, Duration.ofMinutes(2)));
        StoredFile file = stored(request -> request);
        URI signed = store.presign(file.id(), Duration.ofHours(1)).url();

        Answer plain = http.get(signed.toString());
        for (String more :
                List.of("&redirect=true", "&download=1", "&filename=x.html", "&response-content-type=text/html")) {
            Answer answer = http.get(signed + more);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Disposition")).isEqualTo(plain.header("Content-Disposition"));
            assertThat(answer.header("Content-Type")).isEqualTo("application/pdf");
        }
    }

    @Test
    void redirects_fileThatExpiresSoon_endWithIt() {
        start(settings -> settings.redirects(Redirects.ALWAYS, Duration.ofHours(1)));
        StoredFile file = stored(request -> request.withTtl(Duration.ofMinutes(5)));

        assertThat(http.get(path(file)).header("Location"))
                .contains("?expires=" + NOW.plus(Duration.ofMinutes(5)).getEpochSecond() + "&");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3600, 'private, no-cache'",
        "600, 0, 'private, max-age=600'",
        "600, 3600, 'private, max-age=600'",
        "600, 300, 'private, max-age=300'",
        "31536000, 0, 'private, max-age=31536000'",
    })
    void freshness_ofAFile_isNeverLongerThanItsLife(long fresh, long ttl, String cacheControl) {
        start(settings -> settings.freshness(
                file -> file.contentType().equals("application/pdf") ? Duration.ofSeconds(fresh) : Duration.ZERO));
        StoredFile file = stored(request -> ttl == 0 ? request : request.withTtl(Duration.ofSeconds(ttl)));

        assertThat(http.get(path(file)).header("Cache-Control")).isEqualTo(cacheControl);
        assertThat(http.send("HEAD", path(file), request -> {}).header("Cache-Control"))
                .isEqualTo(cacheControl);
        assertThat(http.send("GET", path(file), request -> request.header("If-None-Match", "*"))
                        .header("Cache-Control"))
                .isEqualTo(cacheControl);
    }

    @Test
    void redirects_withoutLifetime_areMisuse() {
        FileStoreServlet.Builder builder = FileStoreServlet.builder(store, request -> Optional.empty());
        assertThatThrownBy(() -> builder.redirects(Redirects.ALWAYS, Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
