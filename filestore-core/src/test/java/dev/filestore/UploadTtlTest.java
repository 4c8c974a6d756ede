package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A TTL counts from the start of the upload, whether it is known before the bytes or behind them. */
class UploadTtlTest {

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");
    private static final byte[] PDF = "%PDF-1.4\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);

    private final MemoryStorage storage = new MemoryStorage();
    private final FileStore store = FileStore.builder()
            .storage(storage)
            .metadata(new MemoryMetadata())
            .clock(Clock.fixed(NOW, ZoneOffset.UTC))
            .build();

    private static UploadRequest request(InputStream bytes) {
        return UploadRequest.of("a.pdf", bytes).withOwner("123");
    }

    @Test
    void upload_withTtl_expiresThatLongAfterItsStart() {
        StoredFile file = store.upload(request(new ByteArrayInputStream(PDF)).withTtl(Duration.ofHours(2)));

        assertThat(file.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(2)));
        assertThat(store.find(file.id())).contains(file);
    }

    @Test
    void upload_withTtlAtEnd_asksOnceWhenTheSourceHasEnded() {
        List<String> events = new ArrayList<>();
        InputStream bytes = new ByteArrayInputStream(PDF) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                int read = super.read(buffer, offset, length);
                if (read < 0 && !events.contains("end")) {
                    events.add("end");
                }
                return read;
            }
        };

        StoredFile file = store.upload(request(bytes).withTtlAtEnd(() -> {
            events.add("ttl");
            return Duration.ofHours(3);
        }));

        assertThat(events).containsExactly("end", "ttl");
        assertThat(file.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(3)));
        assertThat(store.find(file.id())).contains(file);
    }

    @Test
    void upload_withTtlAtEndOfNull_neverExpires() {
        assertThat(store.upload(request(new ByteArrayInputStream(PDF)).withTtlAtEnd(() -> null))
                        .expiresAt())
                .isNull();
    }

    @Test
    void upload_ttlAtEndThrows_leavesNothing() {
        UploadRequest request = request(new ByteArrayInputStream(PDF)).withTtlAtEnd(() -> {
            throw new IllegalStateException("no TTL");
        });

        assertThatThrownBy(() -> store.upload(request)).isInstanceOf(SourceException.class);

        assertThat(store.list(FileQuery.all()).total()).isZero();
        assertThat(storage.list("", "", 10)).isEmpty();
    }
}
