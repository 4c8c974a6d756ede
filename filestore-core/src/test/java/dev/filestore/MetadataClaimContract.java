package dev.filestore;

import static dev.filestore.MetadataRepositoryContract.NOW;
import static dev.filestore.MetadataRepositoryContract.pending;
import static dev.filestore.MetadataRepositoryContract.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for claims: each due row goes to one caller. */
abstract class MetadataClaimContract {

    private static final Instant LEASE = NOW.plusSeconds(300);

    private final MetadataRepositoryContract contract;

    MetadataClaimContract(MetadataRepositoryContract contract) {
        this.contract = contract;
    }

    private MetadataRepository rows() {
        return contract.repository();
    }

    private FileRow due(String key, Instant dueAt) {
        return contract.inserted(with(pending(key), FileState.DELETING, dueAt, null));
    }

    private static FileRow claimed(FileRow row) {
        return row.withDueAt(LEASE).withIdentity(row.id(), row.version() + 1);
    }

    @Test
    void claimDue_nothingDue_isEmpty() {
        FileRow resting = contract.available("a", "123", Category.IMAGE, NOW.minusSeconds(1000));
        FileRow later = due("b", NOW.plusNanos(1000));
        assertThat(rows().claimDue(NOW, LEASE, 10)).isEmpty();
        contract.assertUnchanged(resting);
        contract.assertUnchanged(later);
    }

    @Test
    void claimDue_dueRows_areLeasedAndCountedUp() {
        FileRow row = due("a", NOW);
        assertThat(rows().claimDue(NOW, LEASE, 10)).containsExactly(claimed(row));
        contract.assertUnchanged(claimed(row));
        assertThat(rows().compareAndSet(row.withDueAt(null))).isEmpty();
    }

    @Test
    void claimDue_severalDue_longestDueComesFirst() {
        FileRow second = due("a", NOW.minusSeconds(1));
        FileRow third = due("b", NOW);
        FileRow first = due("c", NOW.minusNanos(1_000_001_000));
        assertThat(rows().claimDue(NOW, LEASE, 10)).containsExactly(claimed(first), claimed(second), claimed(third));
    }

    /** For those that can tell. */
    @Test
    void due_rowsAtRestLaterAndClaimed_countsWhatAClaimWouldFind() {
        if (rows() instanceof DueRows tells) {
            assertThat(tells.due(NOW, 10)).isEqualTo(new DueRows.Backlog(0, null));
            contract.available("a", "123", Category.IMAGE, NOW.minusSeconds(1000));
            due("b", NOW.plusNanos(1000));
            due("c", NOW);
            due("d", NOW.minusNanos(1_000_001_000));
            due("e", NOW.minusSeconds(1));
            assertThat(tells.due(NOW, 10)).isEqualTo(new DueRows.Backlog(3, NOW.minusNanos(1_000_001_000)));
            assertThat(tells.due(NOW, 2)).isEqualTo(new DueRows.Backlog(2, NOW.minusNanos(1_000_001_000)));
            rows().claimDue(NOW, LEASE, 1);
            assertThat(tells.due(NOW, 10)).isEqualTo(new DueRows.Backlog(2, NOW.minusSeconds(1)));
        }
    }

    @Test
    void claimDue_moreThanLimit_takesTheLongestDueAndThenTheRest() {
        List<FileRow> due = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            due.add(due("key-" + i, NOW.minusSeconds(7 - i)));
        }
        assertThat(rows().claimDue(NOW, LEASE, 3))
                .containsExactly(claimed(due.get(0)), claimed(due.get(1)), claimed(due.get(2)));
        contract.assertUnchanged(due.get(3));
        assertThat(rows().claimDue(NOW, LEASE, 3)).hasSize(3);
        assertThat(rows().claimDue(NOW, LEASE, 3)).containsExactly(claimed(due.get(6)));
        assertThat(rows().claimDue(NOW, LEASE, 3)).isEmpty();
    }

    @Test
    void claimDue_leaseOver_givesTheRowAgain() {
        due("a", NOW);
        FileRow first = rows().claimDue(NOW, LEASE, 1).get(0);
        assertThat(rows().claimDue(LEASE.minusNanos(1000), LEASE, 1)).isEmpty();
        List<FileRow> again = rows().claimDue(LEASE, LEASE.plusSeconds(300), 1);
        assertThat(again)
                .containsExactly(first.withDueAt(LEASE.plusSeconds(300)).withIdentity(first.id(), 2));
    }

    @Test
    void claimDue_everyState_isTaken() {
        for (FileState state : FileState.values()) {
            contract.inserted(with(pending(state.name()), state, NOW, null));
        }
        assertThat(rows().claimDue(NOW, LEASE, 10))
                .extracting(FileRow::state)
                .containsExactlyInAnyOrder(FileState.values());
    }

    @Test
    void claimDue_byManyAtOnce_givesEachRowToOne() throws Exception {
        for (int i = 0; i < 60; i++) {
            due("key-" + i, NOW.minusSeconds(i));
        }
        Callable<List<FileRow>> claim = () -> {
            List<FileRow> mine = new ArrayList<>();
            List<FileRow> some;
            do {
                some = rows().claimDue(NOW, LEASE, 5);
                mine.addAll(some);
            } while (!some.isEmpty());
            return mine;
        };
        List<FileRow> all = new ArrayList<>();
        MetadataRepositoryContract.atOnce(Collections.nCopies(6, claim)).forEach(all::addAll);
        // A row that another caller held when this one looked may be left over by all: none is taken twice.
        all.addAll(rows().claimDue(NOW, LEASE, 60));
        assertThat(all).extracting(FileRow::key).doesNotHaveDuplicates().hasSize(60);
        assertThat(all).allMatch(row -> row.version() == 1);
    }

    @Test
    void claimDue_rowsLockedByAnother_arePassedOverWithoutWaiting() {
        FileRow locked = due("a", NOW.minusSeconds(2));
        FileRow free = due("b", NOW.minusSeconds(1));
        boolean ran = contract.whileLocked(locked, () -> {
            if (contract.passesOverLockedRows()) {
                Duration soon = Duration.ofSeconds(20);
                assertThat(Assertions.assertTimeoutPreemptively(soon, () -> rows().claimDue(NOW, LEASE, 1)))
                        .containsExactly(claimed(free));
            } else {
                assertThatThrownBy(() -> rows().claimDue(NOW, LEASE, 1)).isInstanceOf(MetadataException.class);
            }
        });
        List<FileRow> rest = rows().claimDue(NOW, LEASE, 10);
        if (ran && contract.passesOverLockedRows()) {
            assertThat(rest).containsExactly(claimed(locked));
        } else {
            assertThat(rest).containsExactly(claimed(locked), claimed(free));
        }
    }

    @Test
    void claimDue_manyRows_takesAll() {
        for (int i = 0; i < 1_001; i++) {
            due("key-" + i, NOW.minusSeconds(i));
        }
        List<FileRow> all = rows().claimDue(NOW, LEASE, 2_000);
        assertThat(all).hasSize(1_001).allMatch(row -> row.version() == 1 && LEASE.equals(row.dueAt()));
        assertThat(rows().claimDue(NOW, LEASE, 1)).isEmpty();
    }
}
