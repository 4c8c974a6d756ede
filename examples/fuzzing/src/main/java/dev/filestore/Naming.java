package dev.filestore;

import java.time.Instant;

/** Lets the fuzzing at what becomes of names, which nobody else needs. */
public final class Naming {

    private static final UploadsKeyLayout KEYS = new UploadsKeyLayout();

    private Naming() {}

    public static String clean(String name) {
        return FileNames.clean(name);
    }

    public static String extension(String name) {
        return FileNames.extension(name);
    }

    public static String contentDisposition(String name) {
        return FileNames.contentDisposition(Disposition.ATTACHMENT, name);
    }

    public static String key(String owner, String cleanName, Instant uploadedAt, int attempt) {
        return KEYS.key(owner, cleanName, uploadedAt, attempt);
    }

    public static boolean isValidKey(String key) {
        return Keys.isValid(key);
    }

    public static String json(String text) {
        return Json.text(text);
    }

    public static String cutToUtf8(String text, int maxBytes) {
        return Text.cutToUtf8(text, maxBytes);
    }
}
