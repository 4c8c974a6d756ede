package dev.filestore;

import static dev.filestore.AuditFinding.Kind.MISSING_OBJECT;
import static dev.filestore.AuditFinding.Kind.ORPHAN_OBJECT;
import static dev.filestore.AuditFinding.Kind.STALE_UPLOAD;
import static dev.filestore.AuditFinding.Kind.WRONG_SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What an audit does that is told to. */
class AuditApplyTest {

    private final AuditFixture fixture = new AuditFixture();
    private final StoreFixture world = fixture.world;

    @Test
    void apply_eachKind_leavesWhatIsSound() {
        StoredFile sound = fixture.file();
        fixture.object("uploads/1/orphan", 5);
        StoredFile missing = fixture.missing();
        StoredFile wrong = fixture.missing();
        fixture.object(wrong.key(), 5);
        fixture.leftover("1", "uploads/1/left");
        fixture.later();

        AuditReport report = fixture.apply(10);

        assertThat(report.found())
                .containsEntry(ORPHAN_OBJECT, 1L)
                .containsEntry(MISSING_OBJECT, 1L)
                .containsEntry(WRONG_SIZE, 1L)
                .containsEntry(STALE_UPLOAD, 1L);
        assertThat(report.applied()).isEqualTo(3);
        assertThat(report.failed()).isZero();
        assertThat(report.stop()).isNull();
        assertThat(world.objects()).containsExactlyInAnyOrder(sound.key(), wrong.key());
        assertThat(world.store.find(missing.id())).isEmpty();
        assertThat(fixture.unfinished).isEmpty();
        world.assertConsistentInTheEnd();
        assertThat(world.read(sound.id())).isEqualTo(StoreFixture.PDF);
        assertThat(fixture.run().found()).containsEntry(WRONG_SIZE, 1L);
    }

