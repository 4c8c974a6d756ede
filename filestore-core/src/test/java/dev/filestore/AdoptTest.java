package dev.filestore;

import static dev.filestore.AdoptFixture.KEY;
import static dev.filestore.AdoptFixture.LONG_AGO;
import static dev.filestore.AdoptFixture.request;
import static dev.filestore.Adoption.Kind.ADOPTABLE;
import static dev.filestore.Adoption.Kind.ADOPTED;
import static dev.filestore.Adoption.Kind.ADOPTED_BEFORE;
import static dev.filestore.Adoption.Kind.CHANGED;
import static dev.filestore.Adoption.Kind.EMPTY;
import static dev.filestore.Adoption.Kind.EXPIRED;
import static dev.filestore.Adoption.Kind.HEADERS_NOT_SAFE;
import static dev.filestore.Adoption.Kind.ID_TAKEN;
import static dev.filestore.Adoption.Kind.INFECTED;
import static dev.filestore.Adoption.Kind.KEY_NOT_ALLOWED;
import static dev.filestore.Adoption.Kind.KEY_TAKEN;
import static dev.filestore.Adoption.Kind.OBJECT_MISSING;
import static dev.filestore.Adoption.Kind.SHA256_DIFFERS;
import static dev.filestore.Adoption.Kind.SIZE_DIFFERS;
import static dev.filestore.Adoption.Kind.TOO_LARGE;
import static dev.filestore.Adoption.Kind.TYPE_NOT_ALLOWED;
import static dev.filestore.StoreFixture.PDF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose bytes are there before their rows are. */
class AdoptTest {

    private final AdoptFixture old = new AdoptFixture();
    private final StoreFixture world = old.world;

    private static AdoptRequest named(String key, String name, @Nullable String contentType) {
        return new AdoptRequest(key, name, "123", 0, contentType, -1, null, null, null);
    }

    private void assertRefused(Adoption adoption, Adoption.Kind kind, String... words) {
        assertThat(adoption.kind()).isEqualTo(kind);
        assertThat(adoption.kind().isFine()).isFalse();
        assertThat(adoption.file()).isNull();
        assertThat(adoption.detail()).contains(words);
        assertThat(world.rows()).isEmpty();
    }

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
            assertRefused(old.store.adopt(request(), mode), OBJECT_MISSING, "no object");
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

    @Nested
    class Refused {

        @Test
        void adopt_otherSize_isRefusedUnread() {
            old.object(KEY, new byte[] {1});
            assertRefused(old.apply(request()), SIZE_DIFFERS, "1 bytes", PDF.length + " were recorded");
            assertThat(world.calls.made()).doesNotContain("open");
        }

        @Test
        void adopt_otherDigest_isRefused() {
            old.pdf();
            AdoptRequest request = new AdoptRequest(KEY, "a.pdf", "123", 0, null, -1, "AB".repeat(32), null, null);
            assertRefused(old.apply(request), SHA256_DIFFERS, "2b4a9cb", "abababab");
        }

        @Test
        void adopt_noBytes_isRefused() {
            old.object(KEY, new byte[0]);
            assertRefused(old.apply(AdoptRequest.of(KEY, "a.pdf", "123")), EMPTY, "0 bytes");
        }

        @Test
        void adopt_tooLarge_isRefusedAfterItsHead() {
            byte[] large = new byte[1_000];
            System.arraycopy(PDF, 0, large, 0, PDF.length);
            old.object(KEY, large);
            FileStore store = old.builder()
                    .policy(AllowedTypes.standardTypes().maxBytes(999).build())
                    .build();

            Adoption adoption = store.adopt(AdoptRequest.of(KEY, "a.pdf", "123"), Adoption.Mode.APPLY);

            assertRefused(adoption, TOO_LARGE, "1000 bytes", "999 are allowed for application/pdf");
        }

        @ParameterizedTest
        @CsvSource({"a.html, text/html", "a.png, image/png", "a, image/png", "a,", "a.html, application/pdf"})
        void adopt_typeOfNameOrBytes_isRefused(String name, @Nullable String recorded) {
            old.pdf();
            assertRefused(old.apply(named(KEY, name, recorded)), TYPE_NOT_ALLOWED, "llowed");
        }

