package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadsKeyLayoutTest {

    private static final Instant TIME = Instant.parse("2026-02-26T14:30:22.999999Z");

    private final UploadsKeyLayout layout = new UploadsKeyLayout();

    private String key(String owner, String name) {
        return layout.key(owner, name, TIME, 0);
    }

    @Test
    void key_firstAttempt_isTheShapeThatClientsKnow() {
        assertThat(key("123", "document.pdf")).isEqualTo("uploads/123/20260226_143022_document.pdf");
        assertThat(key("123", "문서.pdf")).isEqualTo("uploads/123/20260226_143022_문서.pdf");
    }

    @Test
    void key_laterAttempts_holdARandomTokenBetweenTimeAndName() {
        Set<String> keys = new HashSet<>();
        for (int attempt = 1; attempt <= 100; attempt++) {
            String key = layout.key("123", "document.pdf", TIME, attempt);
            assertThat(key).matches("uploads/123/20260226_143022_[0-9a-f]{16}_document\\.pdf");
            keys.add(key);
        }
        assertThat(keys).hasSize(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b.pdf | a_b.pdf",
                "a  &  b.pdf | a_b.pdf",
                "a?b#c%d+e.pdf | a_b_c_d_e.pdf",
                "'a\"b'.pdf | _a_b_.pdf",
                "`a<>:|*?b.pdf` | a_b.pdf",
                ".pdf | .pdf",
                ".. .pdf | .._.pdf",
                "a-b_c~d.pdf | a-b_c_d.pdf",
                "प्रतिवेदन.pdf | प्रतिवेदन.pdf",
                "資料(最終).pdf | 資料_最終_.pdf",
                "𠮷.pdf | 𠮷.pdf",
                "😀.png | _.png",
                "résumé.pdf | résumé.pdf"
            },
            quoteCharacter = '`')
    void name_cleanedName_keepsLettersOfEveryScript(String name, String kept) {
        assertThat(UploadsKeyLayout.name(name)).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "문", "𠮷", "e\u0323\u0304", "q\u0323\u0304"})
    void name_long_isCutBetweenCharactersBeforeItsExtension(String piece) {
        String name = UploadsKeyLayout.name(FileNames.clean(piece.repeat(255 / piece.length()) + ".pdf"));
        assertThat(name).endsWith(".pdf");
        assertThat(Text.utf8Length(name)).isBetween(190, 200);
        assertThat(Normalizer.isNormalized(name, Normalizer.Form.NFC)).isTrue();
        String composed = Normalizer.normalize(piece, Normalizer.Form.NFC);
        String stem = name.substring(0, name.length() - 4);
        assertThat(stem).isEqualTo(composed.repeat(stem.length() / composed.length()));
    }

    @ParameterizedTest
    @CsvSource({
        "123, 123",
        "user_1-x@example.com, user_1-x@example.com",
        "a/b, a=2Fb",
        ".., =2E=2E",
        "., =2E",
        "a., a=2E",
        "a.b.c, a.b.c",
        "a.., a.=2E",
        "User, User",
        "'a ', a=20",
        "a\u0301, a=CC=81",
        "á, =C3=A1",
        ".hidden, =2Ehidden",
        "a=b, a=3Db",
        "'a b', a=20b",
        "한, =ED=95=9C",
        "C:\\x, C=3A=5Cx",
        "a%2Fb, a=252Fb",
        "a+b, a=2Bb"
    })
    void segment_owner_isOneSegmentOfPlainCharacters(String owner, String segment) {
        assertThat(UploadsKeyLayout.segment(owner)).isEqualTo(segment);
    }

    @Test
    void segment_longOwner_isADigestThatNoOtherOwnerCanName() {
        String segment = UploadsKeyLayout.segment("x".repeat(201));
        assertThat(segment).matches("=h[0-9a-f]{64}");
        assertThat(UploadsKeyLayout.segment(segment)).isNotEqualTo(segment);
        assertThat(UploadsKeyLayout.segment("x".repeat(202))).isNotEqualTo(segment);
        assertThat(UploadsKeyLayout.segment("x".repeat(200))).isEqualTo("x".repeat(200));
    }

    @Test
    void segment_differentOwners_neverShareOne() {
        Random random = new Random(20260226);
        Map<String, String> owners = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            String owner = owner(random);
            String segment = UploadsKeyLayout.segment(owner);
            assertThat(segment)
                    .doesNotContain("/", "\\", "%")
                    .doesNotStartWith(".")
                    .isNotEmpty();
            assertThat(segment.length()).isLessThanOrEqualTo(200);
            String other = owners.put(segment, owner);
            if (other != null) {
                assertThat(other).isEqualTo(owner);
            }
        }
        assertThat(owners).hasSizeGreaterThan(10_000);
    }

    /** The same as above for ids of all of Unicode, of all lengths, and for those that were made to look like segments. */
    @Test
    void segment_anyTextAndWhatLooksLikeItsSegment_neverShareOne() {
        Random random = new Random(20261128);
        Map<String, String> owners = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            String owner = text(random, 1 + random.nextInt(random.nextBoolean() ? 8 : 254));
            String segment = UploadsKeyLayout.segment(owner);
            for (String other : new String[] {
                owner,
                segment,
                segment.toLowerCase(Locale.ROOT),
                owner + ".",
                owner + " ",
                owner.toUpperCase(Locale.ROOT),
                Normalizer.normalize(owner, Normalizer.Form.NFD),
                Normalizer.normalize(owner, Normalizer.Form.NFKC)
            }) {
                if (other.length() > Caller.MAX_USER_ID_LENGTH) {
                    continue;
                }
                String its = UploadsKeyLayout.segment(other);
                assertThat(its).matches("[A-Za-z0-9_@=-]([A-Za-z0-9_.@=-]{0,198}[A-Za-z0-9_@=-])?");
                String known = owners.put(its, other);
                if (known != null) {
                    assertThat(known).isEqualTo(other);
                }
            }
        }
        assertThat(owners).hasSizeGreaterThan(15_000);
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        int[] ends = {0x80, 0x250, 0x3000, 0xd800, 0x110000};
        while (text.length() < length) {
            int c = 1 + random.nextInt(ends[random.nextInt(ends.length)] - 1);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                text.appendCodePoint(c);
            }
        }
        return text.toString();
    }

    @Test
    void key_anyOwnerAndAnyCleanedName_isValidAndInTheOwnersPart() {
        Random random = new Random(20260226);
        for (String uncleaned : FileNamesTest.randomNames()) {
            String name = FileNames.clean(uncleaned);
            String owner = owner(random);
            String key = layout.key(owner, name, TIME, random.nextInt(2));
            assertThat(Keys.isValid(key)).as(key).isTrue();
            assertThat(key).startsWith("uploads/" + UploadsKeyLayout.segment(owner) + "/20260226_143022_");
            assertThat(key.chars().filter(c -> c == '/')).hasSize(2);
            assertThat(key.codePoints()).noneMatch(Character::isWhitespace);
        }
    }

    /** Short ids of few characters, so that neighbours come up, and some as long as ids may be. */
    private static String owner(Random random) {
        String[] pieces = {"a", "b", "=", "=2", "2F", "/", ".", "h", "%", "\ud83d\ude00", "한", "\u0001", "\\", "=h", "0"
        };
        StringBuilder owner = new StringBuilder();
        int length = random.nextInt(50) == 0 ? 100 : 1 + random.nextInt(6);
        for (int i = 0; i < length; i++) {
            owner.append(pieces[random.nextInt(pieces.length)]);
        }
        return Caller.requireUserId(owner.toString());
    }
}
