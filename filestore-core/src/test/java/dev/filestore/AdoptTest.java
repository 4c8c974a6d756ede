package dev.filestore;

import static dev.filestore.AdoptFixture.KEY;
import static dev.filestore.AdoptFixture.LONG_AGO;
import static dev.filestore.AdoptFixture.named;
import static dev.filestore.AdoptFixture.request;
import static dev.filestore.Adoption.Kind.ADOPTABLE;
import static dev.filestore.Adoption.Kind.ADOPTED;
import static dev.filestore.Adoption.Kind.ADOPTED_BEFORE;
import static dev.filestore.Adoption.Kind.CHANGED;
import static dev.filestore.Adoption.Kind.ID_TAKEN;
import static dev.filestore.Adoption.Kind.KEY_TAKEN;
import static dev.filestore.Adoption.Kind.OBJECT_MISSING;
import static dev.filestore.StoreFixture.PDF;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files whose bytes are there before their rows are. */
class AdoptTest {

    private final AdoptFixture old = new AdoptFixture();
    private final StoreFixture world = old.world;

    @Nested
    class Apply {

        @Test
        void adopt_soundObject_isAFileWithAllThatWasKnownOfIt() {
            String tag = old.pdf();

            Adoption adoption = old.apply(request());

            assertThat(adoption.kind()).isEqualTo(ADOPTED);
            assertThat(adoption.detail()).isEmpty();
            assertThat(adoption.file())
                    .isEqualTo(new StoredFile(
                            4711,
                            "123",
                            KEY,
                            "보고서.pdf",
                            PDF.length,
                            "application/pdf",
                            Category.DOCUMENT,
                            "2b4a9cbce74363c0b52b807f8d27e0e3afea242ff0d7107761306a8fe7496f68",
                            URI.create("https://app.example/api/files/4711/content"),
                            null,
                            LONG_AGO,
                            null));
            assertThat(old.store.find(4711)).contains(adoption.file());
            assertThat(world.read(4711)).isEqualTo(PDF);
            FileRow row = world.rows().get(0);
            assertThat(row.state()).isEqualTo(FileState.AVAILABLE);
            assertThat(row.dueAt()).isNull();
            assertThat(row.objectTag()).isEqualTo(tag);
        }

        @Test
        void adopt_soundObject_isReadOnceAndCostsOneInsert() {
            old.pdf();

            old.apply(request());

            assertThat(world.calls.made())
                    .containsExactly("findByKey", "find", "describe", "open", "reserveIds", "insertAdopted");
        }

        @Test
        void adopt_nothingButKeyNameAndOwner_givesAnIdAndTheTimeOfTheObject() {
            old.pdf();
            world.clock.advance(Duration.ofDays(3));

            StoredFile file = old.apply(AdoptRequest.of(KEY, "보고서.pdf", "123")).file();

            assertThat(file).isNotNull();
            assertThat(file.id()).isPositive();
            assertThat(file.url()).hasToString("https://app.example/api/files/" + file.id() + "/content");
            assertThat(file.uploadedAt()).isEqualTo(world.clock.instant().minus(Duration.ofDays(3)));
            assertThat(old.store.find(file.id())).contains(file);
        }

        @ParameterizedTest
        @CsvSource({"P1D", "P-30000D"})
        void adopt_timeOfTheObjectCannotBe_isTheNearestThatCan(Duration off) {
            world.clock.advance(off);
            old.pdf();
            world.clock.advance(off.negated());

            StoredFile file = old.apply(AdoptRequest.of(KEY, "보고서.pdf", "123")).file();

            assertThat(file)
                    .extracting(StoredFile::uploadedAt)
                    .isEqualTo(off.isNegative() ? Instant.EPOCH : world.clock.instant());
            assertThat(old.apply(AdoptRequest.of(KEY, "보고서.pdf", "123")).kind()).isEqualTo(ADOPTED_BEFORE);
        }

        @Test
        void adopt_withCdn_recordsItsAddress() {
            old.pdf();
            FileStore store = old.builder()
                    .cdn(key -> URI.create("https://cdn.example/a"))
                    .build();

            Adoption adoption = store.adopt(request(), Adoption.Mode.APPLY);

            assertThat(adoption.file()).extracting(StoredFile::cdnUrl).hasToString("https://cdn.example/a");
        }

