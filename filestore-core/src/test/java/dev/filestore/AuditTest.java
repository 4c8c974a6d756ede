package dev.filestore;

import static dev.filestore.AuditFinding.Kind.MISSING_OBJECT;
import static dev.filestore.AuditFinding.Kind.ORPHAN_OBJECT;
import static dev.filestore.AuditFinding.Kind.OVERDUE;
import static dev.filestore.AuditFinding.Kind.STALE_UPLOAD;
import static dev.filestore.AuditFinding.Kind.WRONG_SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an audit finds in a world that stands still. */
class AuditTest {

    private final AuditFixture fixture = new AuditFixture();
    private final StoreFixture world = fixture.world;

    @Test
    void audit_soundStore_isCleanAndAsksForTheListsAlone() {
        fixture.file();
        fixture.file();
        world.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofDays(2)));
        fixture.later();

        AuditReport report = fixture.run();

        assertThat(report).isEqualTo(new AuditReport(3, 3, 0, Map.of(), 0, 0, null));
        assertThat(report.isClean()).isTrue();
        assertThat(fixture.findings).isEmpty();
        assertThat(fixture.calls.made()).containsExactly("list", "listByKey", "listUnfinished");
    }

    @Test
    void audit_nothingAtAll_isClean() {
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_objectWithoutRow_isAnOrphanOnceItIsOld() {
        Instant written = fixture.now();
        fixture.object("uploads/1/a.pdf", 7);
        assertThat(fixture.run()).isEqualTo(new AuditReport(1, 0, 0, Map.of(), 0, 0, null));
        world.clock.advance(Duration.ofHours(24));
        assertThat(fixture.run().isClean()).isTrue();

        world.clock.advance(Duration.ofMillis(1));
        assertThat(fixture.run()).isEqualTo(new AuditReport(1, 0, 0, Map.of(ORPHAN_OBJECT, 1L), 0, 0, null));

        assertThat(fixture.findings)
                .containsExactly(new AuditFinding(ORPHAN_OBJECT, "uploads/1/a.pdf", null, null, 7L, written, null));
        assertThat(world.objects()).hasSize(1);
    }

    @Test
    void audit_keyThatNoStoreMakes_isAnOrphan() {
        fixture.object("uploads/", 0);
        fixture.object("uploads/a\\b", 1);
        fixture.later();

        fixture.run();

        assertThat(fixture.findings)
                .extracting(AuditFinding::kind, AuditFinding::key)
                .containsExactly(tuple(ORPHAN_OBJECT, "uploads/"), tuple(ORPHAN_OBJECT, "uploads/a\\b"));
    }

    @Test
    void audit_fileWithoutObject_isMissingAtOnce() {
        StoredFile file = fixture.missing();

        assertThat(fixture.run()).isEqualTo(new AuditReport(0, 1, 0, Map.of(MISSING_OBJECT, 1L), 0, 0, null));

        assertThat(fixture.findings)
                .containsExactly(new AuditFinding(
                        MISSING_OBJECT, file.key(), file.id(), file.size(), null, file.uploadedAt(), null));
        assertThat(fixture.calls.made()).containsExactly("list", "listByKey", "find", "stat", "find", "listUnfinished");
    }

    @Test
    void audit_objectOfAnotherSize_isTold() {
        StoredFile file = fixture.missing();
        fixture.object(file.key(), 3);

        assertThat(fixture.run()).isEqualTo(new AuditReport(1, 1, 0, Map.of(WRONG_SIZE, 1L), 0, 0, null));

        assertThat(fixture.findings)
                .containsExactly(new AuditFinding(
                        WRONG_SIZE, file.key(), file.id(), file.size(), 3L, world.clock.instant(), null));
    }

    @Test
    void audit_rowsThatReadersDoNotSee_needNoObject() {
        fixture.deadUpload("uploads/1/pending");
        StoredFile expired = world.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofHours(1)));
        world.storage.delete(expired.key());
        StoredFile deleted = fixture.file();
        world.store.delete(deleted.id());
        world.clock.advance(Duration.ofHours(2));

        assertThat(world.rows()).hasSize(3);
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_rowDueForLongerThanTheGrace_isOverdue() {
        FileRow dead = fixture.deadUpload("uploads/1/pending");
        Instant due = dead.dueAt();
        world.clock.advance(Duration.ofHours(24).plus(Duration.ofMinutes(15)));
        assertThat(fixture.run().isClean()).isTrue();

        world.clock.advance(Duration.ofMillis(1));
        fixture.run();

        assertThat(fixture.findings)
                .containsExactly(new AuditFinding(OVERDUE, dead.key(), dead.id(), null, null, due, null));
    }

    @Test
    void audit_rowThatASweepFailsAtForLongerThanTheGrace_isOverdue() {
        StoredFile file = world.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofHours(1)));
        world.calls.fail("delete", SpiCalls.Fault.BEFORE);
        Instant firstFailure = null;
        for (int minutes = 0; fixture.findings.isEmpty() && minutes < 60 * 60; minutes += 10) {
            world.clock.advance(Duration.ofMinutes(10));
            if (world.store.sweep().failed() > 0 && firstFailure == null) {
                firstFailure = world.clock.instant();
            }
            fixture.run();
        }

        assertThat(fixture.findings).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(OVERDUE);
            assertThat(finding.fileId()).isEqualTo(file.id());
        });
        assertThat(Duration.between(firstFailure, world.clock.instant()))
                .isBetween(Duration.ofHours(24), Duration.ofHours(36));
    }

    @Test
    void audit_availableFileThatIsDue_canBeOverdueAndMissing() {
        StoredFile file = fixture.missing();
        FileRow row = world.metadata.find(file.id()).orElseThrow();
        world.metadata.compareAndSet(row.withDueAt(world.clock.instant()));
        fixture.later();

        fixture.run();

        assertThat(fixture.findings).extracting(AuditFinding::kind).containsExactly(MISSING_OBJECT, OVERDUE);
    }

    @Test
    void audit_uploadWithoutRow_isStaleOnceItIsOld() {
        UnfinishedPut put = fixture.leftover("1", "uploads/1/a.pdf");
        fixture.leftover("2", null);
        assertThat(fixture.run()).isEqualTo(new AuditReport(0, 0, 2, Map.of(), 0, 0, null));
        fixture.later();

        assertThat(fixture.run()).isEqualTo(new AuditReport(0, 0, 2, Map.of(STALE_UPLOAD, 2L), 0, 0, null));

        assertThat(fixture.findings)
                .containsExactly(
                        new AuditFinding(STALE_UPLOAD, put.key(), null, null, null, put.touchedAt(), null),
                        new AuditFinding(STALE_UPLOAD, null, null, null, null, put.touchedAt(), null));
        assertThat(fixture.unfinished).hasSize(2);
    }

    @Test
    void audit_uploadOfALivePendingRow_isNotStaleHoweverOld() {
        FileRow row = fixture.deadUpload("uploads/1/a.pdf");
        fixture.leftover("1", row.key());
        fixture.later();
        world.metadata.compareAndSet(row.withDueAt(world.clock.instant().plusSeconds(60)));

        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_uploadThatTheSweeperWillAbort_isLeftToItsRow() {
        FileRow row = fixture.deadUpload("uploads/1/a.pdf");
        fixture.leftover("1", row.key());
        fixture.later();

        fixture.run();

        assertThat(fixture.findings).extracting(AuditFinding::kind).containsExactly(OVERDUE);
    }

    @Test
    void audit_uploadBesideAnAvailableFile_isStale() {
        fixture.leftover("1", fixture.file().key());
        fixture.later();

        fixture.run();

        assertThat(fixture.findings).extracting(AuditFinding::kind).containsExactly(STALE_UPLOAD);
    }

    @Test
    void audit_otherPrefixes_areLeftAlone() {
        fixture.object("upload", 1);
        fixture.object("uploadsx/a", 1);
        fixture.object("vendor/a", 1);
        fixture.leftover("1", "vendor/b");
        fixture.later();

        assertThat(fixture.run()).isEqualTo(new AuditReport(0, 0, 0, Map.of(), 0, 0, null));
        assertThat(fixture.store.audit(Audit.of("")).found()).containsEntry(ORPHAN_OBJECT, 3L);
    }

    @Test
    void audit_manyPages_findsEachPlantedFaultAndTellsHowFarItIs() {
        for (int i = 0; i < 2_005; i++) {
            String key = "uploads/%04d".formatted(i);
            if (i % 500 != 3) {
                available(key);
            }
            if (i % 500 != 4) {
                fixture.object(key, 1);
            }
        }
        for (int i = 0; i < 1_001; i++) {
            fixture.leftover("%04d".formatted(i), i % 100 == 0 ? "uploads/left" + i : null);
        }
        fixture.later();
        List<AuditReport> progress = new ArrayList<>();

        AuditReport report = fixture.store.audit(fixture.audit().withProgress(progress::add));

        assertThat(report)
                .isEqualTo(new AuditReport(
                        2_000,
                        2_000,
                        1_001,
                        Map.of(ORPHAN_OBJECT, 5L, MISSING_OBJECT, 5L, STALE_UPLOAD, 1_001L),
                        0,
                        0,
                        null));
        assertThat(fixture.findings)
                .filteredOn(finding -> finding.kind() == MISSING_OBJECT)
                .extracting(AuditFinding::key)
                .containsExactly("uploads/0004", "uploads/0504", "uploads/1004", "uploads/1504", "uploads/2004");
        assertThat(progress)
                .hasSize(6)
                .isSortedAccordingTo((one, other) -> Long.compare(
                        one.objects() + one.rows() + one.uploads(), other.objects() + other.rows() + other.uploads()));
        assertThat(progress.get(5)).isEqualTo(report);
    }

    @Test
    void audit_keysAboveThePlane_areMergedInTheOrderOfUtf8() {
        List<String> names = List.of("z", "é", "문서", "\uff5e", "\ud83d\ude00", "\ud83d\ude00a", "\udbff\udffd");
        for (String name : names) {
            available("uploads/" + name);
            fixture.object("uploads/" + name, 1);
        }
        fixture.object("uploads/\uffe0", 1);
        available("uploads/\ud83d\ude01");
        fixture.later();

        fixture.run();

        assertThat(fixture.findings).extracting(AuditFinding::kind).containsExactly(ORPHAN_OBJECT, MISSING_OBJECT);
    }

    @Test
    void audit_oneKeyFails_countsItAndGoesOn() {
        fixture.missing();
        StoredFile other = fixture.missing();
        fixture.before.put("stat", () -> {
            throw new StorageException("stat: failed on purpose", null);
        });

        AuditReport report = fixture.run();

        assertThat(report).isEqualTo(new AuditReport(0, 2, 0, Map.of(MISSING_OBJECT, 1L), 0, 1, null));
        assertThat(report.isClean()).isFalse();
        assertThat(fixture.findings).hasSize(1);
        assertThat(other.id()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "listByKey", "listUnfinished"})
    void audit_listFails_throws(String call) {
        fixture.calls.fail(call, SpiCalls.Fault.BEFORE);
        assertThatThrownBy(fixture::run).isInstanceOf(FileStoreException.class);
    }

    @Test
    void audit_consumerThrows_endsWithThat() {
        fixture.missing();
        IllegalStateException stop = new IllegalStateException("enough");
        assertThatThrownBy(() -> fixture.store.audit(Audit.of("").withFindings(finding -> {
                    throw stop;
                })))
                .isSameAs(stop);
    }

    @Test
    void audit_interruptedBetweenPages_saysSoAndTouchesNothingMore() {
        IntStream.range(0, 1_500).forEach(i -> fixture.object("uploads/%04d".formatted(i), 1));
        fixture.later();
        fixture.calls.clear();

        AuditReport report = fixture.store.audit(fixture.audit()
                .withProgress(soFar -> Thread.currentThread().interrupt())
                .withApply(Set.of(ORPHAN_OBJECT), 10)
                .withImplausibleShare(1));

        assertThat(Thread.interrupted()).as("the flag is still set").isTrue();
        assertThat(report)
                .isEqualTo(new AuditReport(
                        1_000, 0, 0, Map.of(ORPHAN_OBJECT, 1_000L), 0, 0, AuditReport.Stop.INTERRUPTED));
        assertThat(fixture.calls.made()).hasSize(2 + 2 * 1_000).doesNotContain("insert", "listUnfinished");
    }

    @Test
    void audit_interruptedInACall_saysSo() {
        fixture.missing();
        fixture.before.put("stat", () -> {
            Thread.currentThread().interrupt();
            throw new StorageException("stat: interrupted", null);
        });

        AuditReport report = fixture.run();

        assertThat(Thread.interrupted()).as("the flag is still set").isTrue();
        assertThat(report).isEqualTo(new AuditReport(0, 1, 0, Map.of(), 0, 0, AuditReport.Stop.INTERRUPTED));
    }

    @Test
    void audit_interruptedInAListing_saysSo() {
        fixture.before.put("listByKey", () -> {
            Thread.currentThread().interrupt();
            throw new MetadataException("list: interrupted", null);
        });

        assertThat(fixture.run().stop()).isEqualTo(AuditReport.Stop.INTERRUPTED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void of_wrongValues_areRefused() {
        Audit audit = Audit.of("uploads/");
        assertThatThrownBy(() -> Audit.of("/uploads")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Audit.of("a/../")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit.withGrace(Duration.ofMinutes(59))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit.withImplausibleShare(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit.withImplausibleShare(1.01)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit.withImplausibleShare(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit.withApply(Set.of(ORPHAN_OBJECT), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit.withApply(Set.of(ORPHAN_OBJECT), Audit.HIGHEST_CAP + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit.withApply(Set.of(WRONG_SIZE), 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit.withApply(Set.of(ORPHAN_OBJECT, OVERDUE), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void available(String key) {
        FileRow row = fixture.deadUpload(key);
        world.metadata.compareAndSet(MetadataRepositoryContract.with(row, FileState.AVAILABLE, null, null));
    }
}
