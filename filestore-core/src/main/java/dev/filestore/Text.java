package dev.filestore;

import java.nio.charset.StandardCharsets;

/** Questions about text that more than one rule asks. */
final class Text {

    private static final int MOST_MARKS = 32;

    private Text() {}

    /** Whether every surrogate has its other half, so that the text has a UTF-8 form. */
    static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            } else if (Character.isLowSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** How many bytes the text has in UTF-8. */
    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The longest start of the text that has at most so many bytes in UTF-8, cut as {@link #cut} does. */
    static String cutToUtf8(String text, int maxBytes) {
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (bytes > maxBytes) {
                return cut(text, i);
            }
            i += Character.charCount(codePoint);
        }
        return text;
    }

    /**
     * The start of the text that has at most so many UTF-16 characters, cut neither within a surrogate pair nor between
     * a character and its marks. What starts a text in NFC is in NFC.
     */
    static String cut(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        int end = maxLength;
        if (end > 0 && Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end))) {
            end--;
        }
        int marks = end;
        while (marks > 0 && end - marks < MOST_MARKS && isMark(text.codePointAt(marks))) {
            marks -= Character.charCount(text.codePointBefore(marks));
        }
        // Nobody writes so many marks on one letter: then the cut need not be kind.
        return text.substring(0, isMark(text.codePointAt(marks)) ? end : marks);
    }

    /** The start of a foreign text, fit for a log: whatever is not to be seen in it is a question mark. */
    static String printable(String text, int maxLength) {
        StringBuilder shown = new StringBuilder();
        cut(text, maxLength)
                .codePoints()
                .map(c -> FileNames.isPrintable(c) ? c : '?')
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    /** Whether the code point belongs to the one before it. */
    static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }
}
