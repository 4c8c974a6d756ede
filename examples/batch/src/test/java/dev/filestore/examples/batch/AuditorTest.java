package dev.filestore.examples.batch;

import static dev.filestore.AuditFinding.Kind.MISSING_OBJECT;
import static dev.filestore.AuditFinding.Kind.ORPHAN_OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.AuditFinding;
import dev.filestore.AuditReport;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.SettableClock;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditorTest {

    private final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22Z"));
    private final MemoryStorage storage = new MemoryStorage(clock);
    private final FileStore store = FileStore.builder()
            .storage(storage)
            .metadata(new MemoryMetadata())
            .clock(clock)
            .build();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private long nanos;
    private final Auditor auditor = new Auditor(store, out, new Ticker(out, false, () -> nanos));

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void run_soundStore_isClean() {
        file();
        AuditReport report = run(Set.of(), 10);
        assertThat(report.isClean()).isTrue();
        assertThat(lines()).containsExactly("1 objects, 1 rows and 0 unfinished uploads looked at");
    }

    @Test
    void run_findings_areListedAndCounted() throws Exception {
        StoredFile file = file();
        storage.delete(file.key());
        object("uploads/a\u0007b", 3);
        clock.advance(Duration.ofDays(2));

        assertThat(run(Set.of(), 10).isClean()).isFalse();

        assertThat(lines())
                .containsExactly(
                        "orphan_object: uploads/a?b, found 3 bytes, since 2026-02-26T14:30:22Z",
                        "missing_object: " + file.key() + ", file 1, recorded 9 bytes, since 2026-02-26T14:30:22Z",
                        "1 objects, 1 rows and 0 unfinished uploads looked at",
                        "1 orphan_object",
                        "1 missing_object");
    }

    @Test
    void run_apply_tellsWhatWasRemovedAndWhyItStopped() throws Exception {
        for (int i = 0; i < 20; i++) {
            file();
        }
        for (int i = 0; i < 3; i++) {
            object("uploads/orphan" + i, 1);
        }
        clock.advance(Duration.ofDays(2));

        assertThat(run(Set.of(ORPHAN_OBJECT), 2).applied()).isEqualTo(2);
        assertThat(lines()).endsWith("2 removed", "stopped at the cap of 2: run the same command to go on");
    }

    @Test
    void run_wrongBucket_removesNothingAndAsks() {
        storage.delete(file().key());

        assertThat(run(Set.of(MISSING_OBJECT), 2).applied()).isZero();
        assertThat(lines())
                .endsWith(
                        "0 removed",
                        "nothing was removed: so much cannot be wrong, is it the right bucket, prefix and database?");
    }

    @Test
    void run_manyObjects_showsHowFarItIsNowAndThen() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            object("uploads/%04d".formatted(i), 1);
        }
        FileStore slow = FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .clock(clock)
                .build();
        Ticker ticker = new Ticker(out, false, () -> nanos += TimeUnit.SECONDS.toNanos(3));

        new Auditor(slow, out, ticker).run(arguments(Set.of(), 1));

        assertThat(lines())
                .containsExactly(
                        "2000 objects, 0 rows and 0 unfinished uploads looked at",
                        "3000 objects, 0 rows and 0 unfinished uploads looked at",
                        "3000 objects, 0 rows and 0 unfinished uploads looked at");
    }

    @Test
    void stop_whileItRuns_endsAtTheNextThousandAndLeavesTheThreadAlone() throws Exception {
        for (int i = 0; i < 2_500; i++) {
            object("uploads/%04d".formatted(i), 1);
        }
        auditor.stop();

        AuditReport report = run(Set.of(), 1);

        assertThat(report.stop()).isEqualTo(AuditReport.Stop.INTERRUPTED);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(lines())
                .containsExactly(
                        "1000 objects, 0 rows and 0 unfinished uploads looked at",
                        "interrupted: the rest was not looked at");
    }

    private AuditReport run(Set<AuditFinding.Kind> apply, int cap) {
        return auditor.run(arguments(apply, cap));
    }

    private static AuditArguments arguments(Set<AuditFinding.Kind> apply, int cap) {
        return new AuditArguments("uploads/", Duration.ofHours(24), apply, cap);
    }

    private String[] lines() {
        return printed.toString(StandardCharsets.UTF_8).split(System.lineSeparator());
    }

    private StoredFile file() {
        byte[] bytes = "%PDF-1.7\n".getBytes(StandardCharsets.UTF_8);
        return store.upload(
                UploadRequest.of("a.pdf", new ByteArrayInputStream(bytes)).withOwner("kim"));
    }

    private void object(String key, int size) throws IOException {
        storage.put(key, new ObjectHeaders("a/b", "attachment"), new ByteArrayInputStream(new byte[size]), size);
    }
}
