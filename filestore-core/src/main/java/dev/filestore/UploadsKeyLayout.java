package dev.filestore;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * {@code uploads/{user}/{yyyyMMdd_HHmmss}_{name}}, the time in UTC. The user's part is one segment, and no two users
 * share one: what is not a plain letter, digit, {@code -}, {@code _}, {@code .} or {@code @} is written as {@code =}
 * and two hexadecimal digits per byte. The name keeps letters and digits of every script.
 */
final class UploadsKeyLayout implements KeyLayout {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd_HHmmss").withZone(ZoneOffset.UTC);

    /** Leaves room for the time and the token in the 255 bytes that file systems give a segment. */
    private static final int MAX_NAME_BYTES = 200;

    private static final int MAX_OWNER_BYTES = 200;
    private static final int TOKEN_BYTES = 8;

    private final SecureRandom random = new SecureRandom();

    @Override
    public String key(String owner, String fileName, Instant uploadedAt, int attempt) {
        String token = attempt == 0 ? "" : token() + "_";
        return "uploads/" + segment(owner) + "/" + TIME.format(uploadedAt) + "_" + token + name(fileName);
    }

    /** A segment of its own for every user id, of ASCII characters that paths and URLs take as they are. */
    static String segment(String owner) {
        byte[] utf8 = owner.getBytes(StandardCharsets.UTF_8);
        StringBuilder segment = new StringBuilder(utf8.length + 16);
        for (int i = 0; i < utf8.length; i++) {
            char c = (char) (utf8[i] & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '@'
                    // A dot in front would hide the folder, or leave it; one at the end is dropped by Windows.
                    || (c == '.' && i > 0 && i < utf8.length - 1);
            if (plain) {
                segment.append(c);
            } else {
                segment.append('=').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
            }
        }
        // "=h" stands before no escaped byte, so that no other user's segment starts with it.
        return segment.length() <= MAX_OWNER_BYTES
                ? segment.toString()
                : "=h" + HexFormat.of().formatHex(sha256(utf8));
    }

    /** Letters, digits and marks of every script, dots, hyphens and underscores; the rest becomes one underscore. */
    static String name(String fileName) {
        StringBuilder kept = new StringBuilder(fileName.length());
        boolean replaced = false;
        for (int i = 0; i < fileName.length(); ) {
            int c = fileName.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isLetterOrDigit(c) || Text.isMark(c) || c == '.' || c == '-' || c == '_') {
                kept.appendCodePoint(c);
                replaced = false;
            } else if (!replaced) {
                kept.append('_');
                replaced = true;
            }
        }
        String name = kept.toString();
        if (Text.utf8Length(name) <= MAX_NAME_BYTES) {
            return name;
        }
        String extension = FileNames.extension(name);
        return Text.cutToUtf8(name, MAX_NAME_BYTES - Text.utf8Length(extension)) + extension;
    }

    private String token() {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return HexFormat.of().formatHex(token);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
