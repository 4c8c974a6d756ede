package dev.filestore.servlet;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Reads a {@code Content-Disposition} by the letter of RFC 6266 and RFC 8187, and refuses what browsers do not agree on:
 * escapes and percent signs in quotes, parameters that come twice.
 */
final class Disposition {

    private static final String TOKEN = "!#$%&'*+-.^_`|~";
    private static final String ATTRIBUTE = "!#$&+-.^_`|~";

    private final String text;
    private int at;

    private Disposition(String text) {
        this.text = text;
    }

    /** The type, and the parameters as they stand, {@code filename*} decoded. */
    record Parsed(String type, Map<String, String> parameters) {

        /** The name that a browser takes. */
        String name() {
            return parameters.getOrDefault("filename*", parameters.getOrDefault("filename", ""));
        }
    }

    static Parsed parse(String text) {
        Disposition at = new Disposition(text);
        String type = at.token();
        Map<String, String> parameters = new HashMap<>();
        while (at.at < text.length()) {
            at.expect("; ");
            String name = at.token();
            at.expect("=");
            String value = name.endsWith("*") ? at.extended() : at.quoted();
            if (parameters.put(name, value) != null) {
                throw at.wrong("a parameter twice");
            }
        }
        return new Parsed(type, parameters);
    }

    private String token() {
        int start = at;
        while (at < text.length() && (isAlphanumeric(text.charAt(at)) || TOKEN.indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == start) {
            throw wrong("no token");
        }
        return text.substring(start, at);
    }

    private String quoted() {
        expect("\"");
        int start = at;
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at);
            if (c < ' ' || c > '~' || c == '\\' || c == '%') {
                throw wrong("a character that browsers do not agree on");
            }
            at++;
        }
        expect("\"");
        return text.substring(start, at - 1);
    }

    private String extended() {
        expect("UTF-8''");
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        while (at < text.length() && text.charAt(at) != ';') {
            char c = text.charAt(at);
            if (c == '%' && at + 2 < text.length()) {
                bytes.put((byte) HexFormat.fromHexDigits(text, at + 1, at + 3));
                at += 3;
            } else if (isAlphanumeric(c) || ATTRIBUTE.indexOf(c) >= 0) {
                bytes.put((byte) c);
                at++;
            } else {
                throw wrong("no attr-char");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw wrong("no UTF-8");
        }
    }

    private void expect(String wanted) {
        if (!text.startsWith(wanted, at)) {
            throw wrong("no " + wanted);
        }
        at += wanted.length();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private AssertionError wrong(String what) {
        return new AssertionError(what + " at " + at + " of " + text);
    }
}
