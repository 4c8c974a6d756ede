package dev.filestore;

import static dev.filestore.MetadataRepositoryContract.NOW;
import static dev.filestore.MetadataRepositoryContract.SHA256;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for files that are older than the repository, where that is {@link AdoptedRows}. */
abstract class MetadataAdoptContract {

    private static final Instant LONG_AGO = Instant.parse("1999-12-31T23:59:59.999999Z");

    private final MetadataRepositoryContract contract;

    MetadataAdoptContract(MetadataRepositoryContract contract) {
        this.contract = contract;
    }

    private MetadataRepository rows() {
        return contract.repository();
    }

    private AdoptedRows adopted() {
        assertThat(rows()).isInstanceOf(AdoptedRows.class);
        return (AdoptedRows) rows();
    }

    /** A row of a file that came long ago, with something in every column. */
    private static FileRow old(long id, String key) {
        return new FileRow(
                id,
                7,
                FileState.AVAILABLE,
                NOW.plus(Duration.ofDays(2)),
                0,
                "123",
                key,
                "옛 파일.pdf",
                12_345_678_901L,
                "application/pdf",
                Category.DOCUMENT,
                SHA256,
                "\"9b2cf535f27731c974343645a3985328-3\"",
                URI.create("https://not.looked.at/"),
                URI.create("https://cdn.example/a"),
                LONG_AGO,
                NOW.plus(Duration.ofDays(1)),
                PendingEvents.NONE);
    }

    /** An id that no row has had. */
    private long freshId() {
        FileRow last = contract.inserted(MetadataRepositoryContract.pending("the last"));
        assertThat(rows().remove(last)).isTrue();
        return last.id() + 1_000;
    }

    private static @Nullable URI noUrl(long id) {
        return null;
    }

    private static URI url(long id) {
        return URI.create("https://bucket.example/" + id);
    }

    private long count(String owner) {
        return rows().count(new RowQuery(owner, null, NOW));
    }

    @Test
    void insertAdopted_noId_givesANewOneAndItsUrl() {
        FileRow inserted =
                adopted().insertAdopted(old(0, "a"), MetadataAdoptContract::url).orElseThrow();
        assertThat(inserted.id()).isPositive();
        assertThat(inserted)
                .isEqualTo(old(0, "a").withIdentity(inserted.id(), 0).withUrl(url(inserted.id())));
        contract.assertUnchanged(inserted);
        assertThat(rows().findByKey("a")).contains(inserted);
    }

    @Test
    void insertAdopted_id_keepsIt() {
        long id = freshId();
        FileRow inserted = adopted()
                .insertAdopted(old(id, "a"), MetadataAdoptContract::url)
                .orElseThrow();
        assertThat(inserted).isEqualTo(old(id, "a").withIdentity(id, 0).withUrl(url(id)));
        contract.assertUnchanged(inserted);
        assertThat(rows().findByKey("a")).contains(inserted);
    }

    @Test
    void insertAdopted_noUrlNoExpiry_areNull() {
        FileRow bare = MetadataRepositoryContract.with(
                MetadataRepositoryContract.pending("a"), FileState.AVAILABLE, null, null);
        FileRow inserted = adopted()
                .insertAdopted(bare.withIdentity(freshId(), 0), MetadataAdoptContract::noUrl)
                .orElseThrow();
        assertThat(inserted.url()).isNull();
        contract.assertUnchanged(inserted);
        FileRow another = adopted()
                .insertAdopted(
                        MetadataRepositoryContract.with(
                                MetadataRepositoryContract.pending("b"), FileState.AVAILABLE, null, null),
                        MetadataAdoptContract::noUrl)
                .orElseThrow();
        assertThat(another.url()).isNull();
        contract.assertUnchanged(another);
    }

