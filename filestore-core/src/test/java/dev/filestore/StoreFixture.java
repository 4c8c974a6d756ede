package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A store over memory with recorded calls and a clock that stands still at 14:30:22, and questions about what is left. */
final class StoreFixture {

    static final byte[] PDF = "%PDF-1.7\nall there is\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);

    final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22.123456Z"));
    final SpiCalls calls = new SpiCalls();
    final MemoryStorage storage = new MemoryStorage(clock);
    final MemoryMetadata metadata = new MemoryMetadata();
    final FileStore store = builder().build();

    FileStore.Builder builder() {
        return FileStore.builder()
                .storage(new RecordingStorage(storage, calls))
                .metadata(new RecordingMetadata(metadata, calls))
                .signedUrls(URI.create("https://app.example/api/files"))
                .secret(new byte[32])
                .clock(clock);
    }

    static UploadRequest pdf(String owner) {
        return UploadRequest.of("document.pdf", new ByteArrayInputStream(PDF)).withOwner(owner);
    }

    StoredFile uploaded(String owner) {
        StoredFile file = store.upload(pdf(owner));
        calls.clear();
        return file;
    }

    byte[] read(long id) {
        try (FileContent content = store.open(id)) {
            return content.stream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    List<String> objects() {
        return storage.list("", "", 1000).stream().map(ObjectInfo::key).toList();
    }

    List<FileRow> rows() {
        return metadata.listByKey("", "", 1000);
    }

    /** Sweeps until every grace is over, and checks that objects and rows are the same then. */
    void assertConsistentInTheEnd() {
        calls.heal();
        Stream.of(Duration.ofMinutes(31), Duration.ofHours(7), Duration.ofHours(7))
                .forEach(step -> {
                    clock.advance(step);
                    store.sweep();
                });
        assertThat(rows()).allMatch(row -> row.state() == FileState.AVAILABLE);
        assertThat(objects())
                .containsExactlyElementsOf(rows().stream().map(FileRow::key).toList());
    }

    void assertNothingLeft() {
        assertThat(rows()).isEmpty();
        assertThat(objects()).isEmpty();
    }
}
