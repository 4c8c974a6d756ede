package dev.filestore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.MimePolicy.Accepted;
import dev.filestore.MimePolicy.AcceptedSoFar;
import dev.filestore.MimePolicy.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that are two things at once, under every claim of name and type that there is: each is refused, or gets the one harmless
 * type that its marks show; never one that a browser would run, and never that of the other thing. What a page does that
 * is hidden in a picture is up to {@code nosniff}, see docs/types.md.
 *
 * <p>CVE-2026-33173, CVE-2026-66066 (Rails: the client's own word for the type was kept, and hostile bytes met decoders
 * that they were not for): here no claim changes what bytes are.
 */
class PolyglotTest {

    private static final AllowedTypes POLICY = AllowedTypes.standard();

    private static final List<String> EXTENSIONS = List.of(
            "",
            ".jpg",
            ".jpeg",
            ".jpe",
            ".jfif",
            ".png",
            ".webp",
            ".gif",
            ".mp4",
            ".m4v",
            ".mov",
            ".qt",
            ".avi",
            ".pdf",
            ".doc",
            ".docx",
            ".xls",
            ".xlsx",
            ".html",
            ".htm",
            ".svg",
            ".js",
            ".xhtml",
            ".xml",
            ".php",
            ".exe",
            ".jar",
            ".zip",
            ".gif.html",
            ".html.gif",
            ".png;.js",
            ".svgz",
            ".shtml",
            ".mht");

    private static final List<String> DECLARED = List.of(
            "",
            "application/octet-stream",
            "image/jpeg",
            "image/png",
            "image/webp",
            "image/gif",
            "video/mp4",
            "video/quicktime",
            "video/x-msvideo",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/zip",
            "text/html",
            "image/svg+xml",
            "text/javascript",
            "application/xhtml+xml",
            "text/xml",
            "text/plain",
            "application/java-archive",
            "image/gif, text/html",
            "image/gif;text/html",
            "text/html;image/gif",
            "multipart/x-mixed-replace",
            "*/*");

    private static final String SCRIPT = "<script>alert(document.domain)</script>";
    private static final String PNG =
            "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0001\0\0\0\u0001\u0008\u0002\0\0\0\u0090wS\u00de";
    private static final String JPEG = "\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0";
    private static final String MP4 = "\0\0\0\u0014ftypisom\0\0\u0002\0mp41";
    private static final String PDF = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

