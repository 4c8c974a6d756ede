package dev.filestore.servlet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query. Read from the query itself: {@code getParameter} may read the body too, and in a container
 * that is set up for multipart it takes an upload's bytes away.
 */
final class Query {

    private final Map<String, String> values = new HashMap<>();
    private final Set<String> repeated = new HashSet<>();

    Query(@Nullable String query) {
        if (query == null) {
            return;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (values.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                repeated.add(name);
            }
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The value of a parameter, null where it is absent. */
    @Nullable
    String get(String name) {
        if (repeated.contains(name)) {
            throw Failure.Kind.INVALID.because("The parameter " + name + " is given more than once");
        }
        return values.get(name);
    }

    /** The value of a parameter, empty where it is absent. */
    String orEmpty(String name) {
        String value = get(name);
        return value == null ? "" : value;
    }

    private static String decode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length() || !isHex(text.charAt(i + 1)) || !isHex(text.charAt(i + 2))) {
                    throw malformed();
                }
                bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else if (c == '+') {
                bytes.write(' ');
            } else if (c < 0x80) {
                bytes.write(c);
            } else {
                throw malformed();
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static boolean isHex(char c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }

    private static Failure malformed() {
        return Failure.Kind.INVALID.because("The query is not percent-encoded UTF-8");
    }
}