    @Test
    void apply_orphan_keepsItsKeyUntilNothingCanLandAnyMore() {
        fixture.object("uploads/1/orphan", 5);
        fixture.later();

        fixture.apply(10);

        assertThat(world.rows()).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo(FileState.DELETED);
            assertThat(row.dueAt()).isEqualTo(fixture.now().plus(Duration.ofHours(1)));
            assertThat(row.owner()).isEmpty();
        });
        // A put that was given up long ago lands.
        fixture.object("uploads/1/orphan", 5);
        world.clock.advance(Duration.ofHours(1));
        world.store.sweep();
        world.assertNothingLeft();
    }

    @Test
    void apply_kindsThatWereNotAskedFor_areLeft() {
        fixture.object("uploads/1/orphan", 5);
        StoredFile missing = fixture.missing();
        fixture.leftover("1", "uploads/1/left");
        fixture.later();

        AuditReport report = fixture.store.audit(
                Audit.of("").withApply(Set.of(STALE_UPLOAD), 10).withImplausibleShare(1));

        assertThat(report.applied()).isEqualTo(1);
        assertThat(world.objects()).containsExactly("uploads/1/orphan");
        assertThat(world.store.find(missing.id())).isPresent();
        assertThat(fixture.unfinished).isEmpty();
    }

    @Test
    void apply_keyThatNoStoreMakes_isLeftToWhoeverMadeIt() {
        fixture.object("uploads/", 0);
        fixture.object("uploads/a\\b", 1);
        fixture.later();

        AuditReport report = fixture.apply(10);

        assertThat(report.found()).containsEntry(ORPHAN_OBJECT, 2L);
        assertThat(report.applied()).isZero();
        assertThat(world.objects()).hasSize(2);
    }

    @Test
    void apply_keysThatNoStoreMakes_doNotUseUpTheCap() {
        IntStream.range(0, 3).forEach(i -> fixture.object("uploads/a\\" + i, 1));
        fixture.object("uploads/b", 1);
        fixture.later();

        AuditReport report = fixture.apply(1);

        assertThat(report.found()).containsEntry(ORPHAN_OBJECT, 4L);
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.stop()).isNull();
        assertThat(world.objects()).hasSize(3).doesNotContain("uploads/b");
    }

    @Test
    void apply_uploadWhoseKeyBreaksLines_isOneLineOfTheLog() {
        fixture.leftover("1", "uploads/a\nWARN all is lost");
        fixture.later();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(FileStore.class);
        lines.start();
        log.addAppender(lines);
        try {
            assertThat(fixture.apply(1).applied()).isEqualTo(1);
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("audit: STALE_UPLOAD of uploads/a?WARN all is lost removed");
    }

    @Test
    void apply_moreThanTheCap_stopsThereAndTheNextRunGoesOn() {
        IntStream.range(0, 7).forEach(i -> fixture.object("uploads/" + i, 1));
        fixture.later();

        AuditReport report = fixture.apply(5);

        assertThat(report.found()).containsEntry(ORPHAN_OBJECT, 7L);
        assertThat(report.applied()).isEqualTo(5);
        assertThat(report.stop()).isEqualTo(AuditReport.Stop.CAP);
        assertThat(world.objects()).containsExactly("uploads/5", "uploads/6");
        assertThat(fixture.apply(5).stop()).isNull();
        assertThat(world.objects()).isEmpty();
    }

    @Test
    void apply_failures_countTowardsTheCap() {
        IntStream.range(0, 4).forEach(i -> fixture.object("uploads/" + i, 1));
        fixture.later();
        fixture.calls.fail("insert", SpiCalls.Fault.AFTER);

        AuditReport report = fixture.apply(3);

        assertThat(report.applied()).isZero();
        assertThat(report.failed()).isEqualTo(3);
        assertThat(world.rows()).hasSize(3).allMatch(row -> row.state() == FileState.DELETING);
    }

    @Test
    void apply_storageRefuses_leavesRowsThatASweepFinishes() {
        fixture.object("uploads/1/orphan", 5);
        StoredFile missing = fixture.missing();
        fixture.later();
        fixture.calls.fail("purge", SpiCalls.Fault.BEFORE);
        fixture.calls.fail("delete", SpiCalls.Fault.BEFORE);

        assertThat(fixture.apply(10).applied()).isEqualTo(2);

        assertThat(world.rows()).hasSize(2).allMatch(row -> row.state() == FileState.DELETING);
        assertThat(world.store.find(missing.id())).isEmpty();
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void apply_tooManyOrphans_isImplausible() {
        IntStream.range(0, 89).forEach(i -> fixture.file());
        IntStream.range(0, 11).forEach(i -> fixture.object("uploads/orphan" + i, 1));
        fixture.later();

        AuditReport report = fixture.store.audit(fixture.audit().withApply(AuditFixture.APPLICABLE, 100));

        assertThat(report.found()).containsEntry(ORPHAN_OBJECT, 11L);
        assertThat(report.applied()).isZero();
        assertThat(report.stop()).isEqualTo(AuditReport.Stop.IMPLAUSIBLE);
        assertThat(fixture.findings).hasSize(11);
        assertThat(world.objects()).hasSize(100);

        Audit bolder = fixture.audit().withApply(AuditFixture.APPLICABLE, 100).withImplausibleShare(0.11);
        assertThat(fixture.store.audit(bolder).applied()).isEqualTo(11);
    }

    @Test
    void apply_tooManyMissing_isImplausibleWhateverIsAskedFor() {
        IntStream.range(0, 89).forEach(i -> fixture.file());
        IntStream.range(0, 11).forEach(i -> fixture.missing());
        fixture.object("uploads/orphan", 1);
        fixture.later();

        AuditReport report = fixture.store.audit(Audit.of("").withApply(Set.of(ORPHAN_OBJECT), 100));

        assertThat(report.stop()).isEqualTo(AuditReport.Stop.IMPLAUSIBLE);
        assertThat(world.objects()).hasSize(90);
    }

    @Test
    void apply_tenOfAFew_isPlausible() {
        IntStream.range(0, 2).forEach(i -> fixture.file());
        IntStream.range(0, 10).forEach(i -> fixture.object("uploads/orphan" + i, 1));
        fixture.later();

        assertThat(fixture.store
                        .audit(Audit.of("").withApply(AuditFixture.APPLICABLE, 100))
                        .applied())
                .isEqualTo(10);
    }

    @Test
    void apply_wrongBucket_isImplausibleHoweverSmall() {
        StoredFile file = fixture.missing();

        AuditReport report = fixture.store.audit(Audit.of("").withApply(AuditFixture.APPLICABLE, 100));

        assertThat(report.stop()).isEqualTo(AuditReport.Stop.IMPLAUSIBLE);
        assertThat(world.store.find(file.id())).isPresent();
    }

    @Test
    void apply_wrongDatabase_isImplausibleHoweverSmall() {
        fixture.object("uploads/1/a", 1);
        fixture.later();

        AuditReport report = fixture.store.audit(Audit.of("").withApply(AuditFixture.APPLICABLE, 100));

        assertThat(report.stop()).isEqualTo(AuditReport.Stop.IMPLAUSIBLE);
        assertThat(world.objects()).hasSize(1);
    }

    @Test
    void apply_wrongPrefix_findsNothing() {
        fixture.object("uploads/1/a", 1);
        fixture.later();

        assertThat(fixture.store.audit(Audit.of("upload/").withApply(AuditFixture.APPLICABLE, 100)))
                .returns(true, AuditReport::isClean);
        assertThat(world.objects()).hasSize(1);
    }

    @Test
    void apply_interruptedBetweenTwoFindings_finishesTheOneAndLeavesTheOther() {
        fixture.object("uploads/1", 1);
        fixture.object("uploads/2", 1);
        fixture.later();
        fixture.after.put("purge", () -> Thread.currentThread().interrupt());

        AuditReport report = fixture.apply(10);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.applied()).isEqualTo(1);
        assertThat(report.stop()).isEqualTo(AuditReport.Stop.INTERRUPTED);
        assertThat(world.objects()).containsExactly("uploads/2");
    }

    /** What stops here without a chance to clean up stands for a killed process. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Dies at one call. */
    private static final class DyingAt implements SpiCalls.Conduct {

        private final SpiCalls.Fault fault;
        private int left;

        DyingAt(int call, SpiCalls.Fault fault) {
            this.left = call;
            this.fault = fault;
        }

        @Override
        public <T, X extends Exception> T make(
                String call, Supplier<FileStoreException> failure, SpiCalls.Body<T, X> body) throws X {
            left--;
            if (left == 0 && fault == SpiCalls.Fault.BEFORE) {
                throw new Killed();
            }
            T result = body.run();
            if (left == 0) {
                throw new Killed();
            }
            return result;
        }
    }

    @ParameterizedTest
    @EnumSource
    void apply_killedAtAnyCall_isFinishedBySweepsAndAnotherAudit(SpiCalls.Fault fault) {
        int kills = 0;
        boolean died;
        do {
            AuditFixture round = new AuditFixture();
            StoreFixture rounds = round.world;
            StoredFile sound = round.file();
            round.object("uploads/1/orphan", 5);
            round.object("uploads/2/orphan", 5);
            round.missing();
            round.leftover("1", "uploads/1/left");
            round.later();
            Audit audit = Audit.of("").withApply(AuditFixture.APPLICABLE, 10).withImplausibleShare(1);
            died = false;
            try {
                round.store(new SpiCalls(new DyingAt(kills + 1, fault))).audit(audit);
            } catch (Killed e) {
                died = true;
                kills++;
            }
            IntStream.range(0, 3).forEach(i -> {
                rounds.clock.advance(Duration.ofHours(2));
                rounds.store.sweep();
            });
            assertThat(rounds.rows())
                    .as("after the sweeps, killed at call %s", kills)
                    .allMatch(row -> row.state() == FileState.AVAILABLE);
            round.store.audit(audit);
            rounds.assertConsistentInTheEnd();
            assertThat(rounds.rows()).hasSize(1);
            assertThat(rounds.read(sound.id())).isEqualTo(StoreFixture.PDF);
            assertThat(round.unfinished).isEmpty();
            assertThat(round.run().isClean()).isTrue();
        } while (died);
        assertThat(kills).isGreaterThanOrEqualTo(24);
    }
}
