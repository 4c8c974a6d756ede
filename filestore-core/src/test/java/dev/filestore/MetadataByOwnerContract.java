package dev.filestore;

import static dev.filestore.MetadataRepositoryContract.NOW;
import static dev.filestore.MetadataRepositoryContract.pending;
import static dev.filestore.MetadataRepositoryContract.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for walking all rows of one owner, oldest first. */
abstract class MetadataByOwnerContract {

    private final MetadataRepositoryContract contract;

    MetadataByOwnerContract(MetadataRepositoryContract contract) {
        this.contract = contract;
    }

    private MetadataRepository rows() {
        return contract.repository();
    }

    private static RowQuery.Position at(FileRow row) {
        return new RowQuery.Position(row.uploadedAt(), row.id());
    }

    /** Rows of one owner, oldest first: in pairs of the same upload time, inserted out of order. */
    private List<FileRow> files(int count) {
        List<FileRow> files = new ArrayList<>();
        for (int i : new int[] {1, 0}) {
            for (int j = i; j < count; j += 2) {
                files.add(contract.available("key-" + j, "123", Category.IMAGE, NOW.minusSeconds(j / 2)));
            }
        }
        files.sort((a, b) -> a.uploadedAt().equals(b.uploadedAt())
                ? Long.compare(a.id(), b.id())
                : a.uploadedAt().compareTo(b.uploadedAt()));
        return files;
    }

    @Test
    void listByOwner_noRows_isEmpty() {
        contract.inserted(pending("a"));
        assertThat(rows().listByOwner("456", null, 10)).isEmpty();
        assertThat(rows().listByOwner("456", new RowQuery.Position(NOW, 0), 10)).isEmpty();
    }

    @Test
    void listByOwner_rowsOfEveryState_givesAll() {
        List<FileRow> all = new ArrayList<>();
        all.add(contract.inserted(pending("a")));
        for (FileState state : FileState.values()) {
            all.add(contract.inserted(with(pending(state.name()), state, NOW, null)));
            all.add(contract.inserted(with(pending(state + "-over"), state, NOW, NOW.minusSeconds(1))));
        }
        assertThat(rows().listByOwner("123", null, 100)).isEqualTo(all);
        assertThat(rows().listByOwner("123", at(all.get(0)), 100)).isEqualTo(all.subList(1, all.size()));
    }

    @Test
    void listByOwner_othersRows_areLeftOut() {
        for (String owner : new String[] {"123", "12", "1234", "a", "A", "a ", "%", "ä", "a\u0308"}) {
            contract.inserted(pending("key of <" + owner + ">", owner, Category.DOCUMENT, NOW));
        }
        for (String owner : new String[] {"123", "a", "A", "a ", "%", "ä", "a\u0308"}) {
            assertThat(rows().listByOwner(owner, null, 10))
                    .extracting(FileRow::key)
                    .containsExactly("key of <" + owner + ">");
        }
    }

    /** An erasure or an export takes what this gives: of one user, and of nobody who looks like him. */
    @Test
    void listByOwner_ownersWhoLookAlike_areSeveral() {
        List<FileRow> inserted = new ArrayList<>();
        for (String owner : MetadataTextContract.LOOKALIKES) {
            inserted.add(contract.available("key-" + inserted.size(), owner, Category.IMAGE, NOW));
        }
        for (FileRow row : inserted) {
            assertThat(rows().listByOwner(row.owner(), null, 10)).containsExactly(row);
        }
    }

    @Test
    void listByOwner_byPosition_givesEveryRowOnce() {
        List<FileRow> files = files(9);
        for (int limit : new int[] {1, 2, 4, 9, 10}) {
            List<FileRow> walked = new ArrayList<>();
            RowQuery.@Nullable Position after = null;
            List<FileRow> page;
            do {
                page = rows().listByOwner("123", after, limit);
                assertThat(page).hasSize(Math.min(limit, 9 - walked.size()));
                walked.addAll(page);
                after = page.isEmpty() ? null : at(page.get(page.size() - 1));
            } while (after != null);
            assertThat(walked).isEqualTo(files);
        }
    }

    @Test
    void listByOwner_behindARowThatIsGone_goesOnWhereItWas() {
        List<FileRow> files = files(6);
        rows().remove(files.get(2));
        assertThat(rows().listByOwner("123", at(files.get(2)), 10)).containsExactlyElementsOf(files.subList(3, 6));
    }

    @Test
    void listByOwner_manyRows_isWalkedToTheEnd() {
        List<FileRow> files = files(1_101);
        assertThat(rows().listByOwner("123", null, 1_001)).isEqualTo(files.subList(0, 1_001));
        assertThat(rows().listByOwner("123", at(files.get(1_000)), 1_001)).isEqualTo(files.subList(1_001, 1_101));
    }
}
