package dev.filestore;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What bytes that are refused look like, in words for the message: most who meet a refusal have picked a HEIC picture, a
 * renamed file or an archive. A guess, and nothing is decided by it. Nothing of the bytes is repeated.
 */
final class Appearance {

    private static final String UNKNOWN = "of another type";

    private static final Map<String, Predicate<byte[]>> MARKS = new LinkedHashMap<>();

    static {
        mark("a Windows program", "MZ");
        mark("a Linux program", "\u007fELF");
        mark("a program for macOS", "\u00cf\u00fa\u00ed\u00fe", "\u00ce\u00fa\u00ed\u00fe");
        mark("a compiled Java class", "\u00ca\u00fe\u00ba\u00be\0\0\0");
        mark("a WebAssembly program", "\0asm");
        mark("a script", "#!", "<?php");
        mark("an RTF document", "{\\rtf");
        mark("a PostScript document", "%!PS");
        mark("a TIFF picture", "II*\0", "MM\0*");
        mark("a Photoshop picture", "8BPS");
        mark("an icon", "\0\0\u0001\0");
        mark("a JPEG XL picture", "\u00ff\n", "\0\0\0\fJXL ");
        mark("a JPEG 2000 picture", "\0\0\0\fjP  ");
        mark("a JPEG-LS picture", "\u00ff\u00d8\u00ff\u00f7");
        mark("a Matroska or WebM film", "\u001aE\u00df\u00a3");
        mark("a Flash film", "FLV\u0001");
        mark("a Windows Media film", "0&\u00b2u\u008ef\u00cf\u0011");
        mark("an MPEG film", "\0\0\u0001\u00ba", "\0\0\u0001\u00b3");
        mark("sound", "ID3", "OggS", "fLaC", "\u00ff\u00fb", "\u00ff\u00f3", "\u00ff\u00f1");
        mark(
                "an archive",
                "\u001f\u008b",
                "7z\u00bc\u00af'\u001c",
                "Rar!\u001a\u0007",
                "BZh",
                "\u00fd7zXZ\0",
                "(\u00b5/\u00fd");
        mark("a database", "SQLite format 3\0");
        mark("a ZIP archive", "PK\u0005\u0006", "PK\u0007\u0008");
        MARKS.put("a BMP picture", Magic.at(0, "BM").and(Magic.at(6, "\0\0\0\0")));
        MARKS.put("a tar archive", Magic.at(257, "ustar"));
        MARKS.put("a WAVE sound", Magic.at(0, "RIFF").and(Magic.at(8, "WAVE")));
    }

    private static final Set<String> HEIC = Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1");
    private static final Set<String> AVIF = Set.of("avif", "avis");
    private static final Set<String> SOUND = Set.of("M4A ", "M4B ", "M4P ", "F4A ", "F4B ", "aax ");

    /** What a browser takes for the start of a page (WHATWG, MIME Sniffing, 7.1). */
    private static final List<String> PAGE = List.of(
            "<!doctype html",
            "<html",
            "<head",
            "<body",
            "<script",
            "<iframe",
            "<style",
            "<title",
            "<table",
            "<div",
            "<h1",
            "<a",
            "<b",
            "<p",
            "<font",
            "<!--");

    private static final int LONGEST_TEXT = 1024;

    private Appearance() {}

    private static void mark(String words, String... starts) {
        List<Magic> magics = Stream.of(starts).map(start -> Magic.at(0, start)).toList();
        MARKS.put(words, head -> magics.stream().anyMatch(magic -> magic.test(head)));
    }

    /** What a sentence goes on with that starts with "the bytes are". */
    static String of(Sight sight) {
        byte[] head = sight.head();
        if (OfficePackage.isArchive(head)) {
            return OfficePackage.parts(sight).words();
        }
        if (CompoundFile.isCompound(head)) {
            Set<CompoundFile.Kind> kinds = CompoundFile.kinds(sight);
            return kinds.size() == 1 ? kinds.iterator().next().words : "a compound file";
        }
        for (Map.Entry<String, Predicate<byte[]>> mark : MARKS.entrySet()) {
            if (mark.getValue().test(head)) {
                return mark.getKey();
            }
        }
        return IsoMedia.brand(head).map(Appearance::ofBrand).orElseGet(() -> ofText(head));
    }

    private static String ofBrand(String brand) {
        if (HEIC.contains(brand)) {
            return "a HEIC picture";
        }
        if (AVIF.contains(brand)) {
            return "an AVIF picture";
        }
        return SOUND.contains(brand) ? "sound without a film" : UNKNOWN;
    }

    private static String ofText(byte[] head) {
        int length = Math.min(head.length, LONGEST_TEXT);
        for (int i = 0; i < length; i++) {
            boolean control = head[i] >= 0 && head[i] < ' ' && head[i] != '\t' && head[i] != '\n' && head[i] != '\r';
            if (control) {
                return UNKNOWN;
            }
        }
        String text = new String(head, 0, length, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        String start = (text.startsWith("\ufeff") ? text.substring(1) : text).stripLeading();
        if (start.startsWith("%pdf-") || start.contains("\n%pdf-")) {
            return "a PDF behind something else";
        }
        if (start.startsWith("<svg") || (start.startsWith("<?xml") && start.contains("<svg"))) {
            return "an SVG picture";
        }
        if (start.startsWith("<?xml")) {
            return start.contains("<html") ? "a web page" : "XML";
        }
        return PAGE.stream().anyMatch(start::startsWith) ? "a web page" : "text";
    }
}