    static Stream<Arguments> files() throws IOException {
        String jar = archive("META-INF/MANIFEST.MF", "Main-Class: Evil");
        String docx = archive(
                "[Content_Types].xml",
                "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-"
                        + "officedocument.wordprocessingml.document.main+xml\"/></Types>",
                "word/document.xml",
                noise(100_000));
        return Stream.of(
                Arguments.of("GIF and JavaScript", "GIF89a/*\0\0\0*/=1;alert(1)", "image/gif"),
                Arguments.of("GIF and a page", "GIF89a" + SCRIPT, "image/gif"),
                Arguments.of("GIF and a JAR", "GIF89a\1\0\1\0\0\0\0;" + jar, "image/gif"),
                Arguments.of("GIF and PDF", "GIF89a\1\0\1\0\0\0\0;" + PDF, "image/gif"),
                Arguments.of("PNG with a script behind it", PNG + "\0\0\0\0IEND\u00aeB`\u0082" + SCRIPT, "image/png"),
                Arguments.of(
                        "PNG with PHP in a comment", PNG + "\0\0\0\u0017tEXtComment\0<?php phpinfo()?>", "image/png"),
                Arguments.of("PNG signature and a page", "\u0089PNG\r\n\u001a\n" + SCRIPT, ""),
                Arguments.of("JPEG with a page in a comment", JPEG + "\u00ff\u00fe\0)" + SCRIPT, "image/jpeg"),
                Arguments.of(
                        "JPEG whose length is a comment", "\u00ff\u00d8\u00ff\u00e0/*JFIF*/=alert(1)/*", "image/jpeg"),
                Arguments.of("JPEG start and a page", "\u00ff\u00d8\u00ff" + SCRIPT, ""),
                Arguments.of("JPEG and a JAR", JPEG + "\u00ff\u00d9" + jar, "image/jpeg"),
                Arguments.of("WebP with a page inside", "RIFF@\0\0\0WEBPVP8X" + SCRIPT, "image/webp"),
                Arguments.of("RIFF whose size is JavaScript", "RIFF=1/*WEBPVP8 */;alert(1)", "image/webp"),
                Arguments.of("RIFF of no kind", "RIFF@\0\0\0" + SCRIPT, ""),
                Arguments.of("WAVE named as a film", "RIFF@\0\0\0WAVEfmt " + SCRIPT, ""),
                Arguments.of("AVI with a page inside", "RIFF\0\1\0\0AVI LIST@\0\0\0hdrl" + SCRIPT, "video/x-msvideo"),
                Arguments.of("AVI and then a page", "RIFF\0\1\0\0AVI " + SCRIPT, ""),
                Arguments.of("MP4 with a page in a free box", MP4 + "\0\0\1\0free" + SCRIPT, "video/mp4"),
                Arguments.of("HEIC with the brand of a film", "\0\0\0\u0018ftypheic\0\0\0\0isommp42", ""),
                Arguments.of("page with the name of a box", "<!--ftypisom-->" + SCRIPT, ""),
                Arguments.of("film without a type and a page", "\0\0\0\u0008wide" + SCRIPT, ""),
                Arguments.of("PDF and a page", PDF + SCRIPT, "application/pdf"),
                Arguments.of("PDF and a JAR", PDF + jar, "application/pdf"),
                Arguments.of("page and then a PDF", SCRIPT + PDF, ""),
                Arguments.of("program and then a PDF", "MZ\u0090\0" + PDF, ""),
                Arguments.of("PDF as a comment of JavaScript", "/*%PDF-1.4*/alert(1)", ""),
                Arguments.of("PDF version that is markup", "%PDF-<html>" + SCRIPT, ""),
                Arguments.of("archive and then a PDF", jar + PDF, ""),
                Arguments.of("JAR", jar, ""),
                Arguments.of("document and a JAR", docx + jar, ""),
                Arguments.of("document behind a page", SCRIPT + docx, ""),
                Arguments.of("BMP and JavaScript", "BM/*\0\0\0\0\0\0*/=1;alert(1)", ""),
                Arguments.of("SVG", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", ""),
                Arguments.of("SVG behind a declaration", "<?xml version='1.0'?><svg onload='alert(1)'/>", ""),
                Arguments.of("XHTML", "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", ""),
                Arguments.of("page", "<!DOCTYPE html>" + SCRIPT, ""),
                Arguments.of("page behind white space", " ".repeat(600) + SCRIPT, ""),
                Arguments.of("page in UTF-16", "\u00ff\u00fe<\0s\0c\0r\0i\0p\0t\0>\0", ""),
                Arguments.of("JavaScript", "alert(1)//", ""),
                Arguments.of("Flash", "CWS\u0009\0\0\0\0", ""),
                Arguments.of("saved page", "MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void judge_everyClaimOfNameAndType_givesItsHarmlessTypeOrNone(String what, String content, String type) {
        byte[] file = content.getBytes(ISO_8859_1);
        Set<String> given = new TreeSet<>();
        for (String extension : EXTENSIONS) {
            for (String declared : DECLARED) {
                if (whole("a" + extension, declared, file) instanceof Accepted accepted) {
                    given.add(accepted.contentType());
                }
            }
        }
        assertThat(given).isEqualTo(type.isEmpty() ? Set.of() : Set.of(type));
    }

    @Test
    void types_standard_areNoneThatABrowserRuns() {
        for (String extension : EXTENSIONS) {
            for (String declared : DECLARED) {
                for (String head : List.of(PNG, JPEG, "GIF89a", PDF, MP4)) {
                    if (whole("a" + extension, declared, head.getBytes(ISO_8859_1)) instanceof Accepted accepted) {
                        assertThat(accepted.contentType())
                                .doesNotContain("html", "svg", "javascript", "text/", "flash", "java-archive")
                                .isNotEqualTo("application/xml");
                    }
                }
            }
        }
    }

    /** The verdict when all bytes have passed. */
    static Verdict whole(String name, String declared, byte[] file) {
        byte[] head = Arrays.copyOf(file, Math.min(file.length, MimePolicy.HEAD_BYTES));
        Verdict verdict = POLICY.judge(name, declared, head);
        if (verdict instanceof AcceptedSoFar soFar) {
            byte[] end = Arrays.copyOfRange(file, Math.max(0, file.length - MimePolicy.END_BYTES), file.length);
            return soFar.end()
                    .judge(end, file.length)
                    .<Verdict>map(refused -> refused)
                    .orElse(soFar.accepted());
        }
        return verdict;
    }

    private static String archive(String... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            List<String> parts = new ArrayList<>(List.of(namesAndContents));
            while (!parts.isEmpty()) {
                zip.putNextEntry(new ZipEntry(parts.remove(0)));
                zip.write(parts.remove(0).getBytes(ISO_8859_1));
            }
        }
        return bytes.toString(ISO_8859_1);
    }

    private static String noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new String(bytes, ISO_8859_1);
    }
}
