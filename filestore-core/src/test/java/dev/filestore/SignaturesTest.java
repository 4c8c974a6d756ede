package dev.filestore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.MimePolicy.Accepted;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The marks of the standard types on bytes made here. */
class SignaturesTest {

    private static final AllowedTypes POLICY = AllowedTypes.standard();

    private static boolean isAccepted(String name, byte[] head) {
        return POLICY.judge(name, null, head) instanceof Accepted;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] box(int size, String content) {
        byte[] bytes = bytes(content);
        return ByteBuffer.allocate(4 + bytes.length).putInt(size).put(bytes).array();
    }

    private static byte[] fileType(String major, String... compatible) {
        String brands = major + "\0\0\0\0" + String.join("", compatible);
        return box(8 + brands.length(), "ftyp" + brands);
    }

    @Nested
    class Pictures {

        @ParameterizedTest
        @ValueSource(strings = {"jpg", "png", "gif"})
        void judge_pictureOfTheJdk_isAccepted(String format) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), format, out);
            assertThat(isAccepted("a." + format, out.toByteArray())).isTrue();
        }

        @Test
        void judge_jpegStart_needsAMarkerThatMayFollow() {
            assertThat(isAccepted("a.jpg", bytes("\u00ff\u00d8\u00ff\u00e1"))).isTrue();
            assertThat(isAccepted("a.jpg", bytes("\u00ff\u00d8\u00ff\u00db"))).isTrue();
            // JPEG-LS, which no browser shows.
            assertThat(isAccepted("a.jpg", bytes("\u00ff\u00d8\u00ff\u00f7"))).isFalse();
            assertThat(isAccepted("a.jpg", bytes("\u00ff\u00d8\u00ff<"))).isFalse();
            assertThat(isAccepted("a.jpg", bytes("\u00ff\u00d8\u00ff"))).isFalse();
        }

        @Test
        void judge_pngWithoutItsFirstChunk_isRefused() {
            assertThat(isAccepted("a.png", bytes("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR")))
                    .isTrue();
            assertThat(isAccepted("a.png", bytes("\u0089PNG\r\n\u001a\n\0\0\0\u0004CgBI")))
                    .isFalse();
            assertThat(isAccepted("a.png", bytes("\u0089PNG\r\n\u001a\n<script>")))
                    .isFalse();
        }

        @Test
        void judge_riffOfAnotherKind_isRefused() {
            assertThat(isAccepted("a.webp", bytes("RIFF\0\0\0\0WEBPVP8L"))).isTrue();
            assertThat(isAccepted("a.webp", bytes("RIFF\0\0\0\0WAVEfmt "))).isFalse();
            assertThat(isAccepted("a.avi", bytes("RIFF\0\0\0\0AVI LIST\0\0\0\0hdrl")))
                    .isTrue();
            assertThat(isAccepted("a.avi", bytes("RIFF\0\0\0\0AVI <script>\0\0\0")))
                    .isFalse();
            assertThat(isAccepted("a.avi", bytes("RIFF\0\0\0\0WAVEfmt "))).isFalse();
        }
    }

    @Nested
    class Films {

        @ParameterizedTest
        @ValueSource(strings = {"isom", "iso2", "iso6", "mp41", "mp42", "avc1", "M4V ", "dash", "3gp4", "3gp5", "MSNV"})
        void judge_mp4OfAKnownBrand_isAccepted(String brand) {
            assertThat(isAccepted("a.mp4", fileType(brand))).isTrue();
            assertThat(isAccepted("a.mov", fileType(brand))).isFalse();
        }

        @ParameterizedTest
        @CsvSource({"'qt  '", "heic", "mif1", "avif", "avis", "'M4A '", "'M4B '", "'crx '", "'jp2 '"})
        void judge_otherThingInBoxes_isNoMp4EvenIfItListsABrand(String brand) {
            assertThat(isAccepted("a.mp4", fileType(brand, "isom", "mp42"))).isFalse();
        }

        @Test
        void judge_unknownMajorBrand_isMp4ByACompatibleOne() {
            assertThat(isAccepted("a.mp4", fileType("CAEP", "CAEP", "mp42"))).isTrue();
            assertThat(isAccepted("a.mp4", fileType("CAEP", "CAEP"))).isFalse();
        }

        @Test
        void judge_brandBehindTheBox_doesNotCount() {
            byte[] head = fileType("CAEP", "CAEP", "mp42");
            ByteBuffer.wrap(head).putInt(0, head.length - 4);
            assertThat(isAccepted("a.mp4", head)).isFalse();
        }

        @Test
        void judge_quickTimeBrand_isMov() {
            assertThat(isAccepted("a.mov", fileType("qt  "))).isTrue();
            assertThat(isAccepted("a.mov", fileType("mp42", "qt  "))).isTrue();
            assertThat(isAccepted("a.mp4", fileType("mp42", "qt  "))).isTrue();
            assertThat(isAccepted("a.mov", fileType("heic", "qt  "))).isFalse();
        }

        @Test
        void judge_filmWithoutFileType_isMov() {
            assertThat(isAccepted("a.mov", box(5000, "moov\0\0\0lmvhd\0\0\0\0")))
                    .isTrue();
            assertThat(isAccepted("a.qt", box(5_000_000, "mdat\0\0\0\0\0\0\0\0")))
                    .isTrue();
            assertThat(isAccepted("a.mov", box(8, "wide\0\u0001\u0002\u0003mdat\0\0\0\0")))
                    .isTrue();
            assertThat(isAccepted("a.mov", box(16, "free\0\0\0\0\0\0\0\0\0\0\0lmoov")))
                    .isTrue();
            assertThat(isAccepted("a.mp4", box(5000, "moov\0\0\0lmvhd\0\0\0\0")))
                    .isFalse();
            assertThat(isAccepted("a.mov", box(5000, "moov\0\0\0lxxxx\0\0\0\0")))
                    .isFalse();
            assertThat(isAccepted("a.mov", box(16, "free\0\0\0\0\0\0\0\0\0\0\0ltext")))
                    .isFalse();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "<!--moov--><script>alert(1)</script>",
                    "<!--mdat--><script>alert(1)</script>",
                    "<!--ftypisom--><script>alert(1)</script>",
                    "The free beer is over there, they say",
                    "\n<b>mdat<script>alert(1)</script>",
                    "<!--moov....mvhd<script>"
                })
        void judge_textWithTheNameInItsPlace_isRefused(String text) {
            assertThat(isAccepted("a.mov", bytes(text))).isFalse();
            assertThat(isAccepted("a.mp4", bytes(text))).isFalse();
        }
    }

    @Nested
    class Pdf {

        @ParameterizedTest
        @ValueSource(strings = {"%PDF-1.4\n", "%PDF-2.0\r\n", "\u00ef\u00bb\u00bf%PDF-1.7", "\r\n\r\n  %PDF-1.3\r"})
        void judge_header_mayFollowWhiteSpace(String head) {
            assertThat(isAccepted("a.pdf", bytes(head))).isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "<html>%PDF-1.4",
                    "MZ\u0090\0%PDF-1.4",
                    "%PDF-",
                    "%PDF-x.y",
                    "%!PS-Adobe-3.0 PDF-1.4",
                    "GIF89a%PDF-1.4",
                    "\u001b%-12345X@PJL\r\n%PDF-1.4"
                })
        void judge_anythingElseInFront_isRefused(String head) {
            assertThat(isAccepted("a.pdf", bytes(head))).isFalse();
        }

        @Test
        void judge_headerBehindAKilobyteOfWhiteSpace_isRefused() {
            assertThat(isAccepted("a.pdf", bytes(" ".repeat(1023) + "%PDF-1.4")))
                    .isTrue();
            assertThat(isAccepted("a.pdf", bytes(" ".repeat(1025) + "%PDF-1.4")))
                    .isFalse();
        }
    }

    /** Each of these under each allowed name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "MZ\u0090\0\u0003\0\0\0\u0004\0\0\0\u00ff\u00ff\0\0This program cannot be run in DOS mode",
                "\u007fELF\u0002\u0001\u0001\0",
                "#!/bin/sh\nrm -rf /\n",
                "<!DOCTYPE html><script>alert(1)</script>",
                "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
                "<?php system($_GET['x']);",
                "{\\rtf1 hello}",
                "a,b,c\n1,2,3\n",
                "\0"
            })
    void judge_plainLie_isRefusedUnderEveryName(String lie) {
        byte[] head = bytes(lie);
        for (String name : List.of(
                "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "mp4", "m4v", "mov", "qt", "avi", "pdf", "doc",
                "docx", "xls", "xlsx")) {
            assertThat(isAccepted("a." + name, head)).as(name).isFalse();
        }
    }
}