        @Test
        void adopt_endThatSpeaksAgainstIt_isRefused() {
            byte[] bytes = new byte[100_000];
            bytes[99_999] = 7;
            old.object(KEY, bytes);
            MimePolicy policy = (name, declared, head) -> new MimePolicy.AcceptedSoFar(
                    new MimePolicy.Accepted("image/png", Category.IMAGE, 1_000_000), (end, size) -> {
                        assertThat(size).isEqualTo(100_000);
                        assertThat(end).hasSize(MimePolicy.END_BYTES).endsWith(7);
                        return Optional.of(new MimePolicy.Refused("not with that end"));
                    });
            FileStore store = old.builder().policy(policy).build();

            Adoption adoption = store.adopt(AdoptRequest.of(KEY, "a.png", "123"), Adoption.Mode.APPLY);

            assertRefused(adoption, TYPE_NOT_ALLOWED, "not with that end");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void adopt_infected_isRefused(boolean atEnd) {
            old.pdf();
            ProbeScanner scanner = new ProbeScanner();
            FileStore store = old.builder()
                    .scanner(atEnd ? scanner.findingAtEnd() : scanner.findingAfter(1))
                    .build();
            assertRefused(store.adopt(request(), Adoption.Mode.APPLY), INFECTED, ProbeScanner.FOUND);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/a.pdf", "a//b.pdf", "a/../b.pdf", "a/", "a\\b.pdf", "a\u0007.pdf", "e\u0301.pdf"})
        void adopt_keyOfAnotherForm_isRefusedAndNothingAsked(String key) {
            assertRefused(old.apply(AdoptRequest.of(key, "a.pdf", "123")), KEY_NOT_ALLOWED, "single slashes");
            assertThat(world.calls.made()).isEmpty();
        }

        @Test
        void adopt_expired_isRefused() {
            old.pdf();
            AdoptRequest request =
                    new AdoptRequest(KEY, "a.pdf", "123", 0, null, -1, null, null, world.clock.instant());
            assertRefused(old.apply(request), EXPIRED, "2026-02-26T14:30:22.123456Z");
        }

        @Test
        void adopt_comesFromTheFuture_isMisuse() {
            old.pdf();
            Instant soon = world.clock.instant().plus(Duration.ofMinutes(6));
            AdoptRequest request = new AdoptRequest(KEY, "a.pdf", "123", 0, null, -1, null, soon, null);
            assertThatIllegalArgumentException().isThrownBy(() -> old.apply(request));
            assertThat(world.rows()).isEmpty();
        }

        @Test
        void request_outOfRange_isMisuse() {
            Instant before = Instant.EPOCH.minusMillis(1);
            assertThatIllegalArgumentException().isThrownBy(() -> AdoptRequest.of("a", "a", ""));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AdoptRequest("a", "a", "1", -1, null, -1, null, null, null));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AdoptRequest("a", "a", "1", 0, null, -2, null, null, null));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AdoptRequest("a", "a", "1", 0, null, -1, "abc", null, null));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AdoptRequest("a", "a", "1", 0, null, -1, null, before, null));
            assertThatIllegalArgumentException().isThrownBy(() -> old.store.reserveIds(0));
        }

        @Test
        void adopt_repositoryThatCannot_isMisuse() {
            FileStore store = old.builder()
                    .metadata(new ForwardingMetadata(world.metadata))
                    .build();
            assertThatIllegalStateException().isThrownBy(() -> store.adopt(request(), Adoption.Mode.LOOK));
            assertThatIllegalStateException().isThrownBy(() -> store.reserveIds(1));
        }
    }

    @Nested
    class Headers {

        private Adoption.Kind kind(FileStore store, String contentType, String contentDisposition) {
            old.headers = new ObjectHeaders(contentType, contentDisposition);
            return store.adopt(request(), Adoption.Mode.READ).kind();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                nullValues = "-",
                value = {
                    "text/html              | ''                 | false | false",
                    "TEXT/HTML; charset=x   | inline             | false | false",
                    "text/html              | attachment         | true  | true",
                    "text/html              | Attachment ; a=b   | true  | true",
                    "text/html              | attachments        | false | false",
                    "image/svg+xml          | ''                 | false | false",
                    "application/xhtml+xml  | ''                 | false | false",
                    "text/javascript        | ''                 | false | false",
                    "''                     | ''                 | false | false",
                    "; charset=utf-8        | ''                 | false | false",
                    "image/png, text/html   | ''                 | false | false",
                    "binary/octet-stream    | ''                 | true  | true",
                    "application/octet-stream | inline           | true  | true",
                    "image/png              | ''                 | true  | true",
                    "application/pdf        | ''                 | true  | false",
                    "application/pdf        | attachment         | true  | true",
                    "text/plain             | ''                 | true  | false",
                })
        void adopt_headersOfTheObject_areSafeForThoseWhoReadItPastUs(
                String contentType, String contentDisposition, boolean signedByTheStore, boolean signedElsewhere) {
            old.pdf();
            UrlSigner elsewhere = new UrlSigner() {
                @Override
                public URI locate(long id, String key) {
                    return URI.create("https://signed.example/" + id);
                }

                @Override
                public SignedUrl sign(StoredFile file, ObjectHeaders headers, Instant now, Instant expiresAt) {
                    return new SignedUrl(locate(file.id(), file.key()), expiresAt);
                }
            };
            assertThat(kind(old.store, contentType, contentDisposition))
                    .isEqualTo(signedByTheStore ? ADOPTABLE : HEADERS_NOT_SAFE);
            for (FileStore store : List.of(
                    old.builder().urls(elsewhere).build(),
                    old.builder()
                            .cdn(key -> URI.create("https://cdn.example/a"))
                            .build())) {
                assertThat(kind(store, contentType, contentDisposition))
                        .isEqualTo(signedElsewhere ? ADOPTABLE : HEADERS_NOT_SAFE);
            }
        }

        @Test
        void adopt_typeThatTheHostShows_isSafeAtTheCdn() {
            old.pdf();
            FileStore store = old.builder()
                    .inline(Set.of("application/pdf"))
                    .cdn(key -> URI.create("https://cdn.example/a"))
                    .build();
            assertThat(kind(store, "application/pdf", "")).isEqualTo(ADOPTABLE);
        }

        @Test
        void adopt_unsafeHeaders_saysWhatTheyAre() {
            old.pdf();
            old.headers = new ObjectHeaders("text/\u0007html", "");
            assertRefused(old.apply(request()), HEADERS_NOT_SAFE, "text/?html", "Content-Disposition: attachment");
        }
    }

    @Nested
    class Failing {

        static Stream<Arguments> faults() {
            return Stream.of("findByKey", "find", "describe", "open", "reserveIds", "insertAdopted")
                    .flatMap(call -> Stream.of(SpiCalls.Fault.values()).map(fault -> Arguments.of(call, fault)));
        }

        @ParameterizedTest
        @MethodSource("faults")
        void adopt_anyCallFails_canBeRepeatedAndLosesNothing(String call, SpiCalls.Fault fault) throws IOException {
            old.pdf();
            world.calls.fail(call, fault);

            assertThat(catchThrowable(() -> old.apply(request()))).isInstanceOf(FileStoreException.class);

            boolean isThere = call.equals("insertAdopted") && fault == SpiCalls.Fault.AFTER;
            assertThat(world.rows()).hasSize(isThere ? 1 : 0);
            old.assertNothingIsLost(PDF, KEY);
            assertThat(old.apply(request()).kind()).isEqualTo(isThere ? ADOPTED_BEFORE : ADOPTED);
            old.assertNothingIsLost(PDF, KEY);
            assertThat(old.store.verify(4711)).isEqualTo(Verification.INTACT);
        }

        @Test
        void adopt_objectIsReplacedMeanwhile_fails() {
            old.pdf();
            old.beforeOpen = () -> {
                world.storage.delete(KEY);
                old.pdf();
            };

            assertThatExceptionOfType(StorageException.class)
                    .isThrownBy(() -> old.apply(request()))
                    .withMessageContaining("meanwhile");
            assertThat(world.rows()).isEmpty();
        }

        @Test
        void adopt_interrupted_failsAndLeavesTheFlag() {
            old.pdf();
            Thread.currentThread().interrupt();

            Throwable thrown = catchThrowable(() -> old.apply(request()));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(thrown).isInstanceOf(StorageException.class);
            assertThat(world.rows()).isEmpty();
        }

        @Test
        void adopt_scannerFails_isUnknown() {
            old.pdf();
            ProbeScanner scanner = new ProbeScanner().at(ProbeScanner.Call.END, () -> {
                throw new IllegalStateException("no answer");
            });
            FileStore store = old.builder().scanner(scanner).build();

            assertThatExceptionOfType(ScanException.class)
                    .isThrownBy(() -> store.adopt(request(), Adoption.Mode.APPLY));
            assertThat(world.rows()).isEmpty();
        }

        @Test
        void adopt_bytesOfAnotherLengthThanTold_fails() {
            for (byte[] other : List.of("%PDF-1.7".getBytes(StandardCharsets.US_ASCII), new byte[9_000], new byte[0])) {
                AdoptFixture world = new AdoptFixture();
                world.pdf();
                StorageBackend liar = new OtherBytes(world, other);
                FileStore store =
                        world.builder().storage(liar).policy(anything()).build();

                assertThatExceptionOfType(StorageException.class)
                        .isThrownBy(() -> store.adopt(request(), Adoption.Mode.APPLY))
                        .withMessageContaining(PDF.length + " bytes, and gives");
                assertThat(world.world.rows()).isEmpty();
            }
        }

        private static MimePolicy anything() {
            return (name, declared, head) -> new MimePolicy.Accepted("application/pdf", Category.DOCUMENT, 1_000_000);
        }
    }

    /** A storage that tells of one object, and gives the bytes of another. */
    private static final class OtherBytes extends ForwardingStorage {

        private final byte[] bytes;

        OtherBytes(AdoptFixture old, byte[] bytes) {
            super(old.world.storage);
            this.bytes = bytes;
        }

        @Override
        public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
            return Optional.of(new ByteArrayInputStream(bytes));
        }
    }
}
