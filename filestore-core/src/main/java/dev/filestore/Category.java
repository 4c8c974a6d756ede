package dev.filestore;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The kind of a file as a user sees it: image, video or document, or one that the host adds.
 *
 * @param name 1 to 32 characters of {@code a-z}, {@code 0-9}, {@code _} and {@code -}, starting with a letter
 */
public record Category(String name) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");

    /** Pictures. */
    public static final Category IMAGE = new Category("image");

    /** Films. */
    public static final Category VIDEO = new Category("video");

    /** Documents. */
    public static final Category DOCUMENT = new Category("document");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name has another form
     */
    public Category {
        Objects.requireNonNull(name, "name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a category is named by 1 to 32 characters of a-z, 0-9, _ and -, starting with a letter");
        }
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name;
    }
}
