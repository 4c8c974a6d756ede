package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SweepTest {

    private final StoreFixture world = new StoreFixture();

    @Test
    void sweep_nothingDue_asksOnce() {
        world.uploaded("123");
        world.clock.advance(Duration.ofDays(10_000));

        assertThat(world.store.sweep()).isEqualTo(new SweepReport(0, 0, 0, 0));
        assertThat(world.calls.made()).containsExactly("claimDue");
        assertThat(world.objects()).hasSize(1);
    }

    @Test
    void sweep_expiredFile_removesIt() {
        world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        world.clock.advance(Duration.ofHours(1).plus(FileRow.EXPIRY_MARGIN));

        assertThat(world.store.sweep()).isEqualTo(new SweepReport(1, 0, 1, 0));
        world.assertNothingLeft();
    }

    @Test
    void sweep_fileThatExpiresLater_staysUntilThen() {
        StoredFile file = world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        world.clock.advance(Duration.ofHours(1).minusMillis(1));

        assertThat(world.store.sweep()).isEqualTo(new SweepReport(0, 0, 0, 0));
        assertThat(world.read(file.id())).isEqualTo(StoreFixture.PDF);
    }

    @Test
    void sweep_expiredSinceLessThanTheMarginOfClocks_hidesItAndKeepsItsBytes() {
        StoredFile file = world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        world.clock.advance(Duration.ofHours(1).plus(FileRow.EXPIRY_MARGIN).minusMillis(1));

        assertThat(world.store.sweep()).isEqualTo(new SweepReport(0, 0, 0, 0));
        assertThat(world.store.find(file.id())).isEmpty();
        assertThat(world.objects()).containsExactly(file.key());
    }

    @Test
    void sweep_smallBatches_claimsSoManyAtATime() {
        FileStore store = world.builder().sweepBatch(2).build();
        for (int i = 0; i < 5; i++) {
            world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        }
        world.clock.advance(Duration.ofHours(2));
        world.calls.clear();

        assertThat(store.sweep().removed()).isEqualTo(5);
        assertThat(world.calls.made()).filteredOn("claimDue"::equals).hasSize(3);
    }

    @Test
    void sweep_interrupted_stopsAndLeavesTheRestForLater() {
        for (int i = 0; i < 5; i++) {
            world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        }
        world.clock.advance(Duration.ofHours(2));
        Thread.currentThread().interrupt();
        try {
            assertThat(world.store.sweep()).isEqualTo(new SweepReport(0, 0, 0, 0));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        world.clock.advance(Duration.ofMinutes(5));
        assertThat(world.store.sweep().removed()).isEqualTo(5);
    }

    @Test
    void sweep_moreThanABatch_dealsWithAll() {
        for (int i = 0; i < 120; i++) {
            world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        }
        world.clock.advance(Duration.ofHours(1).plus(FileRow.EXPIRY_MARGIN));

        assertThat(world.store.sweep()).isEqualTo(new SweepReport(120, 0, 120, 0));
        world.assertNothingLeft();
    }

    @Test
    void sweep_oneFileFails_putsItOffAndDealsWithTheRest() {
        world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        world.clock.advance(Duration.ofHours(1).plus(FileRow.EXPIRY_MARGIN));
        world.calls.fail("delete", SpiCalls.Fault.BEFORE);

        assertThat(world.store.sweep()).isEqualTo(new SweepReport(1, 0, 0, 1));
        assertThat(world.rows()).singleElement().satisfies(row -> {
            assertThat(row.state()).isEqualTo(FileState.DELETING);
            assertThat(row.attempts()).isEqualTo(1);
            assertThat(row.dueAt()).isEqualTo(world.clock.instant().plus(Duration.ofMinutes(1)));
        });

        world.clock.advance(Duration.ofMinutes(1));
        assertThat(world.store.sweep()).isEqualTo(new SweepReport(0, 0, 0, 1));
        assertThat(world.rows())
                .singleElement()
                .extracting(FileRow::dueAt)
                .isEqualTo(world.clock.instant().plus(Duration.ofMinutes(2)));

        world.calls.heal();
        world.clock.advance(Duration.ofMinutes(2));
        assertThat(world.store.sweep()).isEqualTo(new SweepReport(0, 0, 1, 0));
        world.assertNothingLeft();
    }

    @Test
    void sweep_failsForWeeks_waitsNoLongerThanTheCap() {
        world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        world.calls.fail("delete", SpiCalls.Fault.BEFORE);
        for (int i = 0; i < 100; i++) {
            world.clock.advance(Duration.ofHours(6));
            assertThat(world.store.sweep().failed()).isEqualTo(1);
        }

        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void sweep_lifeMadeLongerByHand_leavesTheFile() {
        StoredFile file = world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        FileRow row = world.metadata.find(file.id()).orElseThrow();
        world.metadata.compareAndSet(withExpiry(row, null));
        world.clock.advance(Duration.ofHours(2));

        assertThat(world.store.sweep()).isEqualTo(new SweepReport(0, 0, 0, 0));

        assertThat(world.read(file.id())).isEqualTo(StoreFixture.PDF);
        assertThat(world.rows()).singleElement().extracting(FileRow::dueAt).isNull();
    }

    @Test
    void sweep_storageFailsInItsOwnWay_putsThatFileOffAndDealsWithTheRest() {
        StoredFile odd = world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        FileStore store = world.builder()
                .storage(new OddStorage(world.storage, odd.key()))
                .build();
        world.clock.advance(Duration.ofHours(1).plus(FileRow.EXPIRY_MARGIN));

        assertThat(store.sweep()).isEqualTo(new SweepReport(2, 0, 1, 1));
        assertThat(world.objects()).containsExactly(odd.key());
        assertThat(world.rows())
                .singleElement()
                .satisfies(row -> assertThat(row.attempts()).isEqualTo(1));
    }

    private static FileRow withExpiry(FileRow row, Instant expiresAt) {
        return new FileRow(
                row.id(),
                row.version(),
                row.state(),
                row.dueAt(),
                row.attempts(),
                row.owner(),
                row.key(),
                row.originalFilename(),
                row.size(),
                row.contentType(),
                row.category(),
                row.sha256(),
                row.objectTag(),
                row.url(),
                row.cdnUrl(),
                row.uploadedAt(),
                expiresAt,
                row.pendingEvents());
    }

    @Test
    void sweep_databaseFails_isTold() {
        world.calls.fail("claimDue", SpiCalls.Fault.BEFORE);

        assertThatThrownBy(world.store::sweep).isInstanceOf(MetadataException.class);
    }
}