        @Test
        void adopt_expiry_isKeptAndSwept() {
            old.pdf();
            Instant end = world.clock.instant().plus(Duration.ofHours(1));
            old.apply(new AdoptRequest(KEY, "a.pdf", "123", 0, null, -1, null, null, end));
            assertThat(world.rows().get(0).dueAt()).isEqualTo(end.plus(FileRow.EXPIRY_MARGIN));

            world.clock.advance(Duration.ofHours(2));
            old.store.sweep();

            world.assertNothingLeft();
        }

        @Test
        void adopt_nameWithPathAndDirection_isCleaned() {
            old.pdf();

            Adoption adoption = old.apply(AdoptRequest.of(KEY, "C:\\docs\\in\u202evoice .pdf ", "123"));

            assertThat(adoption.file()).extracting(StoredFile::originalFilename).isEqualTo("invoice .pdf");
        }

        @ParameterizedTest
        @CsvSource({
            "a.pdf, image/jpg",
            "a.pdf, text/html",
            "a.pdf, application/octet-stream",
            "a.pdf,",
            "a, application/pdf"
        })
        void adopt_recordedType_helpsOrIsPassedOver(String name, @Nullable String recorded) {
            old.pdf();

            Adoption adoption = old.apply(named(KEY, name, recorded));

            assertThat(adoption.file()).extracting(StoredFile::contentType).isEqualTo("application/pdf");
        }

        @Test
        void adopt_listener_hearsNothing() {
            List<String> heard = new ArrayList<>();
            FileStoreListener listener = new FileStoreListener() {
                @Override
                public void stored(FileEvent event) {
                    heard.add("stored");
                }
            };
            old.pdf();
            FileStore store = old.builder()
                    .listener(listener)
                    .listenerExecutor(Runnable::run)
                    .build();

            store.adopt(request(), Adoption.Mode.APPLY);
            store.sweep();

            assertThat(heard).isEmpty();
            assertThat(world.rows()).hasSize(1);
        }

        @Test
        void adopt_uploadMeanwhile_isNotGivenAReservedId() {
            old.pdf();
            old.store.reserveIds(5_000);

            StoredFile upload = old.store.upload(StoreFixture.pdf("123"));
            Adoption adoption = old.apply(request());

            assertThat(upload.id()).isGreaterThan(5_000);
            assertThat(adoption.kind()).isEqualTo(ADOPTED);
            assertThat(world.calls.made().stream().filter("reserveIds"::equals)).hasSize(1);
        }

        @Test
        void adopt_adoptedFile_isDeletedAsAnyOther() {
            old.pdf();
            old.apply(request());

            old.store.as(Caller.user("123")).delete(4711);

            world.assertNothingLeft();
        }

        @Test
        void adopt_adoptedFile_isSoundToAnAudit() {
            old.pdf();
            old.apply(request());
            world.clock.advance(Duration.ofDays(2));

            assertThat(old.store.audit(Audit.of("")).isClean()).isTrue();
            assertThat(old.store.verify(4711)).isEqualTo(Verification.INTACT);
        }
    }

    @Nested
    class DryRun {

        @Test
        void adopt_read_tellsTheFileAndWritesNothing() {
            old.pdf();

            Adoption adoption = old.store.adopt(request(), Adoption.Mode.READ);

            assertThat(adoption.kind()).isEqualTo(ADOPTABLE);
            assertThat(adoption.file()).isNotNull();
            assertThat(world.calls.made()).containsExactly("findByKey", "find", "describe", "open");
            assertThat(world.rows()).isEmpty();
            assertThat(old.apply(request()).file()).isEqualTo(adoption.file());
        }

        @Test
        void adopt_look_readsNoByte() {
            old.object(KEY, new byte[] {1, 2, 3});

            Adoption adoption = old.store.adopt(AdoptRequest.of(KEY, "a.pdf", "123"), Adoption.Mode.LOOK);

            assertThat(adoption).isEqualTo(new Adoption(ADOPTABLE, null, ""));
            assertThat(world.calls.made()).containsExactly("findByKey", "describe");
        }

