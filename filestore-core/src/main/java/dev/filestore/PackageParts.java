package dev.filestore;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What the parts of a ZIP archive say of it, those that are in sight (ECMA-376 part 2): the list of content types decides
 * where it is among them, and else the names do.
 */
final class PackageParts {

    static final String CONTENT_TYPES = "[Content_Types].xml";

    private static final String WORD_MAIN =
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    private static final String EXCEL_MAIN =
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

    /** What the names of parts start with that tell nothing. */
    private static final List<String> OF_ANY_DOCUMENT =
            List.of(CONTENT_TYPES, "_rels/", "docProps/", "docMetadata/", "customXml/", "customUI/", "word/", "xl/");

    /** Some kilobytes of a deflated entry can stand for megabytes; a list of content types has some kilobytes. */
    private static final int LONGEST_CONTENT = 128 * 1024;

    /** All that is inflated of one archive: honest text of so few kilobytes has less. */
    private int inflatable = 8 * LONGEST_CONTENT;

    private final StringBuilder contentTypes = new StringBuilder();
    private boolean contentTypesWhole;
    private boolean allInSight;
    private boolean word;
    private boolean excel;
    private boolean strange;
    private String otherwise = "";

    /** Takes note of a part. */
    void add(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean markup = lower.endsWith(".xml") || lower.endsWith(".rels");
        if (lower.endsWith("/vbaproject.bin")
                || lower.endsWith("/vbadata.xml")
                || lower.startsWith("xl/macrosheets/")) {
            other("an Office document with macros");
        } else if (lower.startsWith("ppt/")) {
            other("a presentation");
        } else if (lower.equals("xl/workbook.bin")) {
            other("a binary Excel workbook");
        } else if (name.equals("mimetype")) {
            other("an OpenDocument file or an e-book");
        } else if (name.equals("META-INF/MANIFEST.MF") || name.equals("AndroidManifest.xml")) {
            other("a program in a ZIP archive");
        } else if (markup && name.startsWith("word/")) {
            word = true;
        } else if (markup && name.startsWith("xl/")) {
            excel = true;
        } else if (OF_ANY_DOCUMENT.stream().noneMatch(name::startsWith)) {
            strange = true;
        }
    }

    /** Takes note of something that no document has. */
    void other(String words) {
        if (otherwise.isEmpty()) {
            otherwise = words;
        }
    }

    /** Takes note that nothing of the archive is left to be seen. */
    void allInSight() {
        allInSight = true;
    }

    boolean hasContentTypes() {
        return !contentTypes.isEmpty();
    }

    /** Takes note of the list of content types, or of as much of it as is in sight. */
    void contentTypes(byte[] bytes, int start, int end, boolean whole) {
        contentTypes.append(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
        contentTypesWhole |= whole;
    }

    /** Inflates, and returns where the deflated bytes end, or -1 where they do not end within sight. */
    int inflate(byte[] bytes, int start, int end, boolean areContentTypes) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes, start, end - start);
            byte[] buffer = new byte[4096];
            int total = 0;
            for (int read = inflater.inflate(buffer); read > 0; read = inflater.inflate(buffer)) {
                total += read;
                inflatable -= read;
                if (total > LONGEST_CONTENT || inflatable < 0) {
                    return -1;
                }
                if (areContentTypes) {
                    contentTypes(buffer, 0, read, false);
                }
            }
            contentTypesWhole |= areContentTypes && inflater.finished();
            return inflater.finished() ? start + (int) inflater.getBytesRead() : -1;
        } catch (DataFormatException e) {
            return -1;
        } finally {
            inflater.end();
        }
    }

    OfficePackage.Kind kind() {
        boolean wordMain = names(WORD_MAIN);
        boolean excelMain = names(EXCEL_MAIN);
        // Whole and of neither main type: a template, a document with macros, a presentation, no document at all.
        boolean otherMain = (contentTypesWhole || allInSight) && !wordMain && !excelMain;
        if (!otherwise.isEmpty() || otherMain || hasMacros() || isObscure()) {
            return OfficePackage.Kind.OTHER;
        }
        boolean isWord = word || wordMain;
        boolean isExcel = excel || excelMain;
        if (isWord == isExcel) {
            return isWord || strange ? OfficePackage.Kind.OTHER : OfficePackage.Kind.UNKNOWN;
        }
        return isWord ? OfficePackage.Kind.WORD : OfficePackage.Kind.EXCEL;
    }

    /** In plain words, for a message; any archive is a ZIP archive at least. */
    String words() {
        if (!otherwise.isEmpty()) {
            return otherwise;
        }
        if (hasMacros()) {
            return "an Office document with macros";
        }
        return switch (kind()) {
            case WORD -> "a Word document";
            case EXCEL -> "an Excel workbook";
            case UNKNOWN, OTHER ->
                contentTypes.indexOf("template.main+xml") >= 0 ? "an Office template" : "a ZIP archive";
        };
    }

    private boolean names(String mainType) {
        return contentTypes.indexOf('"' + mainType + '"') >= 0 || contentTypes.indexOf("'" + mainType + "'") >= 0;
    }

    private boolean hasMacros() {
        // Media types are compared without regard to case.
        String types = contentTypes.toString().toLowerCase(Locale.ROOT);
        return types.contains("vbaproject") || types.contains("macroenabled") || types.contains("macrosheet");
    }

    /**
     * What XML can hide a type behind: no program writes a comment, a declaration or a numbered character there, or
     * anything but ASCII, as UTF-16 is not.
     */
    private boolean isObscure() {
        return contentTypes.indexOf("<!") >= 0 || contentTypes.indexOf("&#") >= 0 || contentTypes.indexOf("\0") >= 0;
    }
}
