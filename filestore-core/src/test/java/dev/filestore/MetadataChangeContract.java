package dev.filestore;

import static dev.filestore.MetadataRepositoryContract.NOW;
import static dev.filestore.MetadataRepositoryContract.pending;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for compare-and-set and removal. */
abstract class MetadataChangeContract {

    private final MetadataRepositoryContract contract;

    MetadataChangeContract(MetadataRepositoryContract contract) {
        this.contract = contract;
    }

    private MetadataRepository rows() {
        return contract.repository();
    }

    private static FileRow everythingElse(FileRow row) {
        return new FileRow(
                row.id(),
                row.version(),
                FileState.AVAILABLE,
                NOW.plusSeconds(7),
                3,
                row.owner(),
                row.key(),
                "다른 이름.png",
                2_048_576,
                "image/png",
                row.category(),
                MetadataRepositoryContract.SHA256,
                "\"9b2cf535f27731c974343645a3985328-3\"",
                URI.create("https://bucket.example/" + row.id()),
                URI.create("https://cdn.example/" + row.id()),
                row.uploadedAt(),
                NOW.plusSeconds(9),
                PendingEvents.BOTH);
    }

    @Test
    void compareAndSet_readVersion_writesEveryColumnThatCanChange() {
        FileRow row = contract.inserted(pending("a"));
        FileRow next = everythingElse(row);
        FileRow changed = rows().compareAndSet(next).orElseThrow();
        assertThat(changed).isEqualTo(next.withIdentity(row.id(), 1));
        contract.assertUnchanged(changed);
    }

    @Test
    void compareAndSet_backToNull_writesNull() {
        FileRow full = rows().compareAndSet(everythingElse(contract.inserted(pending("a"))))
                .orElseThrow();
        FileRow empty = pending("a").withDueAt(null).withIdentity(full.id(), full.version());
        FileRow changed = rows().compareAndSet(empty).orElseThrow();
        assertThat(changed).isEqualTo(empty.withIdentity(full.id(), 2));
        contract.assertUnchanged(changed);
    }

    @Test
    void compareAndSet_ownerKeyCategoryAndUploadTime_neverChange() {
        FileRow row = contract.inserted(pending("a"));
        FileRow foreign = pending("b", "other", Category.DOCUMENT, NOW.plusSeconds(1))
                .withIdentity(row.id(), 0)
                .withDueAt(null);
        assertThat(rows().compareAndSet(foreign)).isPresent();
        contract.assertUnchanged(row.withDueAt(null).withIdentity(row.id(), 1));
        assertThat(rows().findByKey("a")).isPresent();
        assertThat(rows().findByKey("b")).isEmpty();
    }

    @Test
    void compareAndSet_nothingDifferent_countsTheVersionUp() {
        FileRow row = contract.inserted(pending("a"));
        assertThat(rows().compareAndSet(row)).contains(row.withIdentity(row.id(), 1));
    }

    @Test
    void compareAndSet_staleVersion_isEmptyAndChangesNothing() {
        FileRow row = contract.inserted(pending("a"));
        FileRow current = rows().compareAndSet(row.withDueAt(null)).orElseThrow();
        assertThat(rows().compareAndSet(everythingElse(row))).isEmpty();
        assertThat(rows().compareAndSet(everythingElse(row.withIdentity(row.id(), 2))))
                .isEmpty();
        contract.assertUnchanged(current);
    }

    @Test
    void compareAndSet_absentRow_isEmpty() {
        FileRow row = contract.inserted(pending("a"));
        assertThat(rows().remove(row)).isTrue();
        assertThat(rows().compareAndSet(row.withDueAt(null))).isEmpty();
        assertThat(rows().find(row.id())).isEmpty();
    }

    @Test
    void compareAndSet_otherRows_stayAsTheyAre() {
        FileRow other = contract.inserted(pending("a"));
        FileRow row = contract.inserted(pending("b"));
        rows().compareAndSet(everythingElse(row));
        contract.assertUnchanged(other);
    }

    @Test
    void compareAndSet_byManyAtOnce_oneWins() throws Exception {
        FileRow row = contract.inserted(pending("a"));
        for (int round = 0; round < 5; round++) {
            FileRow read = row;
            List<Callable<Optional<FileRow>>> changes = IntStream.range(0, 12)
                    .<Callable<Optional<FileRow>>>mapToObj(
                            i -> () -> rows().compareAndSet(read.withDueAt(NOW.plusSeconds(i))))
                    .toList();
            List<FileRow> won = MetadataRepositoryContract.atOnce(changes).stream()
                    .flatMap(Optional::stream)
                    .toList();
            assertThat(won).hasSize(1);
            row = won.get(0);
            contract.assertUnchanged(row);
        }
        assertThat(row.version()).isEqualTo(5);
    }

    @Test
    void remove_readVersion_removesTheRow() {
        FileRow other = contract.inserted(pending("a"));
        FileRow row = contract.inserted(pending("b"));
        assertThat(rows().remove(row)).isTrue();
        assertThat(rows().find(row.id())).isEmpty();
        assertThat(rows().findByKey("b")).isEmpty();
        contract.assertUnchanged(other);
    }

    @Test
    void remove_again_isFalse() {
        FileRow row = contract.inserted(pending("a"));
        assertThat(rows().remove(row)).isTrue();
        assertThat(rows().remove(row)).isFalse();
    }

    @Test
    void remove_staleVersion_isFalseAndChangesNothing() {
        FileRow row = contract.inserted(pending("a"));
        FileRow current = rows().compareAndSet(row.withDueAt(null)).orElseThrow();
        assertThat(rows().remove(row)).isFalse();
        contract.assertUnchanged(current);
    }

    @Test
    void removeAndCompareAndSet_atOnce_oneWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            FileRow row = contract.inserted(pending("round-" + round));
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                calls.add(() -> rows().remove(row));
                calls.add(() -> rows().compareAndSet(row.withDueAt(null)).isPresent());
            }
            List<Boolean> won = MetadataRepositoryContract.atOnce(calls);
            assertThat(won).containsOnlyOnce(true);
            assertThat(rows().find(row.id()).isPresent()).isEqualTo(won.indexOf(true) % 2 == 1);
        }
    }
}
