package dev.filestore;

import java.text.Normalizer;

/** The form of keys that every storage can keep. */
final class Keys {

    private static final int MAX_BYTES = 1024;
    private static final int MAX_SEGMENT_BYTES = 255;

    private Keys() {}

    /**
     * Returns a key that has that form.
     *
     * @throws IllegalStateException if the layout made another
     */
    static String requireValid(String key) {
        if (!isValid(key)) {
            throw new IllegalStateException(
                    "the key layout gave a key of a form that storages cannot keep: see KeyLayout");
        }
        return key;
    }

    static boolean isValid(String key) {
        if (key.isEmpty()
                || !Text.isWellFormed(key)
                || Text.utf8Length(key) > MAX_BYTES
                || !Normalizer.isNormalized(key, Normalizer.Form.NFC)) {
            return false;
        }
        if (key.codePoints().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
            return false;
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty()
                    || segment.equals(".")
                    || segment.equals("..")
                    || Text.utf8Length(segment) > MAX_SEGMENT_BYTES) {
                return false;
            }
        }
        return true;
    }
}
