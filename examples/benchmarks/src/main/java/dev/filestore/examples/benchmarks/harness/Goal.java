package dev.filestore.examples.benchmarks.harness;

/**
 * What a figure is to be.
 *
 * @param atLeast whether more is better
 * @param value the bound; not a number where there is no goal
 */
public record Goal(boolean atLeast, double value) {

    /** No goal: the figure is there to be known. */
    public static final Goal NONE = new Goal(true, Double.NaN);

    public static Goal atLeast(double value) {
        return new Goal(true, value);
    }

    public static Goal atMost(double value) {
        return new Goal(false, value);
    }

    public boolean exists() {
        return !Double.isNaN(value);
    }

    public boolean isMetBy(double found) {
        return !exists() || (atLeast ? found >= value : found <= value);
    }

    @Override
    public String toString() {
        return exists() ? (atLeast ? ">= " : "<= ") + Spread.shown(value) : "-";
    }
}
