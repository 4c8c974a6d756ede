package dev.filestore.examples.benchmarks.harness;

import java.util.List;

/**
 * The answer to one question.
 *
 * @param group what it belongs to
 * @param what what was compared
 * @param goal what it is to be
 * @param value what it is: the median of the ratios of pairs, and their ends
 * @param sides what each side cost, as text
 */
public record Finding(String group, String what, Goal goal, Spread value, List<String> sides) {

    /** A run that ends well or not. */
    public static Finding passed(String group, String what, boolean passed, String note) {
        return new Finding(group, what, Goal.atLeast(1), Spread.of(passed ? 1 : 0), List.of(note));
    }

    public boolean isMet() {
        return goal.isMetBy(value.median());
    }
}