        @ParameterizedTest
        @EnumSource(Adoption.Mode.class)
        void adopt_missingObject_isToldInEveryMode(Adoption.Mode mode) {
            old.assertRefused(old.store.adopt(request(), mode), OBJECT_MISSING, "no object");
        }
    }

    @Nested
    class Again {

        private void assertAgain(AdoptRequest request, Adoption.Kind kind) {
            List<FileRow> rows = world.rows();
            world.calls.clear();
            assertThat(old.apply(request).kind()).isEqualTo(kind);
            assertThat(world.calls.made()).doesNotContain("open", "insertAdopted");
            assertThat(world.rows()).isEqualTo(rows);
        }

        @Test
        void adopt_same_isThereAlreadyAndNotReadAgain() {
            old.pdf();
            StoredFile file = old.apply(request()).file();

            assertAgain(request(), ADOPTED_BEFORE);
            assertAgain(AdoptRequest.of(KEY, "보고서.pdf", "123"), ADOPTED_BEFORE);
            assertThat(old.apply(request()).file()).isEqualTo(file);
        }

        static Stream<AdoptRequest> others() {
            String sha256 = "0".repeat(64);
            return Stream.of(
                    new AdoptRequest(KEY, "보고서.pdf", "124", 0, null, -1, null, null, null),
                    new AdoptRequest(KEY, "other.pdf", "123", 0, null, -1, null, null, null),
                    new AdoptRequest(KEY, "보고서.pdf", "123", 0, null, 1, null, null, null),
                    new AdoptRequest(KEY, "보고서.pdf", "123", 0, null, -1, sha256, null, null),
                    new AdoptRequest(KEY, "보고서.pdf", "123", 0, null, -1, null, LONG_AGO.plusSeconds(1), null));
        }

        @ParameterizedTest
        @MethodSource("others")
        void adopt_somethingElseIsRecorded_isAChange(AdoptRequest other) {
            old.pdf();
            old.apply(request());

            assertAgain(other, CHANGED);
        }

        @Test
        void adopt_objectWasReplaced_isAChange() {
            old.pdf();
            old.apply(request());
            world.storage.delete(KEY);
            old.pdf();

            assertAgain(request(), CHANGED);
        }

        @Test
        void adopt_objectIsGone_isMissing() {
            old.pdf();
            old.apply(request());
            world.storage.delete(KEY);

            assertAgain(request(), OBJECT_MISSING);
        }

        @Test
        void adopt_keyOfAnotherId_isTaken() {
            old.pdf();
            old.apply(request());

            assertAgain(new AdoptRequest(KEY, "보고서.pdf", "123", 4712, null, -1, null, null, null), KEY_TAKEN);
        }

        @Test
        void adopt_keyOfAnUploadUnderWay_isTaken() {
            old.pdf();
            world.metadata.insert(MetadataRepositoryContract.pending(KEY));

            assertAgain(request(), KEY_TAKEN);
        }

        @Test
        void adopt_idOfAnotherFile_isTaken() {
            old.pdf();
            long id = old.store.upload(StoreFixture.pdf("123")).id();

            assertAgain(new AdoptRequest(KEY, "보고서.pdf", "123", id, null, -1, null, null, null), ID_TAKEN);
        }

        @Test
        void adopt_anotherWasQuicker_isThereAlready() {
            old.pdf();
            old.beforeInsert = () -> {
                old.beforeInsert = () -> {};
                old.apply(request());
            };

            assertThat(old.apply(request()).kind()).isEqualTo(ADOPTED_BEFORE);
            assertThat(world.rows()).hasSize(1);
        }

        @Test
        void adopt_anotherTookTheIdMeanwhile_isTaken() {
            old.pdf();
            old.object("other", PDF);
            old.beforeInsert = () -> {
                old.beforeInsert = () -> {};
                old.apply(new AdoptRequest("other", "a.pdf", "123", 4711, null, -1, null, null, null));
            };

            assertThat(old.apply(request()).kind()).isEqualTo(ID_TAKEN);
        }
    }
}
