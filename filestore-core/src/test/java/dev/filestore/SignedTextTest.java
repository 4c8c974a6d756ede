package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store signs and takes back: cursors and addresses, and the code under both. */
class SignedTextTest {

    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final Mac MAC = Mac.of(List.of(SECRET));

    @Nested
    class Codes {

        @Test
        void sign_sameFields_isTheSameUnderTheSameSecret() {
            String signature = MAC.sign("purpose", "a", "b");
            assertThat(signature)
                    .matches("[A-Za-z0-9_-]{43}")
                    .isEqualTo(Mac.of(List.of(SECRET)).sign("purpose", "a", "b"));
            assertThat(MAC.verify(signature, "purpose", "a", "b")).isTrue();
        }

        @Test
        void sign_fieldsThatWouldRunIntoEachOther_differ() {
            assertThat(List.of(
                            MAC.sign("p", "ab", "c"),
                            MAC.sign("p", "a", "bc"),
                            MAC.sign("p", "abc"),
                            MAC.sign("pa", "bc"),
                            MAC.sign("p", "abc", ""),
                            MAC.sign("p", "", "abc"),
                            MAC.sign("p"),
                            MAC.sign("")))
                    .doesNotHaveDuplicates();
        }

        @Test
        void verify_anythingElse_isFalse() {
            String signature = MAC.sign("p", "a");
            assertThat(MAC.verify(signature, "q", "a")).isFalse();
            assertThat(MAC.verify(signature, "p", "b")).isFalse();
            assertThat(MAC.verify(signature + "=", "p", "a")).isFalse();
            assertThat(MAC.verify(signature.substring(1), "p", "a")).isFalse();
            assertThat(MAC.verify("", "p", "a")).isFalse();
            assertThat(MAC.verify("\ud800", "p", "a")).isFalse();
            assertThat(Mac.of(List.of()).verify(signature, "p", "a")).isFalse();
        }

        @Test
        void of_noSecret_isAnotherOneEachTime() {
            assertThat(Mac.of(List.of()).sign("p"))
                    .isNotEqualTo(Mac.of(List.of()).sign("p"));
        }
    }

    @Nested
    class Cursor {

        private final Cursors cursors = new Cursors(MAC);
        private final FileQuery query = FileQuery.of("bob").withCategory(Category.IMAGE);
        private final RowQuery.Position position =
                new RowQuery.Position(Instant.parse("2026-02-26T14:30:22.123456Z"), 42);

        private final String cursor = cursors.encode(query, position);

        private void assertRefused(FileQuery of, String text) {
            assertThatExceptionOfType(InvalidCursorException.class).isThrownBy(() -> cursors.decode(of, text));
        }

        @Test
        void decode_ownCursor_isThePosition() {
            assertThat(cursors.decode(query, cursor)).isEqualTo(position);
            assertThat(cursors.decode(query.withLimit(3), cursor)).isEqualTo(position);
            assertThat(cursor).matches("[A-Za-z0-9_-]+");
        }

        @ParameterizedTest
        @ValueSource(strings = {"1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"})
        void decode_anyTimeThatARowCanHave_isExact(Instant time) {
            RowQuery.Position edge = new RowQuery.Position(time, Long.MAX_VALUE);
            assertThat(cursors.decode(query, cursors.encode(query, edge))).isEqualTo(edge);
        }

        @Test
        void decode_cursorOfAnotherList_isRefused() {
            assertRefused(query.withOwner("eve"), cursor);
            assertRefused(query.withCategory(Category.VIDEO), cursor);
            assertRefused(query.withCategory(null), cursor);
            assertRefused(FileQuery.all().withCategory(Category.IMAGE), cursor);
            // An owner of that name is another list than that of everybody.
            assertThat(cursors.decode(FileQuery.all(), cursors.encode(FileQuery.all(), position)))
                    .isEqualTo(position);
            assertRefused(FileQuery.of("="), cursors.encode(FileQuery.all(), position));
        }

        @Test
        void decode_cursorChangedInAnyCharacter_isRefused() {
            for (int i = 0; i < cursor.length(); i++) {
                char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
                assertRefused(query, cursor.substring(0, i) + other + cursor.substring(i + 1));
                assertRefused(query, cursor.substring(0, i));
            }
            assertRefused(query, cursor + "A");
            assertRefused(query, cursor + "=");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "x",
                    "%00",
                    "\ud800",
                    "한글",
                    "0000000000000000000000000000000000000000000000000000000000000000000"
                })
        void decode_otherText_isRefused(String text) {
            assertRefused(query, text);
        }

        @Test
        void decode_endlessText_isRefused() {
            assertRefused(query, "A".repeat(1_000_000));
        }

