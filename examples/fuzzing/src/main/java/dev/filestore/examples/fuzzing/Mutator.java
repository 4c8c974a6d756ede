package dev.filestore.examples.fuzzing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes inputs, a few bytes at a time, without knowing what they mean. */
public final class Mutator {

    private static final byte[] ODD = {0, 1, '\t', '\n', '\r', ' ', '"', '%', '\'', '-', '.', '/', ':', ';', '=', '\\'};
    private static final int MOST_CHANGES = 4;
    private static final int LONGEST_INSERT = 64;
    private static final int LONGEST_INPUT = 256 * 1024;

    private final List<byte[]> words;
    private final RandomGenerator random;

    public Mutator(List<String> words, RandomGenerator random) {
        this.words = words.stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
        this.random = random;
    }

    /** A changed copy, into which a piece of another input may have come. */
    public byte[] mutate(byte[] input, byte[] other) {
        byte[] changed = input;
        for (int changes = 1 + random.nextInt(MOST_CHANGES); changes > 0; changes--) {
            changed = change(changed, other);
        }
        return changed;
    }

    private byte[] change(byte[] input, byte[] other) {
        int at = random.nextInt(input.length + 1);
        int end = Math.min(input.length, at + 1 + random.nextInt(1 + random.nextInt(LONGEST_INSERT)));
        return switch (random.nextInt(9)) {
            case 0 -> replace(input, at, Math.min(at + 1, input.length), new byte[] {(byte) random.nextInt()});
            case 1 -> replace(input, at, Math.min(at + 1, input.length), new byte[] {ODD[random.nextInt(ODD.length)]});
            case 2 -> replace(input, at, at, new byte[] {ODD[random.nextInt(ODD.length)]});
            case 3 -> replace(input, at, end, new byte[0]);
            case 4 -> replace(input, at, at, Arrays.copyOfRange(input, at, end));
            case 5 -> replace(input, at, at, word());
            case 6 -> replace(input, at, end, word());
            case 7 -> replace(input, at, at, piece(other));
            default -> flip(input, at);
        };
    }

    private byte[] word() {
        return words.isEmpty() ? new byte[] {'0'} : words.get(random.nextInt(words.size()));
    }

    private byte[] piece(byte[] other) {
        int from = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, from, Math.min(other.length, from + LONGEST_INSERT));
    }

    private byte[] flip(byte[] input, int at) {
        byte[] flipped = input.clone();
        if (at < flipped.length) {
            flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] replace(byte[] input, int from, int to, byte[] by) {
        if (input.length - (to - from) + by.length > LONGEST_INPUT) {
            return input;
        }
        byte[] replaced = new byte[input.length - (to - from) + by.length];
        System.arraycopy(input, 0, replaced, 0, from);
        System.arraycopy(by, 0, replaced, from, by.length);
        System.arraycopy(input, to, replaced, from + by.length, input.length - to);
        return replaced;
    }
}
