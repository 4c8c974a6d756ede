package dev.filestore.explorer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Which operations meet: every one with every one, at one file and one key. */
final class Scenarios {

    private static final Duration TTL = Duration.ofMinutes(20);

    /** Those of many steps, of which two together make most of the states. */
    private static final List<Operation> LONG =
            List.of(Operation.upload("B", TTL), Operation.brokenUpload("C"), Operation.erase(), Operation.audit());

    private static final List<Operation> SHORT = List.of(
            Operation.delete(1),
            Operation.discardInTransaction(1),
            Operation.read(1),
            Operation.list(),
            Operation.keep(1),
            Operation.keepInTransaction(1),
            Operation.expire(1),
            Operation.sweep("1"));

    private Scenarios() {}

    /** The time passes by more than a lease of a sweep, of an upload, or the life of a put. */
    static final List<Duration> JUMPS = List.of(Scenario.SHORT, Scenario.LEASE, Scenario.GRACE);

    /**
     * Any two operations, of which so many are long.
     *
     * @param maxJumps how often time passes
     * @param maxFaults how many calls fail
     */
    static List<Scenario> pairs(int minLong, int maxLong, int maxJumps, int maxFaults) {
        List<List<Operation>> pairs = new ArrayList<>();
        List<Operation> all = all();
        for (int i = 0; i < all.size(); i++) {
            for (int j = i; j < all.size(); j++) {
                pairs.add(List.of(all.get(i), all.get(j)));
            }
        }
        return scenarios(pairs, minLong, maxLong, maxJumps, maxFaults);
    }

    /** Any three operations; see {@link #pairs}. */
    static List<Scenario> triples(int minLong, int maxLong, int maxJumps, int maxFaults) {
        List<List<Operation>> triples = new ArrayList<>();
        List<Operation> all = all();
        for (int i = 0; i < all.size(); i++) {
            for (int j = i; j < all.size(); j++) {
                for (int k = j; k < all.size(); k++) {
                    triples.add(List.of(all.get(i), all.get(j), all.get(k)));
                }
            }
        }
        return scenarios(triples, minLong, maxLong, maxJumps, maxFaults);
    }

    /** An upload that may sleep, and sweeps on two nodes that may give it up, and forget it. */
    static Scenario sleepingUpload() {
        return new Scenario(
                null,
                List.of(Operation.upload("B", null), Operation.sweep("1"), Operation.sweep("2")),
                List.of(Scenario.LEASE, Scenario.GRACE),
                2,
                0);
    }

    /** An upload that may sleep between making its key and its row, while the key's file is deleted twice, and forgotten. */
    static Scenario sleptKey() {
        return new Scenario(
                Operation.upload("A", null),
                List.of(Operation.upload("B", null), Operation.delete(1), Operation.delete(1)),
                List.of(Scenario.SHORT),
                1,
                0);
    }

    private static List<Operation> all() {
        List<Operation> all = new ArrayList<>(LONG);
        all.addAll(SHORT);
        return all;
    }

    /** With a file that is there before, which uploads meet at its key; and without one, where they make the file. */
    private static List<Scenario> scenarios(
            List<List<Operation>> combinations, int minLong, int maxLong, int maxJumps, int maxFaults) {
        List<Scenario> scenarios = new ArrayList<>();
        for (List<Operation> operations : combinations) {
            long longOnes = operations.stream().filter(LONG::contains).count();
            if (longOnes >= minLong && longOnes <= maxLong) {
                scenarios.add(new Scenario(Operation.upload("A", TTL), operations, JUMPS, maxJumps, maxFaults));
                if (operations.contains(LONG.get(0))) {
                    scenarios.add(new Scenario(null, operations, JUMPS, maxJumps, maxFaults));
                }
            }
        }
        return scenarios;
    }
}
