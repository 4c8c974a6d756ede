package dev.filestore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Office packages in every order and form that archives can take. */
class OfficePackageTest {

    private static final String FORMATS = "application/vnd.openxmlformats-officedocument.";
    private static final String DOCX = types("/word/document.xml", FORMATS + "wordprocessingml.document.main+xml");
    private static final String XLSX = types("/xl/workbook.xml", FORMATS + "spreadsheetml.sheet.main+xml");

    private enum Form {
        DEFLATED_WITH_DESCRIPTOR,
        DEFLATED_WITH_SIZES,
        STORED_WITH_SIZES
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    private static String types(String part, String type) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                + "content-types\"><Override PartName=\"" + part + "\" ContentType=\"" + type + "\"/></Types>";
    }

    private void add(Form form, String name, String text) throws IOException {
        byte[] content = text.getBytes(UTF_8);
        ZipEntry entry = new ZipEntry(name);
        if (form != Form.DEFLATED_WITH_DESCRIPTOR) {
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setCrc(crc.getValue());
            entry.setSize(content.length);
        }
        if (form == Form.STORED_WITH_SIZES) {
            entry.setMethod(ZipEntry.STORED);
        } else if (form == Form.DEFLATED_WITH_SIZES) {
            entry.setCompressedSize(deflatedLength(content));
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static int deflatedLength(byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(content);
        deflater.finish();
        int length = deflater.deflate(new byte[content.length + 100]);
        deflater.end();
        return length;
    }

    private OfficePackage.Kind kind() throws IOException {
        zip.close();
        return OfficePackage.kind(
                Sight.of(Arrays.copyOf(bytes.toByteArray(), Math.min(bytes.size(), MimePolicy.HEAD_BYTES))));
    }

    /** So many characters that do not deflate well. */
    private static String noise(int length) {
        return new Random(length)
                .ints(length, ' ', '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @ParameterizedTest
    @EnumSource
    void kind_contentTypesFirst_isTheirMainType(Form form) throws IOException {
        add(form, "[Content_Types].xml", DOCX);
        add(form, "_rels/.rels", "<Relationships/>");
        add(form, "word/document.xml", noise(20_000));
        assertThat(kind()).isEqualTo(OfficePackage.Kind.WORD);
    }

    @ParameterizedTest
    @EnumSource
    void kind_contentTypesLastInSight_isTheirMainType(Form form) throws IOException {
        add(form, "_rels/.rels", "<Relationships/>");
        add(form, "docProps/app.xml", noise(500));
        add(form, "[Content_Types].xml", XLSX);
        assertThat(kind()).isEqualTo(OfficePackage.Kind.EXCEL);
    }

    @ParameterizedTest
    @EnumSource
    void kind_contentTypesOutOfSight_isWhatThePartsSay(Form form) throws IOException {
        add(form, "_rels/.rels", "<Relationships/>");
        add(form, "xl/workbook.xml", "<workbook/>");
        add(form, "xl/worksheets/sheet1.xml", noise(30_000));
        add(form, "[Content_Types].xml", XLSX);
        assertThat(kind()).isEqualTo(OfficePackage.Kind.EXCEL);
    }

    @ParameterizedTest
    @EnumSource
    void kind_contentTypesBehindOtherEntries_areReached(Form form) throws IOException {
        add(form, "word/document.xml", "<document/>");
        add(form, "word/styles.xml", noise(2_000));
        add(
                form,
                "[Content_Types].xml",
                types("/word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"));
        add(form, "word/settings.xml", noise(30_000));
        assertThat(kind()).isEqualTo(OfficePackage.Kind.OTHER);
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    })
    void kind_otherMainType_isOtherWhateverThePartsAreCalled(String type) throws IOException {
        add(Form.DEFLATED_WITH_SIZES, "[Content_Types].xml", types("/word/document.xml", type));
        add(Form.DEFLATED_WITH_SIZES, "word/document.xml", noise(20_000));
        assertThat(kind()).isEqualTo(OfficePackage.Kind.OTHER);
    }

    @ParameterizedTest
    @CsvSource({
        "word/vbaProject.bin",
        "mimetype",
        "META-INF/MANIFEST.MF",
        "AndroidManifest.xml",
        "ppt/presentation.xml",
        "xl/workbook.xml"
    })
    void kind_documentWithAPartThatItCannotHave_isOther(String part) throws IOException {
        add(Form.STORED_WITH_SIZES, part, "x");
        add(Form.STORED_WITH_SIZES, "word/document.xml", noise(20_000));
        add(Form.STORED_WITH_SIZES, "[Content_Types].xml", DOCX);
        assertThat(kind()).isEqualTo(OfficePackage.Kind.OTHER);
    }

    @Test
    void kind_sheetInsideADocument_doesNotCount() throws IOException {
        add(Form.STORED_WITH_SIZES, "word/embeddings/Sheet1.xlsx", "PK");
        add(Form.STORED_WITH_SIZES, "word/document.xml", noise(20_000));
        assertThat(kind()).isEqualTo(OfficePackage.Kind.WORD);
    }

    @ParameterizedTest
    @EnumSource
    void kind_plainArchive_isOther(Form form) throws IOException {
        add(form, "readme.txt", "hello");
        add(form, "data/words.csv", noise(20_000));
        assertThat(kind()).isEqualTo(OfficePackage.Kind.OTHER);
    }

    @ParameterizedTest
    @EnumSource
    void kind_wholeArchiveWithoutContentTypes_isOtherWhateverItsNames(Form form) throws IOException {
        add(form, "word/document.xml", "<document/>");
        assertThat(kind()).isEqualTo(OfficePackage.Kind.OTHER);
    }

    @Test
    void kind_secondListOfContentTypes_isOther() throws IOException {
        add(Form.values()[0], "[Content_Types].xml", DOCX);
        // The stream refuses the same name twice, the file that comes out of it does not.
        add(Form.values()[0], "[Content_Types].xmZ", DOCX);
        add(Form.values()[0], "word/document.xml", "<w:document/>");
        zip.close();
        byte[] twice = bytes.toString(StandardCharsets.ISO_8859_1)
                .replace(".xmZ", ".xml")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(OfficePackage.kind(Sight.of(bytes.toByteArray()))).isEqualTo(OfficePackage.Kind.WORD);
        assertThat(OfficePackage.kind(Sight.of(twice))).isEqualTo(OfficePackage.Kind.OTHER);
    }

    @Test
    void kind_contentTypesThatInflateWithoutEnd_areGivenUp() throws IOException {
        add(Form.DEFLATED_WITH_SIZES, "[Content_Types].xml", " ".repeat(5_000_000) + DOCX);
        add(Form.DEFLATED_WITH_SIZES, "word/document.xml", "<document/>");
        assertThat(kind()).isEqualTo(OfficePackage.Kind.OTHER);
    }

    @Test
    void kind_encryptedEntries_isOther() throws IOException {
        add(Form.STORED_WITH_SIZES, "word/document.xml", noise(20_000));
        zip.close();
        byte[] head = Arrays.copyOf(bytes.toByteArray(), MimePolicy.HEAD_BYTES);
        assertThat(OfficePackage.kind(Sight.of(head))).isEqualTo(OfficePackage.Kind.WORD);
        head[6] |= 1;
        assertThat(OfficePackage.kind(Sight.of(head))).isEqualTo(OfficePackage.Kind.OTHER);
    }

    @Test
    void kind_archiveBehindSomethingElse_isOther() throws IOException {
        add(Form.DEFLATED_WITH_SIZES, "[Content_Types].xml", DOCX);
        zip.close();
        byte[] behind = ("<script>" + bytes.toString(ISO_8859_1)).getBytes(ISO_8859_1);
        assertThat(OfficePackage.kind(Sight.of(behind))).isEqualTo(OfficePackage.Kind.OTHER);
    }

    @Test
    void kind_damagedHead_alwaysEnds() throws IOException {
        for (Form form : Form.values()) {
            add(form, form + "/[Content_Types].xml", DOCX);
            add(form, form + "/word/document.xml", noise(300));
        }
        zip.close();
        Random random = new Random(20260226);
        for (int round = 0; round < 20_000; round++) {
            byte[] head = bytes.toByteArray();
            for (int i = 0; i < 4; i++) {
                head[4 + random.nextInt(head.length - 4)] = (byte) random.nextInt();
            }
            assertThat(OfficePackage.kind(Sight.of(head))).isNotNull();
        }
    }
}
