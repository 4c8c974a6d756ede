package dev.filestore.examples.fuzzing.uploads;

import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.forms.CutStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as text: a line with the method and the path below the servlet, lines of header fields, an empty line, the
 * body. Three fields are for the way that it takes: {@code X-Cuts} says in which pieces the body comes, {@code X-End}
 * after how many bytes the client sends no more, {@code X-Break} that the connection breaks there.
 */
@SuppressWarnings("ArrayRecordComponent")
public record RawRequest(
        String method, String path, @Nullable String query, Map<String, List<String>> fields, byte[] body) {

    /** Reads the text; every text is one. */
    public static RawRequest parse(byte[] text) {
        int bodyStart = text.length;
        for (int i = 1; i < text.length; i++) {
            if (text[i - 1] == '\n' && text[i] == '\n') {
                bodyStart = i + 1;
                break;
            }
        }
        String[] lines = Bytes.latin1(Arrays.copyOf(text, bodyStart)).split("\n", -1);
        String[] words = lines[0].split(" ", 2);
        String[] target = (words.length == 1 ? "/" : words[1]).split("\\?", 2);
        Map<String, List<String>> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                fields.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(lines[i].substring(colon + 1).strip());
            }
        }
        return new RawRequest(
                words[0],
                // No container hands over a path that begins otherwise.
                target[0].isEmpty() || target[0].startsWith("/") ? target[0] : "/" + target[0],
                target.length == 1 ? null : target[1],
                fields,
                Arrays.copyOfRange(text, bodyStart, text.length));
    }

    /** The same as an upload. */
    RawRequest asUpload() {
        return new RawRequest("POST", "/upload", query, fields, body);
    }

    List<String> all(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The first field of that name. */
    @Nullable
    String field(String name) {
        return all(name).isEmpty() ? null : all(name).get(0);
    }

    /** All fields of that name as one. */
    @Nullable
    String joined(String name) {
        return all(name).isEmpty() ? null : String.join(", ", all(name));
    }

    private long number(String name, long absent) {
        String text = field(name);
        return text == null || !text.matches("[0-9]{1,18}") ? absent : Long.parseLong(text);
    }

    /** What the client announced; -1 where it did not. */
    long length() {
        return number("Content-Length", -1);
    }

    /** How many bytes of the body come: as many as were sent, and no more than were announced. */
    int end() {
        long sent = Math.min(number("X-End", Integer.MAX_VALUE), body.length);
        return (int) (length() < 0 ? sent : Math.min(sent, length()));
    }

    /** Whether the body breaks off: the connection does, or less comes than was announced, as every container says. */
    boolean breaks() {
        return field("X-Break") != null || end() < length();
    }

    /** The bytes that come. */
    byte[] delivered() {
        return Arrays.copyOf(body, end());
    }

    InputStream stream() {
        return new CutStream(body, (int) number("X-Cuts", 0), end(), breaks());
    }
}
