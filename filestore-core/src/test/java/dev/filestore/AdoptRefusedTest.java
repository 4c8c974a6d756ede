package dev.filestore;

import static dev.filestore.AdoptFixture.KEY;
import static dev.filestore.AdoptFixture.named;
import static dev.filestore.AdoptFixture.request;
import static dev.filestore.Adoption.Kind.ADOPTABLE;
import static dev.filestore.Adoption.Kind.EMPTY;
import static dev.filestore.Adoption.Kind.EXPIRED;
import static dev.filestore.Adoption.Kind.HEADERS_NOT_SAFE;
import static dev.filestore.Adoption.Kind.INFECTED;
import static dev.filestore.Adoption.Kind.KEY_NOT_ALLOWED;
import static dev.filestore.Adoption.Kind.SHA256_DIFFERS;
import static dev.filestore.Adoption.Kind.SIZE_DIFFERS;
import static dev.filestore.Adoption.Kind.TOO_LARGE;
import static dev.filestore.Adoption.Kind.TYPE_NOT_ALLOWED;
import static dev.filestore.StoreFixture.PDF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a file whose bytes are there cannot be one of the store. */
class AdoptRefusedTest {

    private final AdoptFixture old = new AdoptFixture();
    private final StoreFixture world = old.world;

    @Nested
    class Refused {

        @Test
        void adopt_otherSize_isRefusedUnread() {
            old.object(KEY, new byte[] {1});
            old.assertRefused(old.apply(request()), SIZE_DIFFERS, "1 bytes", PDF.length + " were recorded");
            assertThat(world.calls.made()).doesNotContain("open");
        }

        @Test
        void adopt_otherDigest_isRefused() {
            old.pdf();
            AdoptRequest request = new AdoptRequest(KEY, "a.pdf", "123", 0, null, -1, "AB".repeat(32), null, null);
            old.assertRefused(old.apply(request), SHA256_DIFFERS, "2b4a9cb", "abababab");
        }

        @Test
        void adopt_noBytes_isRefused() {
            old.object(KEY, new byte[0]);
            old.assertRefused(old.apply(AdoptRequest.of(KEY, "a.pdf", "123")), EMPTY, "0 bytes");
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

            old.assertRefused(adoption, TOO_LARGE, "1000 bytes", "999 are allowed for application/pdf");
        }

        @ParameterizedTest
        @CsvSource({"a.html, text/html", "a.png, image/png", "a, image/png", "a,", "a.html, application/pdf"})
        void adopt_typeOfNameOrBytes_isRefused(String name, @Nullable String recorded) {
            old.pdf();
            old.assertRefused(old.apply(named(KEY, name, recorded)), TYPE_NOT_ALLOWED, "llowed");
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

            old.assertRefused(adoption, TYPE_NOT_ALLOWED, "not with that end");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void adopt_infected_isRefused(boolean atEnd) {
            old.pdf();
            ProbeScanner scanner = new ProbeScanner();
            FileStore store = old.builder()
                    .scanner(atEnd ? scanner.findingAtEnd() : scanner.findingAfter(1))
                    .build();
            old.assertRefused(store.adopt(request(), Adoption.Mode.APPLY), INFECTED, ProbeScanner.FOUND);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/a.pdf", "a//b.pdf", "a/../b.pdf", "a/", "a\\b.pdf", "a\u0007.pdf", "e\u0301.pdf"})
        void adopt_keyOfAnotherForm_isRefusedAndNothingAsked(String key) {
            old.assertRefused(old.apply(AdoptRequest.of(key, "a.pdf", "123")), KEY_NOT_ALLOWED, "single slashes");
            assertThat(world.calls.made()).isEmpty();
        }

        @Test
        void adopt_expired_isRefused() {
            old.pdf();
            AdoptRequest request =
                    new AdoptRequest(KEY, "a.pdf", "123", 0, null, -1, null, null, world.clock.instant());
            old.assertRefused(old.apply(request), EXPIRED, "2026-02-26T14:30:22.123456Z");
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
            // Above such an id there would be none for new files.
            assertThatIllegalArgumentException().isThrownBy(() -> old.store.reserveIds(Long.MAX_VALUE));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AdoptRequest("a", "a", "1", Long.MAX_VALUE, null, -1, null, null, null));
            assertThat(world.calls.made()).isEmpty();
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
            old.assertRefused(old.apply(request()), HEADERS_NOT_SAFE, "text/?html", "Content-Disposition: attachment");
        }
    }
}
