package dev.filestore.explorer;

import java.util.Arrays;
import java.util.Map;

/** A row of numbers that stands for a row of values: equal values get the same number, and others another one. */
final class Numbers {

    private final Map<Object, Integer> known;
    private int[] numbers = new int[32];
    private int size;

    /**
     * Starts an empty row.
     *
     * @param known the numbers given so far, shared by all rows that are compared
     */
    Numbers(Map<Object, Integer> known) {
        this.known = known;
    }

    /** A finished row, for a hash table. */
    static final class Key {

        private final int[] numbers;
        private final int hash;

        private Key(int[] numbers) {
            this.numbers = numbers;
            this.hash = Arrays.hashCode(numbers);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(numbers, key.numbers);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    Numbers add(int number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        numbers[size++] = number;
        return this;
    }

    Numbers add(Object value) {
        return add(known.computeIfAbsent(value, unknown -> known.size()).intValue());
    }

    Numbers addAll(Map<?, ?> entries) {
        add(entries.size());
        entries.forEach((key, value) -> add(key).add(value));
        return this;
    }

    Key key() {
        return new Key(Arrays.copyOf(numbers, size));
    }
}
