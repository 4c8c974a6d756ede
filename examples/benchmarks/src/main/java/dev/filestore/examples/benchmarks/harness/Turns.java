package dev.filestore.examples.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Lets sides run in turn, so that a busy minute of the machine falls on all of them. */
public final class Turns {

    private final List<String> names;
    private final List<Figures[]> rounds;

    private Turns(List<String> names, List<Figures[]> rounds) {
        this.names = names;
        this.rounds = rounds;
    }

    /** One of those that are compared. */
    public record Side(String name, Run run) {}

    /** Runs a side once. */
    @FunctionalInterface
    public interface Run {

        Figures run() throws Exception;
    }

    /** Warms all sides up, and measures them in turn, every other round from the last to the first. */
    public static Turns take(Plan plan, Side... sides) throws Exception {
        List<Figures[]> rounds = new ArrayList<>();
        for (int round = -plan.warmUps(); round < plan.rounds(); round++) {
            Figures[] figures = new Figures[sides.length];
            for (int i = 0; i < sides.length; i++) {
                int turn = round % 2 == 0 ? i : sides.length - 1 - i;
                figures[turn] = sides[turn].run().run();
            }
            if (round >= 0) {
                rounds.add(figures);
            }
        }
        return new Turns(List.of(sides).stream().map(Side::name).toList(), rounds);
    }

    /** A figure of each round, made of what all sides gave in it. */
    public Spread each(ToDoubleFunction<Figures[]> ratio) {
        return Spread.of(rounds.stream().map(ratio::applyAsDouble).toList());
    }

    /** The ratio of two sides in each round. */
    public Spread ratio(int over, int under, ToDoubleFunction<Figures> figure) {
        return each(round -> figure.applyAsDouble(round[over]) / figure.applyAsDouble(round[under]));
    }

    /** What every side cost, in medians. */
    public List<String> large() {
        return told(side -> String.format(
                Locale.ROOT,
                "%s MiB/s, %s CPU s/GiB, %s MB allocated each, heap up to %s MB",
                median(side, Figures::mebibytesPerSecond),
                median(side, Figures::cpuSecondsPerGibibyte),
                median(side, figures -> figures.allocatedPerOperation() / 1e6),
                median(side, figures -> figures.peakHeapBytes() / 1e6)));
    }

    /** What every side cost, where operations count and not bytes. */
    public List<String> small() {
        return told(side -> String.format(
                Locale.ROOT,
                "%s/s, %s CPU ms and %s kB allocated each",
                median(side, Figures::operationsPerSecond),
                median(side, figures -> figures.cpuNanos() / 1e6 / figures.operations()),
                median(side, figures -> figures.allocatedPerOperation() / 1e3)));
    }

    private List<String> told(Function<Integer, String> side) {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            told.add(names.get(i) + ": " + side.apply(i));
        }
        return told;
    }

    private String median(int side, ToDoubleFunction<Figures> figure) {
        return Spread.shown(each(round -> figure.applyAsDouble(round[side])).median());
    }
}
