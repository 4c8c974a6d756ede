package dev.filestore;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The SHA-256 of bytes, and its one written form: 64 lower-case hexadecimal digits. */
final class Sha256 {

    private static final int HEX_DIGITS = 64;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    /** The digest of all that came so far, which begins anew. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * The written form of what somebody else wrote.
     *
     * @throws IllegalArgumentException if it is no SHA-256
     */
    static String requireHex(String text) {
        if (text.length() != HEX_DIGITS || !text.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("a SHA-256 is " + HEX_DIGITS + " hexadecimal digits");
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
