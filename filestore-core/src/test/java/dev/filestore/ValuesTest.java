package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values that callers hand in and get back: what they refuse, and what they show of themselves. */
class ValuesTest {

    @Nested
    class Callers {

        @ParameterizedTest
        @ValueSource(strings = {"1", "bob", "a/../b", "사용자", "\ud83d\ude00", " ", "\u0001"})
        void user_anyText_isTakenAsItIs(String id) {
            assertThat(Caller.user(id)).isEqualTo(new Caller(id, false));
            assertThat(Caller.admin(id)).isEqualTo(new Caller(id, true));
        }

        @Test
        void user_length_isOneTo255() {
            assertThat(Caller.user("x".repeat(255)).userId()).hasSize(255);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Caller.user("x".repeat(256)))
                    .withMessage("a user id has 1 to 255 characters, this one has 256");
            assertThatIllegalArgumentException().isThrownBy(() -> Caller.user(""));
            assertThatNullPointerException().isThrownBy(() -> Caller.user(null)).withMessage("userId");
        }

        @ParameterizedTest
        @ValueSource(strings = {"a\ud83d", "\ude00", "a\0b"})
        void user_textThatDatabasesCannotKeep_isMisuseAndNotRepeated(String id) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Caller.admin(id))
                    .withMessageStartingWith("a user id must");
        }
    }

    @Nested
    class Queries {

        @ParameterizedTest
        @ValueSource(ints = {1, 50, 100})
        void withLimit_oneToHundred_isTaken(int limit) {
            assertThat(FileQuery.all().withLimit(limit).limit()).isEqualTo(limit);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, 101, Integer.MAX_VALUE, Integer.MIN_VALUE})
        void withLimit_beyond_isMisuse(int limit) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FileQuery.all().withLimit(limit))
                    .withMessage("limit is 1 to 100, found " + limit);
        }

        @Test
        void withOffset_negative_isMisuse() {
            assertThat(FileQuery.all().withOffset(Long.MAX_VALUE).offset()).isEqualTo(Long.MAX_VALUE);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FileQuery.all().withOffset(-1))
                    .withMessage("offset is at least 0, found -1");
        }

        @Test
        void with_eachPart_keepsTheOthers() {
            FileQuery query = FileQuery.of("bob").withCategory(Category.IMAGE).withLimit(7);
            assertThat(query.withOffset(14)).isEqualTo(new FileQuery("bob", Category.IMAGE, 7, 14, null, true));
            assertThat(query.withOffset(14).withCursor("c"))
                    .isEqualTo(new FileQuery("bob", Category.IMAGE, 7, 0, "c", true));
            assertThat(query.withCursor("c").withOffset(0)).isEqualTo(query);
            assertThat(query.withOwner("eve").withCategory(null))
                    .isEqualTo(new FileQuery("eve", null, 7, 0, null, true));
            assertThat(query.withoutTotal())
                    .isEqualTo(new FileQuery("bob", Category.IMAGE, 7, 0, null, false))
                    .isEqualTo(query.withoutTotal().withOffset(3).withOffset(0));
            assertThat(FileQuery.all()).isEqualTo(new FileQuery(null, null, 50, 0, null, true));
        }

        @Test
        void create_cursorAndOffset_isMisuse() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new FileQuery(null, null, 1, 1, "c", true))
                    .withMessage("a page is named by an offset or by a cursor, not by both");
            assertThatIllegalArgumentException().isThrownBy(() -> FileQuery.of(""));
            assertThatNullPointerException()
                    .isThrownBy(() -> FileQuery.of(null))
                    .withMessage("owner");
            assertThatNullPointerException()
                    .isThrownBy(() -> FileQuery.all().withCursor(null))
                    .withMessage("cursor");
        }
    }

    @Nested
    class Ranges {

        @ParameterizedTest
        @CsvSource({
            "0, 1, 0",
            "5, 10, 14",
            "0, 9223372036854775807, 9223372036854775806",
            "1, 9223372036854775807, 9223372036854775807",
            "9223372036854775807, 1, 9223372036854775807",
            "9223372036854775806, 1, 9223372036854775806"
        })
        void last_range_isInclusiveAndNeverOverflows(long offset, long length, long last) {
            assertThat(new ByteRange(offset, length).last()).isEqualTo(last);
        }

        @ParameterizedTest
        @CsvSource({"-1, 1", "0, 0", "0, -1", "-9223372036854775808, 9223372036854775807"})
        void create_outOfBounds_isMisuse(long offset, long length) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ByteRange(offset, length))
                    .withMessageEndingWith("found offset " + offset + ", length " + length);
        }
    }

    @Nested
    class Categories {

        @ParameterizedTest
        @ValueSource(strings = {"image", "a", "x-1_y", "abcdefghijklmnopqrstuvwxyz012345"})
        void create_plainName_isTakenAndShown(String name) {
            assertThat(new Category(name)).hasToString(name);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "Image", "1a", "-a", "a b", "a\n", "bild\u00e4", "abcdefghijklmnopqrstuvwxyz0123456"})
        void create_anotherForm_isMisuse(String name) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Category(name))
                    .withMessage(
                            "a category is named by 1 to 32 characters of a-z, 0-9, _ and -, starting with a letter");
        }
    }

    @Nested
    class Requests {

        private final UploadRequest request = UploadRequest.of("a.pdf", new ByteArrayInputStream(new byte[1]));

        @Test
        void with_eachPart_leavesTheOriginalAlone() {
            UploadRequest full = request.withSha256("0A".repeat(32))
                    .withOwner("bob")
                    .withDeclaredType("application/pdf")
                    .withLength(0)
                    .withTtl(Duration.ofHours(1));
            assertThat(full.owner()).isEqualTo("bob");
            assertThat(full.declaredType()).isEqualTo("application/pdf");
            assertThat(full.length()).isZero();
            assertThat(full.sha256()).isEqualTo("0a".repeat(32));
            assertThat(request.owner()).isNull();
            assertThat(request.declaredType()).isNull();
            assertThat(request.length()).isEqualTo(-1);
            assertThat(request.sha256()).isNull();
        }

        @Test
        void with_valueThatCannotBe_isMisuse() {
            assertThatIllegalArgumentException().isThrownBy(() -> request.withOwner(""));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> request.withLength(-1))
                    .withMessage("a length is at least 0 bytes, found -1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> request.withSha256("0".repeat(63)))
                    .withMessage("a SHA-256 is 64 hexadecimal digits");
            assertThatIllegalArgumentException().isThrownBy(() -> request.withSha256("0".repeat(63) + "g"));
            assertThatIllegalArgumentException().isThrownBy(() -> request.withSha256("0".repeat(63) + "٣"));
            assertThatIllegalArgumentException().isThrownBy(() -> request.withTtl(Duration.ZERO));
            assertThatIllegalArgumentException().isThrownBy(() -> request.withTtl(Duration.ofNanos(-1)));
            assertThatNullPointerException()
                    .isThrownBy(() -> UploadRequest.of(null, new ByteArrayInputStream(new byte[1])))
                    .withMessage("fileName");
        }

        @Test
        void of_path_takesTheNameOfTheFile() {
            assertThat(UploadRequest.of(Path.of("folder", "문서.pdf")).originalFilename())
                    .isEqualTo("문서.pdf");
            assertThatIllegalArgumentException().isThrownBy(() -> UploadRequest.of(Path.of("/")));
        }

        @Test
        void toString_anyName_isOneCleanLine() {
            UploadRequest odd = UploadRequest.of("/etc/a\r\nb\u202e.pdf", new ByteArrayInputStream(new byte[1]));
            assertThat(odd.originalFilename()).isEqualTo("ab.pdf");
            assertThat(odd.toString()).contains("ab.pdf").doesNotContain("\n", "\r", "\u202e", "/etc");
        }
    }

    @Nested
    class SignedUrls {

        @Test
        void toString_signature_isLeftOut() {
            URI url = URI.create("https://bucket.example/uploads/1/a.pdf?X-Amz-Signature=secret&X-Amz-Credential=id#f");
            assertThat(new SignedUrl(url, Instant.EPOCH))
                    .hasToString("SignedUrl[/uploads/1/a.pdf, expiresAt=1970-01-01T00:00:00Z]");
        }

        @Test
        void create_nothing_isMisuse() {
            assertThatNullPointerException()
                    .isThrownBy(() -> new SignedUrl(null, Instant.EPOCH))
                    .withMessage("url");
            assertThatNullPointerException()
                    .isThrownBy(() -> new SignedUrl(URI.create("a"), null))
                    .withMessage("expiresAt");
        }
    }

    @Nested
    class Rows {

        private FileRow row(FileState state, String sha256, Instant expiresAt) {
            return new FileRow(
                    42,
                    7,
                    state,
                    null,
                    0,
                    "bob",
                    "uploads/bob/x.pdf",
                    "x.pdf",
                    5,
                    "application/pdf",
                    Category.DOCUMENT,
                    sha256,
                    null,
                    null,
                    null,
                    Instant.EPOCH,
                    expiresAt,
                    PendingEvents.NONE);
        }

        @Test
        void create_availableWithoutADigest_isMisuse() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> row(FileState.AVAILABLE, null, null))
                    .withMessage("an available file has a digest, the one of key uploads/bob/x.pdf has none");
        }

        @Test
        void create_missingPart_isNamed() {
            assertThatNullPointerException()
                    .isThrownBy(() -> row(null, null, null))
                    .withMessage("state");
            assertThatNullPointerException()
                    .isThrownBy(() -> new FileRow(
                            0,
                            0,
                            FileState.PENDING,
                            null,
                            0,
                            "bob",
                            null,
                            "x",
                            0,
                            "a/b",
                            Category.IMAGE,
                            null,
                            null,
                            null,
                            null,
                            Instant.EPOCH,
                            null,
                            PendingEvents.NONE))
                    .withMessage("key");
        }

        @Test
        void isVisibleAt_availableRow_endsAtItsExpiry() {
            Instant end = Instant.ofEpochSecond(100);
            FileRow row = row(FileState.AVAILABLE, "d", end);
            assertThat(row.isVisibleAt(end.minusNanos(1))).isTrue();
            assertThat(row.isVisibleAt(end)).isFalse();
            assertThat(row(FileState.AVAILABLE, "d", null).isVisibleAt(Instant.MAX))
                    .isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"PENDING", "DELETING", "DELETED"})
        void isVisibleAt_rowThatIsNotAvailable_isFalse(FileState state) {
            assertThat(row(state, "d", null).isVisibleAt(Instant.EPOCH)).isFalse();
        }

        @Test
        void toStoredFile_rowThatNeverWasAvailable_isMisuse() {
            assertThat(row(FileState.DELETING, "d", null).toStoredFile().sha256())
                    .isEqualTo("d");
            assertThatIllegalStateException()
                    .isThrownBy(() -> row(FileState.DELETING, null, null).toStoredFile());
        }
    }

    @Test
    void filePage_listOfTheCaller_isCopied() {
        List<StoredFile> files = new ArrayList<>();
        FilePage page = new FilePage(files, 0, 50, 0, null);
        files.add(null);
        assertThat(page.files()).isEmpty();
    }
}
