package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.SettableClock;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A host can have every upload be a temporary file. */
class MaxTtlTest {

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");

    private final JettyServer server = new JettyServer(ServletServer.Mount.USUAL);
    private final FileStore store = FileStore.builder()
            .storage(new MemoryStorage())
            .metadata(new MemoryMetadata())
            .clock(new SettableClock(NOW))
            .build();
    private final HttpCalls http = new HttpCalls(server.base(), null);

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    private FileStoreServlet.Builder builder() {
        return FileStoreServlet.builder(store, request -> Optional.of(Caller.user("123")));
    }

    @ParameterizedTest
    @CsvSource({", 3h", "1, 1h", "3, 3h", "4, 3h", "87600, 3h"})
    void upload_withAMaxTtl_expiresThenAtTheLatest(Integer askedHours, String expected) {
        server.start(builder().maxTtl(Duration.ofHours(3)).build());
        Form form = new Form().file("file", "a.pdf", "application/pdf", HttpCalls.PDF);
        if (askedHours != null) {
            // Behind the file: it is known only at the end.
            form.field("expires_in_hours", askedHours.toString());
        }

        long id = http.upload(form).id();

        Instant expiresAt = NOW.plus(Duration.parse("PT" + expected));
        assertThat(store.find(id).orElseThrow().expiresAt()).isEqualTo(expiresAt);
        assertThat(http.get("/" + id).field("expires_at"))
                .isEqualTo(LocalDateTime.ofInstant(expiresAt, ZoneOffset.UTC).toString());
    }

    @Test
    void upload_withAMaxTtlAndAWrongOne_isStillRefused() {
        server.start(builder().maxTtl(Duration.ofHours(3)).build());

        assertThat(http.upload(new Form()
                                .field("expires_in_hours", "0")
                                .file("file", "a.pdf", "application/pdf", HttpCalls.PDF))
                        .failure())
                .isEqualTo("400 Invalid request");
    }

    @Test
    void upload_withoutAMaxTtl_lastsForEver() {
        server.start(builder().build());

        assertThat(store.find(http.uploadPdf("a.pdf").id()).orElseThrow().expiresAt())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1H", "PT0.999S", "PT87600H0.001S"})
    void maxTtl_outOfRange_isRefused(Duration ttl) {
        assertThatThrownBy(() -> builder().maxTtl(ttl))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 second to 87600 hours, found " + ttl);
    }
}