    @Test
    void insertAdopted_row_isListedCountedChangedAndRemoved() {
        FileRow row = adopted()
                .insertAdopted(old(freshId(), "a"), MetadataAdoptContract::noUrl)
                .orElseThrow();
        assertThat(count("123")).isOne();
        assertThat(rows().list(new RowQuery("123", Category.DOCUMENT, NOW), null, 0, 10))
                .containsExactly(row);
        FileRow changed = rows().compareAndSet(row.withDueAt(null)).orElseThrow();
        assertThat(changed.version()).isOne();
        assertThat(rows().remove(changed)).isTrue();
        assertThat(count("123")).isZero();
    }

    @Test
    void insertAdopted_takenKey_isEmptyAndChangesNothing() {
        FileRow first = contract.inserted(MetadataRepositoryContract.pending("a"));
        assertThat(adopted().insertAdopted(old(0, "a"), MetadataAdoptContract::noUrl))
                .isEmpty();
        assertThat(adopted().insertAdopted(old(first.id() + 1_000, "a"), MetadataAdoptContract::noUrl))
                .isEmpty();
        contract.assertUnchanged(first);
        assertThat(rows().listByKey("", "", 10)).containsExactly(first);
    }

    @Test
    void insertAdopted_takenId_isEmptyAndChangesNothing() {
        FileRow first = contract.inserted(MetadataRepositoryContract.pending("a"));
        assertThat(adopted().insertAdopted(old(first.id(), "b"), MetadataAdoptContract::noUrl))
                .isEmpty();
        contract.assertUnchanged(first);
        assertThat(rows().listByKey("", "", 10)).containsExactly(first);
    }

    @Test
    void insertAdopted_byManyAtOnce_oneWins() throws Exception {
        long id = freshId();
        List<Callable<Optional<FileRow>>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            calls.add(() -> adopted().insertAdopted(old(id, "a"), MetadataAdoptContract::noUrl));
            calls.add(() -> adopted().insertAdopted(old(0, "a"), MetadataAdoptContract::noUrl));
        }
        List<FileRow> won = MetadataRepositoryContract.atOnce(calls).stream()
                .flatMap(Optional::stream)
                .toList();
        assertThat(won).hasSize(1);
        assertThat(rows().listByKey("", "", 10)).isEqualTo(won);
    }

    @Test
    void reserveIds_thenInsert_givesHigherIds() {
        long id = freshId();
        adopted().reserveIds(id);
        FileRow above = contract.inserted(MetadataRepositoryContract.pending("a"));
        assertThat(above.id()).isGreaterThan(id);
        assertThat(adopted().insertAdopted(old(id, "b"), MetadataAdoptContract::noUrl))
                .isPresent();
        assertThat(adopted().insertAdopted(old(id - 1, "c"), MetadataAdoptContract::noUrl))
                .isPresent();
        assertThat(contract.inserted(MetadataRepositoryContract.pending("d")).id())
                .isGreaterThan(above.id());
    }

    @Test
    void reserveIds_below_changesNothing() {
        long id = freshId();
        adopted().reserveIds(id);
        FileRow first = contract.inserted(MetadataRepositoryContract.pending("a"));
        assertThat(rows().remove(first)).isTrue();
        adopted().reserveIds(id);
        adopted().reserveIds(1);
        assertThat(contract.inserted(MetadataRepositoryContract.pending("b")).id())
                .isGreaterThan(first.id());
    }

    @Test
    void reserveIds_whileOthersInsert_givesEachIdOnce() throws Exception {
        long id = freshId();
        List<Callable<Long>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String key = "key-" + i;
            long wanted = id + 10L * i;
            calls.add(() -> {
                if (wanted % 20 == id % 20) {
                    adopted().reserveIds(wanted);
                    return -1L;
                }
                return contract.inserted(MetadataRepositoryContract.pending(key))
                        .id();
            });
        }
        List<Long> ids = MetadataRepositoryContract.atOnce(calls).stream()
                .filter(given -> given > 0)
                .toList();
        assertThat(ids).hasSize(5);
        assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
        assertThat(contract.inserted(MetadataRepositoryContract.pending("after"))
                        .id())
                .isGreaterThan(id + 80);
    }
}
