package dev.filestore.servlet;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times in header fields, RFC 9110 section 5.6.7: written in one form, read in three. */
final class HttpDate {

    private static final DateTimeFormatter PREFERRED = form("EEE, dd MMM yyyy HH:mm:ss 'GMT'");

    /** No file is older than this, and so no time that is compared with one. */
    private static final int FIRST_YEAR_OF_TWO_DIGITS = 1990;

    private static final List<DateTimeFormatter> FORMS = List.of(
            PREFERRED,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_YEAR_OF_TWO_DIGITS)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC),
            form("EEE MMM ppd HH:mm:ss yyyy"));

    private HttpDate() {}

    private static DateTimeFormatter form(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    static String of(Instant moment) {
        return PREFERRED.format(moment);
    }

    /** A moment in the precision that such a time has. */
    static Instant cut(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Reads a time; null where it is none. */
    static @Nullable Instant parse(String text) {
        for (DateTimeFormatter form : FORMS) {
            try {
                return form.parse(text, Instant::from);
            } catch (DateTimeParseException e) {
                // It may be of another form.
            }
        }
        return null;
    }
}
