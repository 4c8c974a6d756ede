package dev.filestore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told that a refused file is. */
class AppearanceTest {

    @ParameterizedTest
    @CsvSource({
        "accepted/libreoffice.docx, a Word document",
        "accepted/poi.xlsx, an Excel workbook",
        "accepted/poi.xls, an Excel workbook",
        "accepted/libreoffice-large.head.doc, a compound file",
        "refused/ffmpeg.avif, an AVIF picture",
        "refused/ffmpeg.m4a, sound without a film",
        "refused/ffmpeg.mkv, a Matroska or WebM film",
        "refused/imagemagick.bmp, a BMP picture",
        "refused/imagemagick.heic, a HEIC picture",
        "refused/imagemagick.ico, an icon",
        "refused/imagemagick.tiff, a TIFF picture",
        "refused/libreoffice.docm, an Office document with macros",
        "refused/libreoffice.dotx, an Office template",
        "refused/libreoffice.odt, an OpenDocument file or an e-book",
        "refused/libreoffice.rtf, an RTF document",
        "refused/poi-encrypted.docx, an Office document with a password",
        "refused/poi.head.ppt, a presentation",
        "refused/poi.head.pptx, a presentation"
    })
    void of_realFile_isItsPlainName(String file, String words) throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("src/test/resources/corpus", file));
        Sight sight = bytes.length < MimePolicy.HEAD_BYTES ? Sight.of(bytes, bytes, bytes.length) : Sight.of(bytes);
        assertThat(Appearance.of(sight)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "'MZ\u0090', a Windows program",
        "'\u007fELF', a Linux program",
        "'#!/bin/sh', a script",
        "'<?php echo 1;', a script",
        "' <!DOCTYPE HTML><title>', a web page",
        "'\u00ef\u00bb\u00bf<script>', a web page",
        "'<?xml version=\"1.0\"?><svg/>', an SVG picture",
        "'<svg onload=\"x\">', an SVG picture",
        "'<?xml version=\"1.0\"?><a/>', XML",
        "'%!PS-Adobe-3.0', a PostScript document",
        "'hello\n%PDF-1.4', a PDF behind something else",
        "'a,b\n1,2', text",
        "'RIFF....WAVEfmt ', a WAVE sound",
        "'\u001f\u008b\u0008', an archive",
        "'7z\u00bc\u00af''\u001c', an archive",
        "'\u0001\u0002', of another type"
    })
    void of_start_isItsPlainName(String start, String words) {
        assertThat(Appearance.of(Sight.of(start.getBytes(ISO_8859_1)))).isEqualTo(words);
    }
}
