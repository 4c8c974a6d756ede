package dev.filestore.examples.fuzzing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Looks for finds without knowing what the target's code does with an input: half of the inputs are made up by the
 * target, half are changed ones. It needs no other process and no native code, and takes the same way each time.
 */
public final class Search {

    private static final int MOST_REMEMBERED = 512;
    private static final long NANOS_TO_SHRINK = 2_000_000_000;

    private final Target target;
    private final SplittableRandom random;
    private final Mutator mutator;
    private final List<byte[]> inputs;
    private long runs;

    public Search(Target target, long seed) {
        this.target = target;
        this.random = new SplittableRandom(seed);
        this.mutator = new Mutator(target.words(), random);
        this.inputs = new ArrayList<>(target.seeds());
    }

    /** An input that broke a rule, and how. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Find(byte[] input, Throwable thrown) {}

    /** How many inputs were tried. */
    public long runs() {
        return runs;
    }

    /** Searches until something is found, or the time is over, or so many inputs were tried. */
    public Optional<Find> run(Duration atMost, long mostRuns) {
        long end = System.nanoTime() + atMost.toNanos();
        for (byte[] seed : List.copyOf(inputs)) {
            Optional<Find> find = tryOne(seed);
            if (find.isPresent()) {
                return find;
            }
        }
        while (runs < mostRuns && System.nanoTime() < end) {
            Optional<Find> find = tryOne(next());
            if (find.isPresent()) {
                return find;
            }
        }
        return Optional.empty();
    }

    private byte[] next() {
        if (inputs.isEmpty() || random.nextInt(2) == 0) {
            byte[] made = target.generate(random);
            if (inputs.size() < MOST_REMEMBERED) {
                inputs.add(made);
            } else {
                inputs.set(random.nextInt(inputs.size()), made);
            }
            return made;
        }
        return mutator.mutate(any(), any());
    }

    private byte[] any() {
        return inputs.get(random.nextInt(inputs.size()));
    }

    private Optional<Find> tryOne(byte[] input) {
        runs++;
        Throwable thrown = thrownBy(input);
        return thrown == null ? Optional.empty() : Optional.of(shrink(new Find(input, thrown)));
    }

    private @Nullable Throwable thrownBy(byte[] input) {
        try {
            target.run(input);
            return null;
        } catch (Exception | AssertionError | StackOverflowError e) {
            return e;
        }
    }

    /** Cuts pieces out as long as what is left breaks a rule too. */
    private Find shrink(Find found) {
        Find smallest = found;
        long end = System.nanoTime() + NANOS_TO_SHRINK;
        for (int piece = Math.max(1, found.input.length / 2); piece >= 1; piece /= 2) {
            for (int at = 0; at + piece <= smallest.input.length && System.nanoTime() < end; ) {
                byte[] shorter = without(smallest.input, at, piece);
                Throwable thrown = thrownBy(shorter);
                if (thrown != null && thrown.getClass() == found.thrown.getClass()) {
                    smallest = new Find(shorter, thrown);
                } else {
                    at += piece;
                }
            }
        }
        return smallest;
    }

    private static byte[] without(byte[] input, int at, int length) {
        byte[] shorter = Arrays.copyOf(input, input.length - length);
        System.arraycopy(input, at + length, shorter, at, shorter.length - at);
        return shorter;
    }
}