        @Test
        void decode_cursorUnderAnotherSecret_isRefused() {
            assertRefused(query, new Cursors(Mac.of(List.of())).encode(query, position));
        }
    }

    @Nested
    class Addresses {

        private static final Instant NOW = Instant.parse("2026-02-26T14:30:22.5Z");
        private static final String BASE = "https://app.example/api/files/";
        private static final Instant END = NOW.plusSeconds(60);

        private static final ObjectHeaders HEADERS =
                new ObjectHeaders("application/pdf", "attachment; filename=\"x.pdf\"");

        private final HmacUrls urls = new HmacUrls(URI.create("https://app.example/api/files"), MAC);
        private final SignedUrl signed = urls.sign(file(42), HEADERS, NOW, END);
        private final String expires = parameter("expires");
        private final String signature = parameter("signature");

        private StoredFile file(long id) {
            return new StoredFile(
                    id,
                    "bob",
                    "uploads/bob/x.pdf",
                    "x.pdf",
                    5,
                    "application/pdf",
                    Category.DOCUMENT,
                    "d",
                    null,
                    null,
                    Instant.EPOCH,
                    null);
        }

        private String parameter(String name) {
            return signed.url().getRawQuery().replaceAll("(^|.*&)" + name + "=([^&]*).*", "$2");
        }

        private void assertRefused(long id, String until, String code, Instant now) {
            assertThatExceptionOfType(NotAuthorizedException.class)
                    .isThrownBy(() -> urls.verify(id, until, "attachment", code, now))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(signature));
        }

        @Test
        void sign_file_isTheAddressOfItsContentAndTheWholeSecondItEnds() {
            assertThat(signed.url().toString())
                    .matches(
                            "https://app\\.example/api/files/42/content\\?expires=1772116282&disposition=attachment&signature=[A-Za-z0-9_-]{43}");
            assertThat(signed.expiresAt())
                    .isEqualTo(Instant.parse("2026-02-26T14:31:22Z"))
                    .isBeforeOrEqualTo(END);
            assertThat(signed.toString()).doesNotContain(signature);
            assertThat(new HmacUrls(URI.create("https://app.example/api/files/"), MAC).locate(42, "k"))
                    .isEqualTo(urls.locate(42, "k"));
        }

        @Test
        void verify_ownAddress_passesUntilItEnds() {
            assertThatCode(() -> urls.verify(42, expires, "attachment", signature, NOW))
                    .doesNotThrowAnyException();
            Instant last = signed.expiresAt().minusNanos(1);
            assertThatCode(() -> urls.verify(42, expires, "attachment", signature, last))
                    .doesNotThrowAnyException();
            assertRefused(42, expires, signature, signed.expiresAt());
        }

        @Test
        void verify_anotherFileTimeOrSecret_isRefused() {
            assertRefused(43, expires, signature, NOW);
            assertRefused(42, "9999999999", signature, NOW);
            assertRefused(42, expires, Mac.of(List.of()).sign("url:GET", BASE, "42", expires, "attachment"), NOW);
            assertRefused(42, expires, MAC.sign("cursor", BASE, "42", expires, "attachment"), NOW);
            assertRefused(42, expires, MAC.sign("url:PUT", BASE, "42", expires, "attachment"), NOW);
        }

        /**
         * Disposition and content type stood outside of the signature in ActiveStorage (CVE-2018-16477): the holder of an address
         * had a page run on its origin.
         */
        @ParameterizedTest
        @ValueSource(strings = {"inline", "", "ATTACHMENT", "attachment ", "attachment; filename=x", "text/html"})
        void verify_anotherDisposition_isRefused(String disposition) {
            assertThatExceptionOfType(NotAuthorizedException.class)
                    .isThrownBy(() -> urls.verify(42, expires, disposition, signature, NOW));
        }

        @Test
        void verify_dispositionThatWasSigned_isGranted() {
            SignedUrl shown =
                    urls.sign(file(42), new ObjectHeaders("image/png", "inline; filename=\"x.png\""), NOW, END);
            String code = shown.url().getRawQuery().replaceAll(".*signature=", "");

            assertThat(urls.verify(42, expires, "attachment", signature, NOW))
                    .isEqualTo(new HmacUrls.Grant(Disposition.ATTACHMENT, signed.expiresAt()));
            assertThat(urls.verify(42, expires, "inline", code, NOW))
                    .isEqualTo(new HmacUrls.Grant(Disposition.INLINE, signed.expiresAt()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "https://app.example/api/v2/files",
                    "https://app.example/api",
                    "https://other.example/api/files",
                    "http://app.example/api/files"
                })
        void verify_belowAnotherBase_isRefused(String base) {
            HmacUrls others = new HmacUrls(URI.create(base), MAC);
            assertThatExceptionOfType(NotAuthorizedException.class)
                    .isThrownBy(() -> others.verify(42, expires, "attachment", signature, NOW));
        }

        /** 43 characters hold two bits more than 32 bytes: three other spellings decode to the same bytes. */
        @Test
        void verify_anotherSpellingOfTheSameBytes_isRefused() {
            String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            byte[] bytes = Base64.getUrlDecoder().decode(signature);
            int last = alphabet.indexOf(signature.charAt(42));
            for (int bits = 1; bits < 4; bits++) {
                String other = signature.substring(0, 42) + alphabet.charAt((last & ~3) | bits);
                assertThat(Base64.getUrlDecoder().decode(other)).isEqualTo(bytes);
                assertRefused(42, expires, other, NOW);
            }
            assertRefused(42, expires, signature + "=", NOW);
            assertRefused(42, expires, signature + "\n", NOW);
            assertRefused(42, expires, Base64.getEncoder().encodeToString(bytes), NOW);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "0",
                    "-1",
                    "+1772116282",
                    "01772116282",
                    " 1772116282",
                    "1772116282 ",
                    "1772116282.0",
                    "NaN",
                    "99999999999999999999999",
                    "\u0661",
                    "\ud800",
                    "\0",
                    "never"
                })
        void verify_anyTextForTheTime_isRefusedAndNothingWorse(String text) {
            assertRefused(42, text, signature, NOW);
            assertRefused(42, text, "", NOW);
            assertRefused(42, text, text, NOW);
        }
    }
}
