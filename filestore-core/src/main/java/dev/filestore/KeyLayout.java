package dev.filestore;

import java.time.Instant;

/**
 * Names objects. Thread-safe. The store cleans the file name before, and checks the key after: 1 to 1,024 bytes of UTF-8
 * in NFC, segments separated by single slashes, none of them empty, {@code .} or {@code ..}, none longer than 255 bytes,
 * no control character, no backslash.
 */
@FunctionalInterface
public interface KeyLayout {

    /**
     * Makes a key, which must never come again: hold the second of the upload, or something random. A key is reserved
     * until five minutes after its upload, also where the file is deleted before; whoever got it later could lose the bytes
     * to a delete of the earlier file that is still under way.
     *
     * @param owner the id of the user: any text, which must not lead out of that user's part of the keys
     * @param fileName the cleaned name, which may hold any printable character but slashes and backslashes
     * @param uploadedAt when the upload begins
     * @param attempt 0 for the plain key; above, the keys of the attempts before were taken, and this one must hold
     *     enough that is random for it not to be
     * @return the key
     */
    String key(String owner, String fileName, Instant uploadedAt, int attempt);
}
