package dev.filestore.examples.reliability.killer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server answered, in full. */
final class Answer {

    private static final Pattern LISTED =
            Pattern.compile("\\{\"id\":(\\d+),[^}]*?\"original_filename\":\"([^\"]*)\",\"file_size\":(\\d+)[^}]*\\}");

    /**
     * One file of a list.
     *
     * @param id its id
     * @param name what its user called it
     * @param size how many bytes
     */
    record Listed(long id, String name, long size) {}

    private final int status;
    private final byte[] body;

    /**
     * Takes an answer.
     *
     * @param status the HTTP status
     * @param body the body, which is not copied
     */
    Answer(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The value of the first field of that name, a number or a text. */
    String field(String name) {
        Matcher field =
                Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|(\\d+))").matcher(text());
        if (!field.find()) {
            throw new IllegalStateException("no " + name + " in " + status + " " + text());
        }
        return field.group(1) == null ? field.group(2) : field.group(1);
    }

    List<Listed> files() {
        List<Listed> files = new ArrayList<>();
        Matcher file = LISTED.matcher(text());
        while (file.find()) {
            files.add(new Listed(Long.parseLong(file.group(1)), file.group(2), Long.parseLong(file.group(3))));
        }
        return files;
    }
}
