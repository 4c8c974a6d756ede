package dev.filestore;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The form of media types, and what is left of one that an uploader declared. */
final class MediaTypes {

    /** Type and subtype as in RFC 6838 section 4.2, in lower case. */
    private static final Pattern PLAIN =
            Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}");

    /** What programs send that do not know: the second is what S3 clients write. */
    private static final Set<String> SILENCE = Set.of("", "application/octet-stream", "binary/octet-stream");

    /** A longer one is no media type, whatever stands in it. */
    private static final int LONGEST_DECLARATION = 1000;

    private MediaTypes() {}

    static boolean isPlain(String contentType) {
        return PLAIN.matcher(contentType).matches();
    }

    static String requirePlain(String contentType) {
        Objects.requireNonNull(contentType, "contentType");
        if (!isPlain(contentType)) {
            throw new IllegalArgumentException(
                    "a content type is of the form type/subtype in lower case without parameters, found "
                            + contentType);
        }
        return contentType;
    }

    /** Without parameters and in lower case; empty where it says nothing. */
    static String declared(@Nullable String declaredType) {
        String plain = declaredType == null ? "" : withoutParameters(declaredType);
        return SILENCE.contains(plain) ? "" : plain;
    }

    /** In lower case; as much as a media type can be of what is none. */
    static String withoutParameters(String type) {
        int semicolon = type.indexOf(';');
        int end = Math.min(semicolon < 0 ? type.length() : semicolon, LONGEST_DECLARATION);
        return type.substring(0, end).strip().toLowerCase(Locale.ROOT);
    }

    /** For a message: a declared type is the uploader's text, and only a short one of the right form is repeated. */
    static String shown(String declared) {
        return declared.length() <= 80 && isPlain(declared) ? "The declared type " + declared : "The declared type";
    }
}
