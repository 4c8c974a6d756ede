package dev.filestore.servlet;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A message as it goes over a socket, a character for each byte.
 *
 * @param firstLine the first line
 * @param fields the header
 * @param rest what stands behind the header
 */
record HttpText(String firstLine, HttpHeaders fields, String rest) {

    /** The first message of a text; null where its header is not there to its end, or has a line that is no field. */
    static @Nullable HttpText parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return null;
        }
        Map<String, List<String>> fields = new TreeMap<>();
        String[] lines = text.substring(0, end).split("\r\n", -1);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                return null;
            }
            fields.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        return new HttpText(lines[0], HttpHeaders.of(fields, (name, value) -> true), text.substring(end + 4));
    }

    /** The first answer that is more than a sign to go on. */
    static @Nullable HttpText parseFinal(String text) {
        HttpText answer = parse(text);
        return answer == null || answer.status() >= 200 ? answer : parseFinal(answer.rest());
    }

    /** A request as a watch is told of it; null where it has no target. */
    HttpWatch.@Nullable Request request(String base) {
        String[] words = firstLine.split(" ", -1);
        return words.length == 3 ? new HttpWatch.Request(words[0], base, words[1], fields, body()) : null;
    }

    int status() {
        return Integer.parseInt(firstLine.substring(9, 12));
    }

    /** An answer as a watch is told of it. */
    HttpWatch.Answer answer(String method) {
        boolean bodiless = method.equals("HEAD") || status() == 204 || status() == 304;
        return new HttpWatch.Answer(status(), fields, bodiless ? "" : body());
    }

    /** The body of the length that is told; null where none is told, or less is there. */
    private @Nullable String body() {
        String told = fields.firstValue("content-length").orElse("");
        if (!told.matches("[0-9]{1,9}")
                || fields.firstValue("transfer-encoding").isPresent()) {
            return null;
        }
        int length = Integer.parseInt(told);
        return length > rest.length() ? null : rest.substring(0, length);
    }
}
