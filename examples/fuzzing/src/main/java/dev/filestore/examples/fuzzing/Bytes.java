package dev.filestore.examples.fuzzing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/** Bytes that are put together from pieces. */
public final class Bytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public static byte[] of(String text) {
        return new Bytes().add(text).toArray();
    }

    /** Each character as the byte of its number. */
    public static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** So many bytes of no order. */
    public static byte[] random(RandomGenerator random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    public static <T> T oneOf(RandomGenerator random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** In UTF-8. */
    public Bytes add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    public Bytes add(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    public byte[] toArray() {
        return bytes.toByteArray();
    }
}
