package dev.filestore;

import static dev.filestore.MetadataRepositoryContract.NOW;
import static dev.filestore.MetadataRepositoryContract.pending;
import static dev.filestore.MetadataRepositoryContract.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for lists and counts of visible files. */
abstract class MetadataListContract {

    private static final RowQuery MINE = new RowQuery("123", null, NOW);

    private final MetadataRepositoryContract contract;

    MetadataListContract(MetadataRepositoryContract contract) {
        this.contract = contract;
    }

    private MetadataRepository rows() {
        return contract.repository();
    }

    /** Files of one owner, newest first: in pairs of the same upload time, inserted out of order. */
    private List<FileRow> files(int count) {
        List<FileRow> files = new ArrayList<>();
        for (int i : new int[] {1, 0}) {
            for (int j = i; j < count; j += 2) {
                files.add(contract.available("key-" + j, "123", Category.IMAGE, NOW.minusSeconds(j / 2)));
            }
        }
        files.sort((a, b) -> a.uploadedAt().equals(b.uploadedAt())
                ? Long.compare(b.id(), a.id())
                : b.uploadedAt().compareTo(a.uploadedAt()));
        return files;
    }

    private static RowQuery.Position at(FileRow row) {
        return new RowQuery.Position(row.uploadedAt(), row.id());
    }

    @Test
    void list_noRows_isEmpty() {
        assertThat(rows().list(MINE, null, 0, 10)).isEmpty();
        assertThat(rows().count(MINE)).isZero();
    }

    @Test
    void list_sameTimes_areOrderedById() {
        List<FileRow> files = files(9);
        assertThat(rows().list(MINE, null, 0, 100)).isEqualTo(files);
    }

    @Test
    void list_byOffset_givesEveryRowOnce() {
        List<FileRow> files = files(9);
        for (int limit : new int[] {1, 2, 4, 9, 10}) {
            for (int offset = 0; offset <= 10; offset++) {
                int from = Math.min(offset, 9);
                assertThat(rows().list(MINE, null, offset, limit))
                        .containsExactlyElementsOf(files.subList(from, Math.min(from + limit, 9)));
            }
        }
        assertThat(rows().list(MINE, null, 1L + Integer.MAX_VALUE, 1)).isEmpty();
        assertThat(rows().list(MINE, null, Long.MAX_VALUE, 1)).isEmpty();
    }

    @Test
    void list_byPosition_givesEveryRowOnce() {
        List<FileRow> files = files(9);
        for (int limit : new int[] {1, 2, 4, 9, 10}) {
            List<FileRow> walked = new ArrayList<>();
            RowQuery.@Nullable Position after = null;
            List<FileRow> page;
            do {
                page = rows().list(MINE, after, 0, limit);
                walked.addAll(page);
                after = page.isEmpty() ? null : at(page.get(page.size() - 1));
            } while (after != null);
            assertThat(walked).isEqualTo(files);
        }
    }

    @Test
    void list_behindARowThatIsGone_goesOnWhereItWas() {
        List<FileRow> files = files(6);
        rows().remove(files.get(2));
        assertThat(rows().list(MINE, at(files.get(2)), 0, 10)).containsExactlyElementsOf(files.subList(3, 6));
    }

    @Test
    void list_ownerAndCategory_leaveOutAllOthers() {
        FileRow image = contract.available("a", "123", Category.IMAGE, NOW);
        FileRow video = contract.available("b", "123", Category.VIDEO, NOW.plusSeconds(1));
        FileRow foreign = contract.available("c", "456", Category.IMAGE, NOW.plusSeconds(2));
        assertList("123", null, video, image);
        assertList("123", Category.IMAGE, image);
        assertList("123", Category.VIDEO, video);
        assertList("123", Category.DOCUMENT);
        assertList("456", null, foreign);
        assertList("789", null);
        assertList(null, null, foreign, video, image);
        assertList(null, Category.IMAGE, foreign, image);
        assertList(null, new Category("imag"));
    }

