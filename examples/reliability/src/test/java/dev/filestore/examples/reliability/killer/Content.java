package dev.filestore.examples.reliability.killer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * The bytes of one file: a few that say what it is and which, then noise. No two numbers have the same bytes, so that
 * their digest tells whose they are.
 *
 * @param number which file
 * @param size how many bytes, at least {@link #LEAST_BYTES}
 */
record Content(long number, int size) {

    static final int LEAST_BYTES = 16;

    Content {
        if (size < LEAST_BYTES) {
            throw new IllegalArgumentException("too few to tell one from another: " + size);
        }
    }

    byte[] bytes() {
        byte[] bytes = new byte[size];
        new SplittableRandom(number).nextBytes(bytes);
        byte[] head = ("%PDF-1." + Long.toString(number, 36) + "\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, bytes, 0, head.length);
        return bytes;
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(newDigest().digest(bytes));
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
