package dev.filestore.examples.benchmarks.harness;

import java.util.List;
import java.util.Locale;

/**
 * What rounds gave.
 *
 * @param min the least
 * @param median the middle one
 * @param max the greatest
 */
public record Spread(double min, double median, double max) {

    public static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(sorted.get(0), median, sorted.get(sorted.size() - 1));
    }

    public static Spread of(double value) {
        return new Spread(value, value, value);
    }

    public boolean isFinite() {
        return Double.isFinite(min) && Double.isFinite(median) && Double.isFinite(max);
    }

    /** With two or three digits that mean something. */
    public static String shown(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f", value);
    }
}
