package dev.filestore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.MimePolicy.Accepted;
import dev.filestore.MimePolicy.AcceptedSoFar;
import dev.filestore.MimePolicy.Refused;
import dev.filestore.MimePolicy.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Office packages that are judged by their end, as large ones of LibreOffice and openpyxl need. */
class PackageDirectoryTest {

    private static final String DOCUMENT = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    private static final String MACROS = "vnd.ms-word.document.macroEnabled.main+xml";
    private static final String TYPES = "[Content_Types].xml";
    private static final int BEYOND_HEAD_AND_END = 200_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    private static String types(String main) {
        return "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/" + main + "\"/></Types>";
    }

    private PackageDirectoryTest with(String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(ISO_8859_1));
        zip.closeEntry();
        return this;
    }

    private PackageDirectoryTest withMuch(String name) throws IOException {
        byte[] noise = new byte[BEYOND_HEAD_AND_END];
        new Random(7).nextBytes(noise);
        return with(name, new String(noise, ISO_8859_1));
    }

    private byte[] whole() throws IOException {
        zip.close();
        return bytes.toByteArray();
    }

    private static Verdict judge(String name, byte[] file) {
        byte[] head = Arrays.copyOf(file, Math.min(file.length, MimePolicy.HEAD_BYTES));
        Verdict verdict = AllowedTypes.standard().judge(name, null, head);
        if (verdict instanceof AcceptedSoFar soFar) {
            byte[] end = Arrays.copyOfRange(file, Math.max(0, file.length - MimePolicy.END_BYTES), file.length);
            return soFar.end()
                    .judge(end, file.length)
                    .<Verdict>map(refused -> refused)
                    .orElse(soFar.accepted());
        }
        return verdict;
    }

    private static void assertRefusedAs(String words, byte[] file) {
        assertThat(judge("a.docx", file))
                .isInstanceOfSatisfying(
                        Refused.class,
                        is -> assertThat(is.message())
                                .startsWith("The name says application/vnd.openxmlformats-officedocument"
                                        + ".wordprocessingml.document, but the bytes are " + words + "; allowed are "));
    }

    @Test
    void judge_contentTypesLast_isADocument() throws IOException {
        byte[] file = withMuch("word/document.xml").with(TYPES, types(DOCUMENT)).whole();
        assertThat(judge("a.docx", file)).isInstanceOf(Accepted.class);
        assertThat(judge("a.xlsx", file)).isInstanceOf(Refused.class);
    }

    /** Media types are compared without regard to case. */
    @Test
    void judge_macroTypeInOtherLetters_isRefused() throws IOException {
        assertRefusedAs(
                "an Office document with macros",
                withMuch("word/document.xml")
                        .with(TYPES, types(MACROS.toLowerCase(Locale.ROOT)) + types(DOCUMENT))
                        .whole());
    }

    /** A long comment pushes the directory out of sight, and a list that stands in front says what it likes. */
    @Test
    void judge_directoryThatIsMostlyAComment_isRefused() throws IOException {
        ZipEntry commented = new ZipEntry("META-INF/MANIFEST.MF");
        commented.setComment("x".repeat(60_000));
        with(TYPES, types(DOCUMENT)).withMuch("word/document.xml");
        zip.putNextEntry(commented);
        ZipEntry another = new ZipEntry("Main.class");
        another.setComment("x".repeat(60_000));
        zip.putNextEntry(another);
        assertRefusedAs("a broken ZIP archive", whole());
    }

    /** What cannot be seen of a long directory may be honest, and what can be seen still counts. */
    @Test
    void judge_directoryOfVeryManyParts_isJudgedByItsLastOnesToo() throws IOException {
        with(TYPES, types(DOCUMENT)).with("word/document.xml", "x");
        for (int i = 0; i < 1_500; i++) {
            with("word/media/image" + i + ".png", "x");
        }
        byte[] honest = bytes.toByteArray();
        assertThat(honest.length).isGreaterThan(MimePolicy.HEAD_BYTES);
        with("META-INF/MANIFEST.MF", "x").with("customXml/item1.xml", "x");
        assertRefusedAs("a program in a ZIP archive", whole());
    }

    @Test
    void judge_directoryOfVeryManyHonestParts_isADocument() throws IOException {
        with(TYPES, types(DOCUMENT)).with("word/document.xml", "x");
        for (int i = 0; i < 1_500; i++) {
            with("word/media/image" + i + ".png", "x");
        }
        assertThat(judge("a.docx", whole())).isInstanceOf(Accepted.class);
    }

    @Test
    void judge_macroTypeLast_isRefused() throws IOException {
        assertRefusedAs(
                "an Office document with macros",
                withMuch("word/document.xml").with(TYPES, types(MACROS)).whole());
    }

    @Test
    void judge_macrosBehindWhatTheHeadShows_isRefused() throws IOException {
        // The content types that stand first say nothing of them.
        assertRefusedAs(
                "an Office document with macros",
                with(TYPES, types(DOCUMENT))
                        .withMuch("word/document.xml")
                        .with("word/vbaProject.bin", "macros")
                        .withMuch("word/media/image1.png")
                        .whole());
    }

    @Test
    void judge_contentTypesInTheMiddle_isWhatTheNamesSay() throws IOException {
        byte[] file = withMuch("word/document.xml")
                .with(TYPES, types(DOCUMENT))
                .withMuch("word/media/image1.png")
                .whole();
        assertThat(judge("a.docx", file)).isInstanceOf(Accepted.class);
    }

    @Test
    void judge_headThatTellsNothing_waitsForTheEnd() throws IOException {
        byte[] file = withMuch("docProps/thumbnail.jpeg")
                .with("word/document.xml", "x")
                .with(TYPES, types(DOCUMENT))
                .whole();
        assertThat(judge("a.docx", file)).isInstanceOf(Accepted.class);
        assertThat(judge("a.xlsx", file)).isInstanceOf(Refused.class);
    }

    @Test
    void judge_noContentTypesAtAll_isRefused() throws IOException {
        assertRefusedAs(
                "a ZIP archive",
                withMuch("word/document.xml").with("word/styles.xml", "").whole());
    }

    @Test
    void judge_templateByItsEnd_isRefused() throws IOException {
        assertRefusedAs(
                "an Office template",
                withMuch("word/document.xml")
                        .with(TYPES, types(DOCUMENT.replace("document.main", "template.main")))
                        .whole());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>&a;",
                "<!-- hidden -->",
                "application/vnd.ms-word.document.macro&#69;nabled.main+xml"
            })
    void judge_contentTypesInXmlThatHidesSomething_isRefused(String hiding) throws IOException {
        // CVE-2025-54988, CVE-2025-66516 (Tika: external entities in the XML of a document). Here nothing is ever
        // resolved.
        assertRefusedAs(
                "a ZIP archive",
                with(TYPES, types(DOCUMENT) + hiding)
                        .withMuch("word/document.xml")
                        .whole());
    }

    /** Office reads the macros; the rest are characters of Chinese to it, and an honest type to whoever reads ASCII. */
    @Test
    void judge_contentTypesInUtf16_isRefused() throws IOException {
        String list = new String(types(MACROS).getBytes(StandardCharsets.UTF_16), ISO_8859_1) + types(DOCUMENT);
        assertRefusedAs(
                "a ZIP archive", withMuch("word/document.xml").with(TYPES, list).whole());
    }

    /** The records of large archives, as a writer that does not know the size ahead adds them. */
    private byte[] large(byte[] file, int sizeOff, int startOff, int locatorOff) {
        int end = file.length - 22;
        ByteBuffer fields = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer all = ByteBuffer.allocate(file.length + 56 + 20).order(ByteOrder.LITTLE_ENDIAN);
        all.put(file, 0, end);
        long entries = fields.getShort(end + 10);
        all.putInt(0x06064b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0);
        all.putLong(entries).putLong(entries);
        all.putLong(fields.getInt(end + 12) + sizeOff).putLong(fields.getInt(end + 16) + startOff);
        all.putInt(0x07064b50).putInt(0).putLong(end + locatorOff).putInt(1);
        return all.put(file, end, 22).array();
    }

    @Test
    void judge_largeRecordsThatAgree_isADocument() throws IOException {
        byte[] file = withMuch("word/document.xml").with(TYPES, types(DOCUMENT)).whole();
        assertThat(judge("a.docx", large(file, 0, 0, 0))).isInstanceOf(Accepted.class);
    }

    /** Some programs take the one, others the other. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0", "0, -1, 0", "46, -46, 0", "0, 0, 1", "0, 0, -56"})
    void judge_twoDirectoriesByLargeRecords_isRefused(int sizeOff, int startOff, int locatorOff) throws IOException {
        byte[] file = withMuch("word/document.xml").with(TYPES, types(DOCUMENT)).whole();
        assertRefusedAs("a broken ZIP archive", large(file, sizeOff, startOff, locatorOff));
    }

    @Test
    void judge_programAppended_isRefused() throws IOException {
        byte[] document =
                with(TYPES, types(DOCUMENT)).withMuch("word/document.xml").whole();
        byte[] program = new PackageDirectoryTest()
                .with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0")
                .whole();
        byte[] both = concat(document, program);
        assertRefusedAs("a ZIP archive with something else in front of it", both);
        // The same with offsets that are right for where it stands.
        ByteBuffer.wrap(both)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(both.length - 6, document.length + lastInt(program, 6));
        assertRefusedAs("a program in a ZIP archive", both);
    }

    @Test
    void judge_twoEndsThatProgramsTakeDifferently_isRefused() throws IOException {
        byte[] document =
                with(TYPES, types(DOCUMENT)).withMuch("word/document.xml").whole();
        byte[] comment = Arrays.copyOfRange(document, document.length - 22, document.length);
        byte[] both = concat(document, comment);
        ByteBuffer.wrap(both).order(ByteOrder.LITTLE_ENDIAN).putShort(document.length - 2, (short) 22);
        assertRefusedAs("a broken ZIP archive", both);
    }

    @Test
    void judge_commentOrPaddingBehindTheEnd_isADocument() throws IOException {
        zip.setComment("x".repeat(5000));
        byte[] document =
                with(TYPES, types(DOCUMENT)).withMuch("word/document.xml").whole();
        assertThat(judge("a.docx", document)).isInstanceOf(Accepted.class);
        assertThat(judge("a.docx", concat(document, new byte[1000]))).isInstanceOf(Accepted.class);
    }

    @Test
    void judge_cutOff_isRefused() throws IOException {
        byte[] document =
                withMuch("word/document.xml").with(TYPES, types(DOCUMENT)).whole();
        assertRefusedAs("a broken ZIP archive", Arrays.copyOf(document, document.length - 22));
    }

    @Test
    void judge_directoryLongerThanTheEnd_isWhatTheHeadSays() throws IOException {
        with(TYPES, types(DOCUMENT)).withMuch("word/document.xml");
        for (int i = 0; i < 1000; i++) {
            with("word/media/a-picture-of-a-long-name-" + i + ".png", "x");
        }
        assertThat(judge("a.docx", whole())).isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @CsvSource({"1", "300", "70000"})
    void judge_damagedAnywhere_isAVerdict(int size) throws IOException {
        byte[] noise = new byte[size];
        new Random(3).nextBytes(noise);
        byte[] file = with("word/document.xml", new String(noise, ISO_8859_1))
                .with(TYPES, types(DOCUMENT))
                .with("word/styles.xml", "<w/>")
                .whole();
        Random random = new Random(20260226);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = file.clone();
            for (int i = 0; i < 4; i++) {
                int back = 1 + random.nextInt(Math.min(damaged.length - 4, 400));
                damaged[random.nextBoolean() ? damaged.length - back : 3 + back] = (byte) random.nextInt();
            }
            assertThat(judge("a.docx", damaged)).isNotNull();
        }
    }

    private static int lastInt(byte[] bytes, int back) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - back);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
