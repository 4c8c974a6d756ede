package dev.filestore;

import static dev.filestore.AuditFinding.Kind.MISSING_OBJECT;
import static dev.filestore.AuditFinding.Kind.ORPHAN_OBJECT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What comes, changes and goes while an audit looks is not taken for wrong, and what an audit acts on is looked at again. */
class AuditRaceTest {

    private static final String KEY = "uploads/1/a.pdf";

    private final AuditFixture fixture = new AuditFixture();
    private final StoreFixture world = fixture.world;

    @Test
    void audit_fileComesBetweenTheLists_isNotMissing() {
        fixture.after.put("list", fixture::file);
        assertThat(fixture.run().isClean()).isTrue();
        assertThat(world.rows()).hasSize(1);
    }

    @Test
    void audit_fileBecomesAvailableWhileTheListsAreRead_isNotMissing() {
        // The listing is read in the middle of the upload, the rows after it.
        fixture.before.put("listByKey", fixture::file);
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_rowListedBeforeItsObject_isNoOrphanHoweverOldTheObjectLooks() {
        // Rows of a page that was read long ago, beside an object that says it is as old as its first part.
        fixture.object(KEY, 1);
        fixture.later();
        fixture.after.put("listByKey", () -> fixture.deadUpload(KEY));
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_fileDeletedAfterItWasListed_isNoOrphan() {
        StoredFile file = fixture.file();
        fixture.later();
        fixture.after.put("list", () -> world.store.delete(file.id()));
        assertThat(fixture.run().isClean()).isTrue();
        assertThat(world.rows()).isEmpty();
    }

    @Test
    void audit_fileDeletedBetweenRowAndObject_isNoOrphan() {
        fixture.object(KEY, 1);
        fixture.later();
        fixture.after.put("findByKey", () -> world.storage.delete(KEY));
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_fileDeletedAfterItsRowWasListed_isNotMissing() {
        StoredFile file = fixture.file();
        fixture.before.put("list", () -> world.storage.delete(file.key()));
        fixture.after.put("listByKey", () -> world.store.delete(file.id()));
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_fileDeletedWhileItsObjectIsLookedAt_isNotMissing() {
        StoredFile file = fixture.file();
        fixture.after.put("list", () -> {});
        fixture.before.put("list", () -> world.storage.delete(file.key()));
        fixture.before.put("stat", () -> world.store.delete(file.id()));
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_fileExpiresWhileItsObjectIsLookedAt_isNotMissing() {
        StoredFile file = world.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofHours(1)));
        world.storage.delete(file.key());
        fixture.before.put("stat", () -> world.clock.advance(Duration.ofHours(1)));
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_fileChangesWhileItsObjectIsLookedAt_isLookedAtAgain() {
        StoredFile file = world.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofHours(1)));
        world.storage.delete(file.key());
        fixture.before.put("stat", () -> world.store.keep(file.id()));

        assertThat(fixture.run().found()).containsEntry(MISSING_OBJECT, 1L);
        assertThat(fixture.calls.made())
                .containsExactly("list", "listByKey", "find", "stat", "find", "stat", "find", "listUnfinished");
    }

    @Test
    void audit_rowSweptAfterItWasListed_isNotOverdue() {
        fixture.deadUpload(KEY);
        fixture.later();
        fixture.after.put("listByKey", world.store::sweep);
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void audit_uploadCompletedAfterItWasListed_isNotStale() {
        fixture.leftover("1", KEY);
        fixture.leftover("2", null);
        fixture.later();
        fixture.after.put("findByKey", fixture.unfinished::clear);
        assertThat(fixture.run().isClean()).isTrue();
    }

    @Test
    void apply_rowMadeForTheOrphansKeyMeanwhile_leavesTheObject() {
        fixture.object(KEY, 1);
        fixture.later();
        fixture.before.put("insert", () -> fixture.deadUpload(KEY));

        AuditReport report = fixture.apply(10);

        assertThat(report.found()).containsEntry(ORPHAN_OBJECT, 1L);
        assertThat(report.applied()).isZero();
        assertThat(world.objects()).containsExactly(KEY);
    }

    @Test
    void apply_orphanRemovedByAnotherAuditMeanwhile_isNotRemovedTwice() {
        fixture.object(KEY, 1);
        fixture.later();
        fixture.before.put("listUnfinished", () -> {
            assertThat(new AuditFixtureOf(fixture).apply().applied()).isEqualTo(1);
        });

        assertThat(fixture.apply(10).applied()).isZero();
        assertThat(world.objects()).isEmpty();
        assertThat(world.rows()).hasSize(1);
    }

    /** A second audit on the same world, without hooks. */
    private record AuditFixtureOf(AuditFixture fixture) {

        AuditReport apply() {
            return fixture.store(new SpiCalls())
                    .audit(Audit.of("").withApply(Set.of(ORPHAN_OBJECT), 10).withImplausibleShare(1));
        }
    }

    @Test
    void apply_missingObjectComesBackMeanwhile_keepsTheRecord() {
        StoredFile file = fixture.missing();
        fixture.before.put("listUnfinished", () -> fixture.object(file.key(), StoreFixture.PDF.length));

        AuditReport report = fixture.apply(10);

        assertThat(report.found()).containsEntry(MISSING_OBJECT, 1L);
        assertThat(report.applied()).isZero();
        assertThat(world.store.find(file.id())).isPresent();
    }

    @Test
    void apply_recordChangesBetweenTheLastLookAndTheMark_isKept() {
        StoredFile file = world.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofHours(10)));
        world.storage.delete(file.key());
        fixture.before.put("compareAndSet", () -> world.store.keep(file.id()));

        assertThat(fixture.apply(10).applied()).isZero();
        assertThat(world.store.find(file.id())).isPresent();
    }

    @Test
    void apply_rowMadeForTheUploadMeanwhile_leavesTheUpload() {
        fixture.leftover("1", KEY);
        fixture.later();
        fixture.after.put("listUnfinished", () -> fixture.after.put("listUnfinished", () -> fixture.deadUpload(KEY)));

        assertThat(fixture.apply(10).applied()).isZero();
        assertThat(fixture.unfinished).hasSize(1);
    }

    @Test
    void audit_uploadRunningAllTheTime_isNeverWrongAndArrives() {
        world.clock.advance(Duration.ofHours(1));
        StoredFile[] stored = new StoredFile[1];
        fixture.after.put(
                "list",
                () -> stored[0] = world.store.upload(AuditFixture.pdfThat(() -> {
                    // In the middle of the put: the row is there, the object is not.
                    assertThat(fixture.store(new SpiCalls()).audit(Audit.of("")).isClean())
                            .isTrue();
                })));

        assertThat(fixture.apply(10).isClean()).isTrue();
        assertThat(world.read(stored[0].id())).isEqualTo(StoreFixture.PDF);
    }
}
