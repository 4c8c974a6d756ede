package dev.filestore.servlet;

import dev.filestore.StoredFile;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of some bytes from another, and the conditions that a request makes on it: RFC 9110 sections
 * 8.8 and 13. The bytes of a file never change, so that both validators are strong.
 *
 * @param entityTag the SHA-256, in quotation marks
 * @param lastModified when the file came, in whole seconds; null where there is no such moment, and conditions on it are
 *     passed over
 */
record Validators(String entityTag, @Nullable Instant lastModified) {

    /** What becomes of a request. */
    enum Outcome {
        PROCEED,
        NOT_MODIFIED,
        FAILED
    }

    static Validators of(StoredFile file) {
        return new Validators('"' + file.sha256() + '"', HttpDate.cut(file.uploadedAt()));
    }

    /** Looks at the conditions of a GET or HEAD, in the order of section 13.2.2. */
    Outcome evaluate(Exchange exchange) {
        String match = exchange.field("If-Match");
        if (match != null) {
            if (!matches(match, false)) {
                return Outcome.FAILED;
            }
        } else {
            Instant unmodifiedSince = date(exchange.field("If-Unmodified-Since"));
            if (unmodifiedSince != null && lastModified != null && lastModified.isAfter(unmodifiedSince)) {
                return Outcome.FAILED;
            }
        }
        String noneMatch = exchange.field("If-None-Match");
        if (noneMatch != null) {
            return matches(noneMatch, true) ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
        }
        Instant modifiedSince = date(exchange.field("If-Modified-Since"));
        boolean unmodified = modifiedSince != null && lastModified != null && !lastModified.isAfter(modifiedSince);
        return unmodified ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
    }

    /** Whether a request for a range still wants it: {@code If-Range} is absent, or names these very bytes. */
    boolean allowRange(@Nullable String ifRange) {
        if (ifRange == null || ifRange.equals(entityTag)) {
            return true;
        }
        return lastModified != null && lastModified.equals(HttpDate.parse(ifRange));
    }

    private static @Nullable Instant date(@Nullable String field) {
        return field == null ? null : HttpDate.parse(field);
    }

    /** Whether a list of entity tags holds ours; what stands behind a mistake in it is not looked at. */
    private boolean matches(String list, boolean weakly) {
        if (list.strip().equals("*")) {
            return true;
        }
        int at = 0;
        while (true) {
            while (at < list.length() && " \t,".indexOf(list.charAt(at)) >= 0) {
                at++;
            }
            boolean weak = list.startsWith("W/", at);
            int begin = weak ? at + 2 : at;
            // A tag may hold commas, so that only its quotation marks tell where it ends.
            int end = list.startsWith("\"", begin) ? list.indexOf('"', begin + 1) : -1;
            if (end < 0) {
                return false;
            }
            if ((weakly || !weak) && list.substring(begin, end + 1).equals(entityTag)) {
                return true;
            }
            at = end + 1;
        }
    }
}
