package dev.filestore.servlet;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The parameters of a header field such as {@code form-data; name="file"} (RFC 9110 section 5.6.6). Read in one pass, from
 * left to right, as everybody else who looks at the request has to read them: what programs understand in several ways is
 * refused.
 */
final class Parameters {

    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

    private final String field;
    private final String text;
    private int at;

    private Parameters(String field, String text) {
        this.field = field;
        this.text = text;
    }

    /** What stands in front of the parameters. */
    static String value(String text) {
        int end = text.indexOf(';');
        return trim(end < 0 ? text : text.substring(0, end));
    }

    /**
     * The parameters by their names in lower case. Each has a value and comes once, without space around the equals sign; a
     * value without quotes holds neither space nor quotes.
     *
     * @param field what the field is called, for messages
     * @param text its value
     */
    static Map<String, String> parse(String field, String text) throws MalformedBodyException {
        return new Parameters(field, text).parse();
    }

    /** Whether a text can be a name: RFC 9110 section 5.6.2. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && TOKEN_SIGNS.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Without spaces and tabs around it; other characters that look like space are text. */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private Map<String, String> parse() throws MalformedBodyException {
        Map<String, String> parameters = new HashMap<>();
        int first = text.indexOf(';');
        at = first < 0 ? text.length() : first;
        while (at < text.length()) {
            if (text.charAt(at) != ';') {
                throw malformed();
            }
            at++;
            skipSpace();
            if (at == text.length() || text.charAt(at) == ';') {
                continue;
            }
            int equals = text.indexOf('=', at);
            String name = equals < 0 ? "" : text.substring(at, equals).toLowerCase(Locale.ROOT);
            if (!isToken(name)) {
                throw malformed();
            }
            at = equals + 1;
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : unquoted();
            if (parameters.put(name, value) != null) {
                throw new MalformedBodyException("The " + field + " has a parameter twice");
            }
            skipSpace();
        }
        return parameters;
    }

    private String unquoted() throws MalformedBodyException {
        int end = text.indexOf(';', at);
        String value = trim(text.substring(at, end < 0 ? text.length() : end));
        boolean goesOn = value.indexOf(' ') >= 0 || value.indexOf('\t') >= 0 || value.indexOf('"') >= 0;
        if (goesOn || (at < text.length() && isSpace(text.charAt(at)))) {
            throw malformed();
        }
        at = end < 0 ? text.length() : end;
        return value;
    }

    /**
     * A backslash quotes only a quote and a backslash: others stand for themselves, as in the Windows paths that some
     * clients send.
     */
    private String quoted() throws MalformedBodyException {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length() && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\')) {
                at++;
                c = text.charAt(at);
            }
            value.append(c);
        }
        throw malformed();
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private MalformedBodyException malformed() {
        return new MalformedBodyException("The " + field + " cannot be understood");
    }
}
