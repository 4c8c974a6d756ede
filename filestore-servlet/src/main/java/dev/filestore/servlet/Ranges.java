package dev.filestore.servlet;

import dev.filestore.ByteRange;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header field {@code Range}, RFC 9110 section 14.2. */
final class Ranges {

    private static final Pattern ONE = Pattern.compile("(?i:bytes)=[ \t,]*([0-9]*)-([0-9]*)[ \t,]*");
    private static final int LONGEST_LONG = 18;

    private Ranges() {}

    /**
     * The bytes that a request wants, cut to the file.
     *
     * @param field the field's value
     * @param size how many bytes the file has, at least 1
     * @return the bytes; null for all of them, where the field is none, of another unit, or names several ranges: each may be
     *     passed over
     * @throws Failure if the range has no byte of the file
     */
    static @Nullable ByteRange parse(@Nullable String field, long size) {
        Matcher one = ONE.matcher(field == null ? "" : field.strip());
        if (!one.matches()) {
            return null;
        }
        String first = one.group(1);
        String last = one.group(2);
        if (first.isEmpty()) {
            if (last.isEmpty()) {
                return null;
            }
            long length = Math.min(number(last), size);
            return within(size - length, size - 1, size);
        }
        if (last.isEmpty()) {
            return within(number(first), size - 1, size);
        }
        if (isLess(last, first)) {
            return null;
        }
        return within(number(first), Math.min(number(last), size - 1), size);
    }

    private static ByteRange within(long first, long last, long size) {
        if (first >= size) {
            throw Failure.Kind.RANGE.because("The file has " + size + " bytes, and none of them is in the range");
        }
        return new ByteRange(first, last - first + 1);
    }

    private static boolean isLess(String a, String b) {
        int byLength = Integer.compare(significant(a).length(), significant(b).length());
        return byLength < 0 || (byLength == 0 && significant(a).compareTo(significant(b)) < 0);
    }

    private static String significant(String digits) {
        return digits.replaceFirst("^0+(?=.)", "");
    }

    /** A number of any length: beyond a certain one it is only known to be behind every file. */
    private static long number(String digits) {
        String significant = significant(digits);
        return significant.length() > LONGEST_LONG ? Long.MAX_VALUE : Long.parseLong(significant);
    }
}
