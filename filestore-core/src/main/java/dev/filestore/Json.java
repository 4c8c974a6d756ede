package dev.filestore;

import java.util.HexFormat;

/** Text as a value of JSON (RFC 8259 section 7). */
final class Json {

    private Json() {}

    /** The text in quotes; what has no form in UTF-8, or could end a line somewhere, is escaped. */
    static String text(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (Character.isISOControl(c)
                    || c == 0x2028
                    || c == 0x2029
                    || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                json.append("\\u").append(HexFormat.of().toHexDigits((char) c));
            } else {
                json.appendCodePoint(c);
            }
        });
        return json.append('"').toString();
    }
}
