package dev.filestore;

import static dev.filestore.MetadataRepositoryContract.pending;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for inserts and single reads. */
abstract class MetadataInsertContract {

    private final MetadataRepositoryContract contract;

    MetadataInsertContract(MetadataRepositoryContract contract) {
        this.contract = contract;
    }

    private MetadataRepository rows() {
        return contract.repository();
    }

    @Test
    void insert_newKey_givesIdAndVersionZero() {
        FileRow row = pending("a").withIdentity(-5, 7);
        FileRow inserted = rows().insert(row).orElseThrow();
        assertThat(inserted.id()).isPositive();
        assertThat(inserted).isEqualTo(row.withIdentity(inserted.id(), 0));
    }

    @Test
    void insert_twoKeys_givesTwoIds() {
        assertThat(contract.inserted(pending("a")).id())
                .isNotEqualTo(contract.inserted(pending("b")).id());
    }

    @Test
    void insert_takenKey_isEmptyAndChangesNothing() {
        FileRow first = contract.inserted(pending("a"));
        FileRow second = pending("a", "another", Category.IMAGE, MetadataRepositoryContract.NOW.plusSeconds(1));
        assertThat(rows().insert(second)).isEmpty();
        contract.assertUnchanged(first);
        assertThat(rows().listByKey("", "", 10)).containsExactly(first);
    }

    @Test
    void insert_keyOfRemovedRow_givesNewId() {
        FileRow first = contract.inserted(pending("a"));
        assertThat(rows().remove(first)).isTrue();
        assertThat(contract.inserted(pending("a")).id()).isNotEqualTo(first.id());
    }

    @Test
    void insert_oneKeyByManyAtOnce_oneWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            String key = "round-" + round;
            Callable<Optional<FileRow>> insert = () -> rows().insert(pending(key));
            List<FileRow> won = MetadataRepositoryContract.atOnce(Collections.nCopies(12, insert)).stream()
                    .flatMap(Optional::stream)
                    .toList();
            assertThat(won).hasSize(1);
            assertThat(rows().findByKey(key)).contains(won.get(0));
        }
    }

    @Test
    void insert_manyKeysAtOnce_allWin() throws Exception {
        List<Callable<Optional<FileRow>>> inserts = IntStream.range(0, 12)
                .<Callable<Optional<FileRow>>>mapToObj(i -> () -> rows().insert(pending("key-" + i)))
                .toList();
        assertThat(MetadataRepositoryContract.atOnce(inserts)).allMatch(Optional::isPresent);
        assertThat(rows().listByKey("", "", 100)).hasSize(12);
    }

    @Test
    void find_absent_isEmpty() {
        FileRow row = contract.inserted(pending("a"));
        assertThat(rows().find(row.id() + 1)).isEmpty();
        assertThat(rows().find(0)).isEmpty();
        assertThat(rows().find(Long.MIN_VALUE)).isEmpty();
        assertThat(rows().findByKey("b")).isEmpty();
        assertThat(rows().findByKey("")).isEmpty();
    }

    @Test
    void find_everyState_isTheRow() {
        for (FileState state : FileState.values()) {
            FileRow row = contract.inserted(MetadataRepositoryContract.with(
                    pending(state.name()), state, MetadataRepositoryContract.NOW, null));
            assertThat(rows().find(row.id())).contains(row);
            assertThat(rows().findByKey(row.key())).contains(row);
        }
    }
}
