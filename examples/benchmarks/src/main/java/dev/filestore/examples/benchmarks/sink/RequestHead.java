package dev.filestore.examples.benchmarks.sink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first lines of a request.
 *
 * @param method the method
 * @param path the path, as it was sent
 * @param query what follows the question mark; may be empty
 * @param fields the header by lower-case names
 */
record RequestHead(String method, String path, String query, Map<String, String> fields) {

    private static final int MAX_BYTES = 64 * 1024;

    /** What is left of the buffer when the head was taken out of it. */
    static final class Buffer {
        final byte[] bytes = new byte[256 * 1024];
        int position;
        int limit;

        /** Reads on, behind what is there. */
        boolean more(InputStream in) throws IOException {
            if (position > 0) {
                System.arraycopy(bytes, position, bytes, 0, limit - position);
                limit -= position;
                position = 0;
            }
            int read = in.read(bytes, limit, bytes.length - limit);
            limit += Math.max(read, 0);
            return read > 0;
        }
    }

    /** Reads a head; null where the connection ended before one began. */
    static @Nullable RequestHead read(InputStream in, Buffer buffer) throws IOException {
        int end;
        int seen = 0;
        while ((end = endOfHead(buffer, seen)) < 0) {
            seen = Math.max(0, buffer.limit - buffer.position - 3);
            if (buffer.limit - buffer.position > MAX_BYTES) {
                throw new IOException("a head of more than " + MAX_BYTES + " bytes");
            }
            if (!buffer.more(in)) {
                return null;
            }
        }
        String head = new String(buffer.bytes, buffer.position, end - buffer.position, StandardCharsets.ISO_8859_1);
        buffer.position = end + 4;
        return parse(head);
    }

    private static int endOfHead(Buffer buffer, int from) {
        byte[] bytes = buffer.bytes;
        for (int i = buffer.position + from; i + 3 < buffer.limit; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static RequestHead parse(String head) throws IOException {
        String[] lines = head.split("\r\n", -1);
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3) {
            throw new IOException("no request line");
        }
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            fields.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        int question = words[1].indexOf('?');
        return question < 0
                ? new RequestHead(words[0], words[1], "", fields)
                : new RequestHead(words[0], words[1].substring(0, question), words[1].substring(question + 1), fields);
    }

    /** The value of a parameter; empty where it has none, null where it is absent. */
    @Nullable
    String parameter(String name) {
        for (String pair : query.split("&", -1)) {
            if (pair.equals(name)) {
                return "";
            }
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return null;
    }

    long contentLength() {
        return Long.parseLong(fields.getOrDefault("content-length", "0"));
    }
}
