package dev.filestore;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** What becomes of the name that a user gave a file. */
final class FileNames {

    /** The longest name that is kept, in UTF-16 characters: what the database's column holds. */
    static final int MAX_LENGTH = 255;

    private static final String NAMELESS = "file";
    private static final int LONGEST_EXTENSION = 16;

    private FileNames() {}

    /**
     * The name without a path, control, format and direction characters, lone surrogates, and space around it; in NFC;
     * cut to {@value #MAX_LENGTH} characters before its extension. Never empty, {@code .} or {@code ..}.
     */
    static String clean(String name) {
        String base = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        StringBuilder kept = new StringBuilder(Math.min(base.length(), 4 * MAX_LENGTH));
        base.codePoints().filter(FileNames::isPrintable).forEach(kept::appendCodePoint);
        String cleaned = Normalizer.normalize(kept, Normalizer.Form.NFC).strip();
        if (cleaned.length() > MAX_LENGTH) {
            String extension = extension(cleaned);
            cleaned = cutToLength(cleaned, MAX_LENGTH - extension.length()).stripTrailing() + extension;
        }
        boolean onlyDots = cleaned.chars().allMatch(c -> c == '.');
        return onlyDots ? NAMELESS : cleaned;
    }

    /** The last dot and what follows it, if that looks like an extension; else nothing. */
    static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && name.length() - dot <= LONGEST_EXTENSION + 1 && dot < name.length() - 1
                ? name.substring(dot)
                : "";
    }

    /** A {@code Content-Disposition} for downloading: RFC 6266, with the name in ASCII and, where that loses, RFC 8187. */
    static String contentDisposition(String name) {
        StringBuilder ascii = new StringBuilder(name.length());
        name.codePoints()
                .map(c -> c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '%' ? '_' : c)
                .forEach(ascii::appendCodePoint);
        String quoted = "attachment; filename=\"" + ascii + "\"";
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

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String cutToLength(String text, int length) {
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end);
    }
}
