package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {

    /** Names of the pieces that trip programs up, put together at random; the same ones in every run. */
    static List<String> randomNames() {
        String[] pieces = {
            "a",
            "Z",
            "9",
            ".",
            "..",
            "/",
            "\\",
            ":",
            "C:",
            " ",
            "\u00a0",
            "\u3000",
            "\t",
            "\r\n",
            "\0",
            "\u007f",
            "\u0085",
            "\"",
            "'",
            "%",
            "%2e",
            ";",
            "=",
            "<",
            "|",
            "\u202e",
            "\u2066",
            "\u200b",
            "\u200d",
            "\ufeff",
            "\ud83d",
            "\ude00",
            "\ud83d\ude00",
            "\u0301",
            "e\u0301",
            "\u0958",
            "\ufb1d",
            "\ufdfa",
            "\u1100\u1161",
            "문서",
            "\u304b\u3099",
            "資料",
            "\ue000",
            "\uffff",
            "\ud835\udd58",
            "\ud834\udd5f",
            "\u0344",
            "\u0378",
            ".pdf",
            ".tar.gz",
            "_",
            "-",
            "~",
            "CON",
            "\u212a",
            "\u037e",
            "\u2028",
            "x".repeat(60),
            "\u0323\u0307".repeat(20)
        };
        Random random = new Random(20260226);
        return Stream.generate(() -> {
                    StringBuilder name = new StringBuilder();
                    for (int i = random.nextInt(30); i >= 0; i--) {
                        name.append(pieces[random.nextInt(pieces.length)]);
                    }
                    return name.toString();
                })
                .limit(20_000)
                .toList();
    }

    @Nested
    class Clean {

        @ParameterizedTest
        @CsvSource({
            "document.pdf, document.pdf",
            "/etc/passwd, passwd",
            "../../x.pdf, x.pdf",
            "..\\..\\x.pdf, x.pdf",
            "C:\\Users\\me\\x.pdf, x.pdf",
            "C:x.pdf, x.pdf",
            "C:D: x.pdf, x.pdf",
            "\\\\server\\share\\x.pdf, x.pdf",
            "a/b\\c/d.pdf, d.pdf",
            "' x.pdf ', x.pdf",
            "x.pdf., x.pdf",
            "'x.exe. . ', x.exe",
            ".pdf, .pdf",
            ".htaccess, .htaccess",
            "CON.pdf, CON.pdf",
            "a b  c.pdf, a b  c.pdf",
            "'a\"b;c%d=e.pdf', 'a\"b;c%d=e.pdf'",
            "10:30 notes.pdf, 10:30 notes.pdf",
            "'', file",
            "., file",
            ".., file",
            "..., file",
            "x/, file",
            "' . . ', file",
            "C:, file"
        })
        void clean_name_isWhatTheUserCalledIt(String name, String cleaned) {
            assertThat(FileNames.clean(name)).isEqualTo(cleaned);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "a\0b.pdf",
                    "a\r\nb.pdf",
                    "a\u202eb.pdf",
                    "a\u2066b\u2069.pdf",
                    "a\u200bb.pdf",
                    "\ufeffab.pdf",
                    "a\u2028b.pdf",
                    "a\ud83db.pdf",
                    "a\ude00b.pdf",
                    "ab.pdf\u007f",
                    "a\u0085b.pdf",
                    "a\ue000b.pdf",
                    "a\uffffb.pdf",
                    "\u00a0ab.pdf\u3000",
                    "a\u00adb.pdf",
                    "C\u200b:ab.pdf",
                    "\udbff\udfffab.pdf",
                    "ab.pdf\u200b.",
                    "\u3164\uffa0ab.pdf\u2800"
                })
        void clean_characterThatIsNotSeen_goes(String name) {
            assertThat(FileNames.clean(name)).isEqualTo("ab.pdf");
        }

        @Test
        void clean_decomposedText_isComposed() {
            assertThat(FileNames.clean(Normalizer.normalize("문서.pdf", Normalizer.Form.NFD)))
                    .isEqualTo("문서.pdf");
            assertThat(FileNames.clean(Normalizer.normalize("ガイド.pdf", Normalizer.Form.NFD)))
                    .isEqualTo("ガイド.pdf");
            assertThat(FileNames.clean("re\u0301sume\u0301.pdf")).isEqualTo("résumé.pdf");
        }

        @Test
        void clean_emoji_staysEvenWhereJavaDoesNotKnowItYet() {
            assertThat(FileNames.clean("\ud83d\ude00.png")).isEqualTo("\ud83d\ude00.png");
            // Melting face, of Unicode 14.
            assertThat(FileNames.clean("\ud83e\udee0.png")).isEqualTo("\ud83e\udee0.png");
        }

        @Test
        void clean_longName_isCutBeforeItsExtension() {
            assertThat(FileNames.clean("x".repeat(300) + ".pdf")).isEqualTo("x".repeat(251) + ".pdf");
            assertThat(FileNames.clean("x".repeat(255))).isEqualTo("x".repeat(255));
            assertThat(FileNames.clean("x".repeat(300))).isEqualTo("x".repeat(255));
            assertThat(FileNames.clean("x".repeat(300) + ".notanextensionatall"))
                    .isEqualTo("x".repeat(255));
            assertThat(FileNames.clean("x".repeat(250) + " ".repeat(50) + ".pdf"))
                    .isEqualTo("x".repeat(250) + ".pdf");
        }

        @Test
        void clean_cut_keepsSurrogatesAndMarksTogether() {
            assertThat(FileNames.clean("x".repeat(254) + "\ud83d\ude00".repeat(9)))
                    .isEqualTo("x".repeat(254));
            // b with a dot below and a macron has no single character for both marks.
            assertThat(FileNames.clean("x".repeat(253) + "q\u0323\u0304" + "y".repeat(9)))
                    .isEqualTo("x".repeat(253));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "x",
                    "\u0323\u0307",
                    "\u0307\u0323",
                    "\u202e",
                    "/",
                    ".",
                    " ",
                    "\ud83d\ude00",
                    "\ud83d",
                    "각",
                    "\u1100\u1161\u11a8",
                    "C:"
                })
        void clean_nameOf100Kilobytes_isFast(String piece) {
            String name = "a" + piece.repeat(100_000 / piece.length()) + ".pdf";
            String cleaned = assertTimeout(Duration.ofMillis(500), () -> FileNames.clean(name));
            assertThat(cleaned).endsWith(".pdf").hasSizeLessThanOrEqualTo(FileNames.MAX_LENGTH);
        }

        @Test
        void clean_anyName_isANameThatTripsNothingUp() {
            for (String name : randomNames()) {
                String cleaned = FileNames.clean(name);
                assertThat(cleaned).isNotEmpty().isNotIn(".", "..").hasSizeLessThanOrEqualTo(FileNames.MAX_LENGTH);
                assertThat(cleaned)
                        .doesNotContain("/", "\\")
                        .doesNotEndWith(".")
                        .doesNotEndWith(" ");
                assertThat(Normalizer.isNormalized(cleaned, Normalizer.Form.NFC))
                        .isTrue();
                assertThat(Text.isWellFormed(cleaned)).isTrue();
                assertThat(cleaned.codePoints())
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
                assertThat(FileNames.clean(cleaned)).isEqualTo(cleaned);
            }
        }
    }

    @Nested
    class Extension {

        @ParameterizedTest
        @CsvSource({
            "a.pdf, .pdf",
            "a.tar.gz, .gz",
            "a.PDF, .PDF",
            "문서.한글, .한글",
            "a, ''",
            ".pdf, ''",
            "a., ''",
            "'', ''",
            "., ''",
            "'Minutes of 3. May', ''",
            "a.p/f, ''",
            "a.b-c, ''",
            "a.sixteenletters16, .sixteenletters16",
            "a.seventeenletters7, ''",
            "..pdf, .pdf"
        })
        void extension_name_isItsPlainEnd(String name, String extension) {
            assertThat(FileNames.extension(name)).isEqualTo(extension);
        }
    }

    @Nested
    class ContentDisposition {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "document.pdf | attachment; filename=\"document.pdf\"",
                    "a b;c,d=e.pdf | attachment; filename=\"a b;c,d=e.pdf\"",
                    "문서.pdf | attachment; filename=\"__.pdf\"; filename*=UTF-8''%EB%AC%B8%EC%84%9C.pdf",
                    "a\"b.pdf | attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf",
                    "50%.pdf | attachment; filename=\"50_.pdf\"; filename*=UTF-8''50%25.pdf",
                    "%41.pdf | attachment; filename=\"_41.pdf\"; filename*=UTF-8''%2541.pdf",
                    "it's (1)*.pdf | attachment; filename=\"it's (1)*.pdf\"",
                    "é'(1)*.pdf | attachment; filename=\"_'(1)*.pdf\"; filename*=UTF-8''%C3%A9%27%281%29%2A.pdf",
                    "😀.png | attachment; filename=\"_.png\"; filename*=UTF-8''%F0%9F%98%80.png"
                })
        void contentDisposition_name_isSafeInTheOldFormAndWholeInTheNew(String name, String value) {
            assertThat(FileNames.contentDisposition(Disposition.ATTACHMENT, name))
                    .isEqualTo(value);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    // In the order of a reader's surprise: what ASCII is left is in its place, and the rest is told to
                    // be missing.
                    "문서 | __ | %EB%AC%B8%EC%84%9C",
                    "文.exe.pdf | _.exe.pdf | %E6%96%87.exe.pdf",
                    "a．exe | a_exe | a%EF%BC%8Eexe",
                    "fdp\u00a0 exe.pdf | fdp_ exe.pdf | fdp%C2%A0%20exe.pdf",
                    "a\"; filename=b.exe;.pdf | a_; filename=b.exe;.pdf | a%22%3B%20filename%3Db.exe%3B.pdf",
                    "naïve*.pdf | na_ve*.pdf | na%C3%AFve%2A.pdf",
                    "🎞️.mp4 | __.mp4 | %F0%9F%8E%9E%EF%B8%8F.mp4",
                })
        void contentDisposition_nameWithMoreThanAscii_keepsItsPlaces(String name, String ascii, String extended) {
            assertThat(FileNames.contentDisposition(Disposition.INLINE, name))
                    .isEqualTo("inline; filename=\"" + ascii + "\"; filename*=UTF-8''" + extended);
        }

        @Test
        void contentDisposition_longestNames_stayWithinWhatServersTake() {
            for (String letter : List.of("x", "é", "문", "\ud83d\ude00", "\"")) {
                String name = FileNames.clean(letter.repeat(300) + ".pdf");
                assertThat(FileNames.contentDisposition(Disposition.ATTACHMENT, name))
                        .as(letter)
                        .hasSizeLessThan(2_700)
                        .matches("attachment; filename=\"[x_]{1,251}\\.pdf\".*");
            }
        }

        @Test
        void contentDisposition_uncleanedName_cannotLeaveItsQuotes() {
            assertThat(FileNames.contentDisposition(Disposition.ATTACHMENT, "a\r\nSet-Cookie: b\\\".pdf"))
                    .isEqualTo("attachment; filename=\"a__Set-Cookie: b__.pdf\"; "
                            + "filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b%5C%22.pdf");
            assertThatNoException().isThrownBy(() -> FileNames.contentDisposition(Disposition.ATTACHMENT, "\ud800"));
        }

        @Test
        void contentDisposition_anyCleanedName_comesBackWhole() {
            for (String uncleaned : randomNames()) {
                String name = FileNames.clean(uncleaned);
                String value = FileNames.contentDisposition(Disposition.ATTACHMENT, name);
                assertThat(value)
                        .matches(
                                "attachment; filename=\"[ -~&&[^\"\\\\%]]*\"(; filename\\*=UTF-8''[!-~&&[^\"\\\\';, *()]]+)?");
                int extended = value.indexOf("*=UTF-8''");
                if (extended >= 0) {
                    String plus = value.substring(extended + 9).replace("+", "%2B");
                    assertThat(URLDecoder.decode(plus, StandardCharsets.UTF_8)).isEqualTo(name);
                } else {
                    assertThat(value).isEqualTo("attachment; filename=\"" + name + "\"");
                }
            }
        }
    }
}
