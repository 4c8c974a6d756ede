package dev.filestore.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * File names on a disk that takes upper and lower case for the same. Two keys that differ in nothing else would be one file
 * there, and the removal of one the loss of the other; so what such a disk folds is written as {@code ^}, its number in
 * hexadecimal digits, and a semicolon.
 */
final class FoldedNames {

    private static final Pattern ESCAPE = Pattern.compile("\\^([0-9a-f]{1,6});");

    private FoldedNames() {}

    /** Whether a folder, whose name is in lower case, is on such a disk: it is there under another name too. */
    static boolean areIn(Path folder) throws IOException {
        Path other = folder.resolveSibling(String.valueOf(folder.getFileName()).toUpperCase(Locale.ROOT));
        return Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS) && Files.isSameFile(folder, other);
    }

    /** The name for a segment of a key: another one for each, whatever their case. */
    static String of(String segment) {
        StringBuilder name = new StringBuilder(segment.length() + 16);
        segment.codePoints().forEach(c -> {
            if (c == '^' || isFolded(c)) {
                name.append('^').append(Integer.toHexString(c)).append(';');
            } else {
                name.appendCodePoint(c);
            }
        });
        return name.toString();
    }

    /** The segment that a name stands for. Some disks give names in another normal form than they were given. */
    static String segment(String name) {
        Matcher escape = ESCAPE.matcher(Normalizer.normalize(name, Normalizer.Form.NFC));
        return escape.replaceAll(match -> {
            int c = Integer.parseInt(match.group(1), 16);
            return Matcher.quoteReplacement(Character.isValidCodePoint(c) ? Character.toString(c) : match.group());
        });
    }

    /** Whether it is another character than the one that stands for all that differ from it by their case alone. */
    private static boolean isFolded(int c) {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        return Character.toLowerCase(Character.toUpperCase(c)) != c || upper.codePointCount(0, upper.length()) != 1;
    }
}
