package dev.filestore;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** What becomes of the name that a user gave a file. */
final class FileNames {

    /** The longest name that is kept, in UTF-16 characters: what the database's column holds. */
    static final int MAX_LENGTH = 255;

    /** The longest end of a name that is taken for an extension, in UTF-16 characters without the dot. */
    static final int LONGEST_EXTENSION = 16;

    private static final String NAMELESS = "file";

    /** Hangul fillers and the empty Braille cell, which Unicode takes for letters and a symbol. */
    private static final String BLANKS = "\u3164\uffa0\u2800";

    /** How much of a longer name is read at its start and at its end: normalising takes time that grows faster. */
    private static final int READ_AT_START = 2048;

    private static final int READ_AT_END = 256;

    private FileNames() {}

    /**
     * The name without a path, control, format and direction characters, lone surrogates, space around it, and dots at
     * its end; in NFC; cut to {@value #MAX_LENGTH} characters before its extension. Never empty, {@code .} or
     * {@code ..}. Cleaning a cleaned name changes nothing.
     */
    static String clean(String name) {
        String base = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        int middle = base.length() - READ_AT_END;
        String read = middle > READ_AT_START ? base.substring(0, READ_AT_START) + base.substring(middle) : base;
        StringBuilder kept = new StringBuilder(read.length());
        read.codePoints().filter(FileNames::isPrintable).forEach(kept::appendCodePoint);
        String cleaned = withoutDrive(Normalizer.normalize(kept, Normalizer.Form.NFC));
        if (cleaned.length() > MAX_LENGTH) {
            String extension = extension(cleaned);
            cleaned = trim(Text.cut(cleaned, MAX_LENGTH - extension.length())) + extension;
        }
        return cleaned.isEmpty() ? NAMELESS : cleaned;
    }

    /** The last dot and what follows it, if that looks like an extension; else nothing. */
    static String extension(String name) {
        int dot = name.lastIndexOf('.');
        int length = name.length() - dot - 1;
        if (dot <= 0 || length < 1 || length > LONGEST_EXTENSION) {
            return "";
        }
        for (int i = dot + 1; i < name.length(); ) {
            int c = name.codePointAt(i);
            if (!Character.isLetterOrDigit(c)) {
                return "";
            }
            i += Character.charCount(c);
        }
        return name.substring(dot);
    }

    /** A {@code Content-Disposition}: RFC 6266, with the name in ASCII and, where that loses, RFC 8187. */
    static String contentDisposition(Disposition disposition, String name) {
        StringBuilder ascii = new StringBuilder(name.length());
        name.codePoints()
                // Browsers differ over escapes in the quoted form, and some decode percent signs there.
                .map(c -> c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '%' ? '_' : c)
                .forEach(ascii::appendCodePoint);
        String quoted = disposition.word() + "; filename=\"" + ascii + "\"";
        return name.contentEquals(ascii) ? quoted : quoted + "; filename*=UTF-8''" + percentEncode(name);
    }

    private static String percentEncode(String text) {
        StringBuilder encoded = new StringBuilder(3 * text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean attrChar = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "!#$&+-.^_`|~".indexOf(c) >= 0;
            if (attrChar) {
                encoded.append(c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
            }
        }
        return encoded.toString();
    }

    /** The name may come from any system: without the drive of {@code C:x.pdf} too. */
    private static String withoutDrive(String text) {
        String rest = trim(text);
        while (rest.length() > 1 && rest.charAt(1) == ':' && isAsciiLetter(rest.charAt(0))) {
            rest = trim(rest.substring(2));
        }
        return rest;
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Without space around it, and without dots at its end, which Windows drops: {@code a.exe.} is {@code a.exe}. */
    private static String trim(String text) {
        int end = text.length();
        while (end > 0 && (isSpace(text.charAt(end - 1)) || text.charAt(end - 1) == '.')) {
            end--;
        }
        int start = 0;
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || BLANKS.indexOf(c) >= 0;
    }

    static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            // Of what this Java does not know yet, everything but the noncharacters may be tomorrow's emoji.
            case Character.UNASSIGNED -> (codePoint & 0xfffe) != 0xfffe && (codePoint < 0xfdd0 || codePoint > 0xfdef);
            default -> true;
        };
    }
}
