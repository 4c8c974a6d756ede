package dev.filestore;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;

/** Bytes that stand at a fixed place of every file of a type. */
final class Magic implements Predicate<byte[]> {

    private final int offset;
    private final byte[] bytes;

    private Magic(int offset, byte[] bytes) {
        this.offset = offset;
        this.bytes = bytes;
    }

    /** Bytes at an offset, each character standing for one byte. */
    static Magic at(int offset, String bytes) {
        return new Magic(offset, bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public boolean test(byte[] head) {
        return isAt(head, offset);
    }

    /** Whether the same bytes stand at another place. */
    boolean isAt(byte[] head, int place) {
        return place >= 0
                && place <= head.length - bytes.length
                && Arrays.equals(head, place, place + bytes.length, bytes, 0, bytes.length);
    }
}