    private void assertList(@Nullable String owner, @Nullable Category category, FileRow... expected) {
        RowQuery query = new RowQuery(owner, category, NOW);
        assertThat(rows().list(query, null, 0, 10)).containsExactly(expected);
        assertThat(rows().list(query, new RowQuery.Position(NOW.plusSeconds(9), Long.MAX_VALUE), 0, 10))
                .containsExactly(expected);
        assertThat(rows().count(query)).isEqualTo(expected.length);
    }

    @Test
    void list_ofAllOwners_isOrderedByIdAlone() {
        FileRow first = contract.available("a", "123", Category.IMAGE, NOW.plusSeconds(5));
        FileRow second = contract.available("b", "456", Category.IMAGE, NOW);
        FileRow third = contract.available("c", "123", Category.IMAGE, NOW.plusSeconds(2));
        RowQuery all = new RowQuery(null, null, NOW);
        assertThat(rows().list(all, null, 0, 10)).containsExactly(third, second, first);
        assertThat(rows().list(all, at(third), 0, 10)).containsExactly(second, first);
        assertThat(rows().list(all, null, 1, 1)).containsExactly(second);
        assertThat(rows().list(MINE, null, 0, 10)).containsExactly(first, third);
    }

    @Test
    void list_expiredFilesOfACategory_areNeitherPassedOverNorCounted() {
        List<FileRow> visible = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            FileRow row = with(
                    pending("key-" + i, "123", i % 2 == 0 ? Category.IMAGE : Category.VIDEO, NOW.minusSeconds(i)),
                    FileState.AVAILABLE,
                    i % 3 == 0 ? NOW : null,
                    i % 3 == 0 ? NOW : null);
            FileRow inserted = contract.inserted(row);
            if (i % 2 == 0 && i % 3 != 0) {
                visible.add(inserted);
            }
        }
        RowQuery images = new RowQuery("123", Category.IMAGE, NOW);
        for (int offset = 0; offset <= visible.size(); offset++) {
            assertThat(rows().list(images, null, offset, 2))
                    .isEqualTo(visible.subList(offset, Math.min(offset + 2, visible.size())));
        }
        assertThat(rows().count(images)).isEqualTo(4);
        assertThat(rows().count(MINE)).isEqualTo(8);
    }

    @Test
    void list_expiredFiles_areLeftOut() {
        FileRow forever = contract.available("a", "123", Category.IMAGE, NOW.minusSeconds(1));
        FileRow ends =
                contract.inserted(with(pending("b"), FileState.AVAILABLE, NOW.plusNanos(1000), NOW.plusNanos(1000)));
        contract.inserted(with(pending("c"), FileState.AVAILABLE, NOW, NOW));
        contract.inserted(with(pending("d"), FileState.AVAILABLE, NOW.minusSeconds(1), NOW.minusSeconds(1)));
        assertList("123", null, ends, forever);
    }

    @Test
    void list_otherStates_areLeftOut() {
        for (FileState state : FileState.values()) {
            contract.inserted(with(pending(state.name()), state, NOW, null));
        }
        assertThat(rows().list(MINE, null, 0, 10)).extracting(FileRow::state).containsExactly(FileState.AVAILABLE);
        assertThat(rows().count(MINE)).isOne();
    }

    @Test
    void list_manyRows_isWalkedToTheEnd() {
        List<FileRow> files = files(1_101);
        assertThat(rows().count(MINE)).isEqualTo(1_101);
        assertThat(rows().list(MINE, null, 0, 1_001)).isEqualTo(files.subList(0, 1_001));
        assertThat(rows().list(MINE, at(files.get(1_000)), 0, 1_001)).isEqualTo(files.subList(1_001, 1_101));
        assertThat(rows().list(MINE, null, 1_000, 1_001)).isEqualTo(files.subList(1_000, 1_101));
        List<FileRow> oldestFirst = new ArrayList<>(rows().list(MINE, null, 0, 2_000));
        Collections.reverse(oldestFirst);
        assertThat(oldestFirst).isSortedAccordingTo((a, b) -> a.uploadedAt().compareTo(b.uploadedAt()));
    }
}
