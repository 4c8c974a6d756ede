package dev.filestore.servlet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header of one part of a form.
 *
 * @param name the name of the field
 * @param fileName the name of the file, possibly empty; null where the part is a plain field
 * @param contentType the type that the client claims, as it came; null where it claims none
 * @param contentDigest the field {@code Content-Digest} as it came, or null
 * @param reprDigest the field {@code Repr-Digest} as it came, or null
 */
record PartHeader(
        String name,
        @Nullable String fileName,
        @Nullable String contentType,
        @Nullable String contentDigest,
        @Nullable String reprDigest) {

    private static final Set<String> PLAIN_ENCODINGS = Set.of("binary", "8bit", "7bit");

    /** Understands the lines of a header, each ended by CRLF, up to and with the empty one. */
    static PartHeader parse(String lines) throws MalformedBodyException {
        Map<String, String> fields = new HashMap<>();
        // A line that begins with a space goes on with the one before it (RFC 5322 section 2.2.3).
        for (String line : lines.replaceAll("\r\n(?=[ \t])", "").split("\r\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 0 || !Parameters.isToken(line.substring(0, colon))) {
                throw new MalformedBodyException("A header line of a part has no name");
            }
            String field = line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (fields.put(field, Parameters.trim(line.substring(colon + 1))) != null) {
                throw new MalformedBodyException("A part has the header " + Failure.quote(field) + " twice");
            }
        }
        String encoding = fields.getOrDefault("content-transfer-encoding", "binary");
        if (!PLAIN_ENCODINGS.contains(encoding.toLowerCase(Locale.ROOT))) {
            throw new MalformedBodyException("The Content-Transfer-Encoding of a part is not binary");
        }
        String disposition = fields.get("content-disposition");
        if (disposition == null) {
            throw new MalformedBodyException("A part has no Content-Disposition");
        }
        if (!Parameters.value(disposition).equalsIgnoreCase("form-data")) {
            throw new MalformedBodyException("The Content-Disposition of a part is not form-data");
        }
        Map<String, String> parameters = Parameters.parse("Content-Disposition of a part", disposition);
        String name = parameters.get("name");
        if (name == null) {
            throw new MalformedBodyException("The Content-Disposition of a part has no name");
        }
        String extended = parameters.get("filename*");
        String plain = parameters.get("filename");
        String fileName = extended != null ? decodeExtended(extended) : plain == null ? null : unescape(plain);
        return new PartHeader(
                unescape(name),
                fileName,
                fields.get("content-type"),
                fields.get("content-digest"),
                fields.get("repr-digest"));
    }

    /** What browsers put in place of three characters, and of no others: the percent sign itself stays as it is. */
    private static String unescape(String text) {
        return text.replace("%22", "\"").replaceAll("%0[dD]", "\r").replaceAll("%0[aA]", "\n");
    }

    /**
     * A value of RFC 8187, which RFC 7578 forbids and some clients send all the same, for a name that is not ASCII.
     */
    private static String decodeExtended(String value) throws MalformedBodyException {
        int language = value.indexOf('\'');
        int text = value.indexOf('\'', language + 1);
        if (language < 0 || text < 0 || !value.substring(0, language).equalsIgnoreCase("UTF-8")) {
            throw new MalformedBodyException("The parameter filename* is not of the form UTF-8''name");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = text + 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%' && i + 2 < value.length() && isHex(value.charAt(i + 1)) && isHex(value.charAt(i + 2))) {
                bytes.write(Integer.parseInt(value, i + 1, i + 3, 16));
                i += 2;
            } else if (c > 0x20 && c < 0x7f && c != '%') {
                bytes.write(c);
            } else {
                throw new MalformedBodyException("The parameter filename* is not percent-encoded");
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedBodyException("The parameter filename* is not in UTF-8");
        }
    }

    private static boolean isHex(char c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }
}
