package dev.filestore.servlet;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The value of a {@code Content-Digest} or {@code Repr-Digest} field (RFC 9530): a dictionary of byte sequences in the
 * notation of RFC 9651, such as {@code sha-256=:base64:, sha-512=:base64:}. Parameters are passed over.
 */
final class DigestField {

    private final String name;
    private final String text;
    private int at;

    private DigestField(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /**
     * Reads a field.
     *
     * @param name the field's name, for messages
     * @param text its value; several lines are joined by commas
     * @return the digests by their algorithms' names; the last one counts where an algorithm is named twice
     */
    static Map<String, byte[]> parse(String name, String text) throws MalformedBodyException {
        return new DigestField(name, text).parse();
    }

    private Map<String, byte[]> parse() throws MalformedBodyException {
        Map<String, byte[]> digests = new HashMap<>();
        skip(" ");
        while (at < text.length()) {
            String algorithm = key();
            expect('=');
            digests.put(algorithm, bytes(algorithm));
            parameters();
            skip(" \t");
            if (at == text.length()) {
                return digests;
            }
            expect(',');
            skip(" \t");
            if (at == text.length()) {
                throw malformed("ends with a comma");
            }
        }
        return digests;
    }

    private String key() throws MalformedBodyException {
        int start = at;
        if (at < text.length() && (isLower(text.charAt(at)) || text.charAt(at) == '*')) {
            at++;
            while (at < text.length() && (isLower(text.charAt(at)) || isIn("0123456789_-.*", text.charAt(at)))) {
                at++;
            }
        }
        if (at == start) {
            throw malformed("has no name of an algorithm, in lower case, at character " + (at + 1));
        }
        return text.substring(start, at);
    }

    private byte[] bytes(@Nullable String algorithm) throws MalformedBodyException {
        expect(':');
        int end = text.indexOf(':', at);
        if (end < 0) {
            throw malformed("has no colon at the end of a byte sequence");
        }
        String base64 = text.substring(at, end);
        at = end + 1;
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw malformed("is not in base64" + (algorithm == null ? "" : " at " + Failure.quote(algorithm)));
        }
    }

    private void parameters() throws MalformedBodyException {
        while (at < text.length() && text.charAt(at) == ';') {
            at++;
            skip(" ");
            key();
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                value();
            }
        }
    }

    /** Passes over the value of a parameter; numbers, dates and tokens are not told apart. */
    private void value() throws MalformedBodyException {
        char first = at < text.length() ? text.charAt(at) : ' ';
        if (first == ':') {
            bytes(null);
            return;
        }
        if (first == '"') {
            string();
            return;
        }
        int start = at;
        while (at < text.length()
                && text.charAt(at) > ' '
                && text.charAt(at) < 0x7f
                && !isIn("\"(),;<=>[\\]{}", text.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw malformed("has a parameter without its value at character " + (at + 1));
        }
    }

    private void string() throws MalformedBodyException {
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return;
            }
            if (c == '\\') {
                at++;
            }
        }
        throw malformed("has a text without its end");
    }

    private void expect(char wanted) throws MalformedBodyException {
        if (at == text.length() || text.charAt(at) != wanted) {
            throw malformed("has no '" + wanted + "' at character " + (at + 1));
        }
        at++;
    }

    private void skip(String characters) {
        while (at < text.length() && isIn(characters, text.charAt(at))) {
            at++;
        }
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isIn(String characters, char c) {
        return characters.indexOf(c) >= 0;
    }

    private MalformedBodyException malformed(String what) {
        return new MalformedBodyException(name + " " + what + "; it looks like sha-256=:base64:");
    }
}
