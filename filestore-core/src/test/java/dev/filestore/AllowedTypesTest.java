package dev.filestore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.filestore.MimePolicy.Accepted;
import dev.filestore.MimePolicy.Refused;
import dev.filestore.MimePolicy.Verdict;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedTypesTest {

    private static final AllowedTypes STANDARD = AllowedTypes.standard();
    private static final String ALLOWED = "; allowed are jpg, jpeg, jpe, jfif, png, webp, gif, mp4, m4v, mov, qt, avi,"
            + " pdf, doc, docx, xls, xlsx";

    private static final byte[] PNG = bytes("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR");
    private static final byte[] GIF = bytes("GIF89a");
    private static final byte[] PDF = bytes("%PDF-1.7\n");
    private static final byte[] AVI = bytes("RIFF\0\0\0\0AVI LIST\0\0\0\0hdrl");
    private static final byte[] CSV = bytes("a,b\n1,2\n");
    private static final Category TABLE = new Category("table");

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String type(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Accepted.class);
        return ((Accepted) verdict).contentType();
    }

    private static String refusal(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Refused.class);
        return ((Refused) verdict).message();
    }

    @Nested
    class DeclaredType {

        @ParameterizedTest
        @NullSource
        @ValueSource(
                strings = {
                    "",
                    "  ",
                    "application/octet-stream",
                    "Application/Octet-Stream; charset=x",
                    "binary/octet-stream",
                    "image/png",
                    "IMAGE/PNG",
                    " image/png ",
                    "image/png; charset=binary",
                    "image/png;",
                    "image/x-png"
                })
        void judge_silenceOrTheType_isAccepted(String declared) {
            assertThat(type(STANDARD.judge("a.png", declared, PNG))).isEqualTo("image/png");
        }

        @ParameterizedTest
        @CsvSource({"video/avi", "video/msvideo", "video/vnd.avi", "video/x-msvideo"})
        void judge_aliasOfAvi_isStoredUnderTheOneName(String declared) {
            assertThat(type(STANDARD.judge("a.AVI", declared, AVI))).isEqualTo("video/x-msvideo");
        }

        @Test
        void judge_anotherAllowedType_isRefused() {
            assertThat(refusal(STANDARD.judge("a.png", "image/gif", PNG)))
                    .isEqualTo("The name says image/png, but the declared type says image/gif" + ALLOWED);
            assertThat(refusal(STANDARD.judge("a.png", "image/jpg", PNG)))
                    .isEqualTo("The name says image/png, but the declared type says image/jpeg" + ALLOWED);
            assertThat(refusal(STANDARD.judge("a.png", "application/zip", PNG))).contains("the declared type says");
        }

        @Test
        void judge_typeThatIsNotAllowed_isRefusedAndNamed() {
            assertThat(refusal(STANDARD.judge("a.png", "image/svg+xml", PNG)))
                    .isEqualTo("The declared type image/svg+xml is not allowed" + ALLOWED);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "png",
                    "image/",
                    "image/png, text/html",
                    "<script>alert(1)</script>",
                    "text/html\r\nX-A: b",
                    "\u202etxt/gnp",
                    "image/\ud800",
                    "text/\u0000",
                    "*/*"
                })
        void judge_textThatIsNoType_isRefusedAndNotRepeated(String declared) {
            assertThat(refusal(STANDARD.judge("a.png", declared, PNG)))
                    .isEqualTo("The declared type is not allowed" + ALLOWED);
        }

        @Test
        void judge_endlessType_isRefusedAndNotRepeated() {
            assertThat(refusal(STANDARD.judge("a.png", "a/" + "b".repeat(1_000_000), PNG)))
                    .isEqualTo("The declared type is not allowed" + ALLOWED);
            assertThat(refusal(STANDARD.judge("a.png", "a/" + "b".repeat(100), PNG)))
                    .isEqualTo("The declared type is not allowed" + ALLOWED);
        }

        @Test
        void judge_turkishLocale_readsCaseAsAnywhere() {
            Locale before = Locale.getDefault();
            Locale.setDefault(new Locale("tr"));
            try {
                assertThat(type(STANDARD.judge("A.GIF", "IMAGE/GIF", GIF))).isEqualTo("image/gif");
            } finally {
                Locale.setDefault(before);
            }
        }
    }

    @Nested
    class Name {

        @ParameterizedTest
        @ValueSource(strings = {"a.png", "A.PNG", "문서.png", "x.pdf.png", "x.exe.png", "..png"})
        void judge_extension_isReadInAnyCase(String name) {
            assertThat(type(STANDARD.judge(name, null, PNG))).isEqualTo("image/png");
        }

        @Test
        void judge_extensionThatIsNotAllowed_isRefusedAndNamed() {
            assertThat(refusal(STANDARD.judge("a.exe", null, PNG)))
                    .isEqualTo("The extension .exe is not allowed" + ALLOWED);
            assertThat(refusal(STANDARD.judge("a.png.exe", "image/png", PNG)))
                    .startsWith("The extension .exe is not allowed");
            assertThat(refusal(STANDARD.judge("a.문서", "image/png", PNG)))
                    .isEqualTo("The extension of the file name is not allowed" + ALLOWED);
        }

        @Test
        void judge_extensionOfAnotherType_isRefused() {
            assertThat(refusal(STANDARD.judge("a.png", null, GIF)))
                    .isEqualTo("The name says image/png, but the bytes say image/gif" + ALLOWED);
            assertThat(refusal(STANDARD.judge("a.png", null, CSV)))
                    .isEqualTo("The name says image/png, but the bytes are text" + ALLOWED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"blob", ".png", "image", "a.", "Minutes of 3. May, final"})
        void judge_noExtension_isAcceptedWhereDeclaredTypeAndBytesAgree(String name) {
            assertThat(type(STANDARD.judge(name, "image/png", PNG))).isEqualTo("image/png");
            assertThat(refusal(STANDARD.judge(name, "image/png", GIF)))
                    .isEqualTo("The declared type says image/png, but the bytes say image/gif" + ALLOWED);
        }

        @Test
        void judge_noExtensionAndNothingDeclared_isRefused() {
            assertThat(refusal(STANDARD.judge("blob", null, PNG)))
                    .isEqualTo("The file name has no extension, and no type is declared" + ALLOWED);
            assertThat(STANDARD.judge("blob", "application/octet-stream", PNG)).isInstanceOf(Refused.class);
        }
    }

    @Nested
    class Building {

        @Test
        void standard_isTwelveTypesOfThreeCategoriesUpToFiftyMegabytes() {
            assertThat(STANDARD.judge("a.png", null, PNG))
                    .isEqualTo(new Accepted("image/png", Category.IMAGE, 50L * 1024 * 1024));
            assertThat(STANDARD.judge("a.avi", null, AVI))
                    .isEqualTo(new Accepted("video/x-msvideo", Category.VIDEO, AllowedTypes.DEFAULT_MAX_BYTES));
            assertThat(STANDARD.judge("a.pdf", null, PDF))
                    .isEqualTo(new Accepted("application/pdf", Category.DOCUMENT, 52_428_800));
        }

        @Test
        void allow_typeOfANewCategory_isAccepted() {
            AllowedTypes types = AllowedTypes.standardTypes()
                    .allow("text/csv", TABLE, List.of("CSV", "tsv"), head -> head[0] != 0)
                    .build();
            assertThat(types.judge("a.csv", null, CSV)).isEqualTo(new Accepted("text/csv", TABLE, 52_428_800));
            assertThat(type(types.judge("a.Tsv", "text/csv", CSV))).isEqualTo("text/csv");
            assertThat(type(types.judge("a.png", null, PNG))).isEqualTo("image/png");
            assertThat(refusal(types.judge("a.exe", null, CSV))).endsWith("xlsx, csv, tsv");
        }

        @Test
        void allow_sameTypeAgain_replacesIt() {
            AllowedTypes types = AllowedTypes.standardTypes()
                    .allow("image/png", TABLE, List.of("apng"), head -> true)
                    .build();
            assertThat(types.judge("a.apng", "image/x-png", CSV))
                    .isEqualTo(new Accepted("image/png", TABLE, 52_428_800));
            assertThat(types.judge("a.png", null, PNG)).isInstanceOf(Refused.class);
        }

        @Test
        void alias_thatIsATypeItself_standsForBoth() {
            // What browsers on Windows declare for a CSV file where Excel is installed.
            AllowedTypes types = AllowedTypes.standardTypes()
                    .allow("text/csv", TABLE, List.of("csv"), head -> head[0] == 'a')
                    .alias("application/vnd.ms-excel", "text/csv")
                    .build();
            assertThat(type(types.judge("a.csv", "application/vnd.ms-excel", CSV)))
                    .isEqualTo("text/csv");
            assertThat(type(types.judge("nameless", "application/vnd.ms-excel", CSV)))
                    .isEqualTo("text/csv");
            assertThat(refusal(types.judge("a.xls", "application/vnd.ms-excel", CSV)))
                    .startsWith("The name says application/vnd.ms-excel, but the bytes say text/csv");
        }

        @Test
        void forbid_type_refusesItsNameItsDeclarationAndItsAliases() {
            AllowedTypes types = AllowedTypes.standardTypes()
                    .forbid("image/png")
                    .forbid("image/unheard-of")
                    .build();
            assertThat(refusal(types.judge("a.png", null, PNG))).startsWith("The extension .png is not allowed");
            assertThat(refusal(types.judge("a", "image/png", PNG))).startsWith("The declared type image/png is not");
            assertThat(refusal(types.judge("a", "image/x-png", PNG)))
                    .startsWith("The declared type image/x-png is not");
            assertThat(type(types.judge("a.gif", null, GIF))).isEqualTo("image/gif");
        }

        @Test
        void none_allowsOnlyWhatIsAdded() {
            AllowedTypes types = AllowedTypes.none()
                    .allow("text/csv", TABLE, List.of("csv"), head -> true)
                    .build();
            assertThat(refusal(types.judge("a.png", null, PNG)))
                    .isEqualTo("The extension .png is not allowed; allowed are csv");
        }

        @Test
        void maxBytes_theNarrowestThatIsSet_counts() {
            AllowedTypes types = AllowedTypes.standardTypes()
                    .maxBytes(1000)
                    .maxBytes(Category.IMAGE, 2000)
                    .maxBytes("image/gif", 3000)
                    .build();
            assertThat(((Accepted) types.judge("a.pdf", null, PDF)).maxBytes()).isEqualTo(1000);
            assertThat(((Accepted) types.judge("a.png", null, PNG)).maxBytes()).isEqualTo(2000);
            assertThat(((Accepted) types.judge("a.gif", null, GIF)).maxBytes()).isEqualTo(3000);
        }

        @Test
        void build_policyAndBuilder_areIndependent() {
            AllowedTypes.Builder builder = AllowedTypes.standardTypes();
            AllowedTypes types = builder.build();
            builder.forbid("image/png")
                    .alias("image/a", "image/gif")
                    .maxBytes(1)
                    .build();
            assertThat(types.judge("a.png", "image/x-png", PNG))
                    .isEqualTo(new Accepted("image/png", Category.IMAGE, 52_428_800));
            assertThat(types.judge("a.gif", "image/a", GIF)).isInstanceOf(Refused.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "csv", "Text/csv", "text/csv; charset=utf-8", "text/", "text/c sv", "text/csv\n"})
        void allow_typeOfAnotherForm_isMisuse(String contentType) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AllowedTypes.none().allow(contentType, TABLE, List.of("csv"), head -> true))
                    .withMessageContaining("type/subtype");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AllowedTypes.none().alias(contentType, "text/csv"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AllowedTypes.none().alias("text/csv", contentType));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", ".csv", "tar.gz", "c v", "c/v", "seventeenletters7"})
        void allow_extensionThatNoNameCanHave_isMisuse(String extension) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AllowedTypes.none().allow("text/csv", TABLE, List.of(extension), head -> true))
                    .withMessageContaining("an extension is 1 to 16 letters and digits");
        }

        @Test
        void allow_nothingToKnowItBy_isMisuse() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AllowedTypes.none().allow("text/csv", TABLE, List.of(), head -> true))
                    .withMessage("the type text/csv needs an extension");
            assertThatNullPointerException()
                    .isThrownBy(() -> AllowedTypes.none().allow("text/csv", TABLE, List.of("csv"), null))
                    .withMessage("mark");
        }

        @Test
        void build_contradiction_isMisuse() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> AllowedTypes.none().build())
                    .withMessage("no type is allowed");
            assertThatIllegalStateException()
                    .isThrownBy(() -> AllowedTypes.standardTypes()
                            .allow("image/x-mine", Category.IMAGE, List.of("PNG"), head -> true)
                            .build())
                    .withMessage("the extension png stands for both image/png and image/x-mine");
            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            AllowedTypes.standardTypes().maxBytes("text/csv", 5).build())
                    .withMessage("a limit is set for text/csv, which is not allowed");
            assertThatIllegalStateException()
                    .isThrownBy(() -> AllowedTypes.standardTypes()
                            .alias("text/x-csv", "text/csv")
                            .build())
                    .withMessage("an alias is set for text/csv, which is not allowed");
        }

        @ParameterizedTest
        @ValueSource(longs = {0, -1, Long.MIN_VALUE})
        void maxBytes_lessThanOne_isMisuse(long bytes) {
            AllowedTypes.Builder builder = AllowedTypes.none();
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxBytes(bytes));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxBytes(TABLE, bytes));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxBytes("text/csv", bytes));
        }
    }

    @Test
    void accepted_notAPlainTypeOrNoByte_isMisuse() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Accepted("Image/PNG", Category.IMAGE, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Accepted("image/png", Category.IMAGE, 0));
        assertThatNullPointerException().isThrownBy(() -> new Refused(null));
    }
}
