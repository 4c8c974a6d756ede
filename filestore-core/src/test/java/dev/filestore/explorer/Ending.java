package dev.filestore.explorer;

import dev.filestore.Audit;
import dev.filestore.AuditFinding;
import dev.filestore.explorer.Turn.Result;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What comes after: every operation stopped where it was, for good. Sweeps go on, and puts that were sent land between
 * them, or never. Then the promise has to be kept.
 */
final class Ending {

    static final Audit AUDIT = Audit.of("")
            .withGrace(Audit.SHORTEST_GRACE)
            .withApply(
                    Set.of(
                            AuditFinding.Kind.ORPHAN_OBJECT,
                            AuditFinding.Kind.MISSING_OBJECT,
                            AuditFinding.Kind.STALE_UPLOAD),
                    100)
            .withImplausibleShare(1);

    /** The step from which on nobody does anything. */
    static final String STOP = "all: stop";

    /** The last of them finds nothing to do. */
    private static final List<Duration> SWEEPS =
            List.of(Scenario.SHORT, Scenario.LEASE, Scenario.GRACE, Scenario.GRACE, Scenario.GRACE);

    private final Engines engines;
    private final Map<Object, Integer> known;
    private final Map<Numbers.Key, Integer> ends = new HashMap<>();
    private long leftToAudit;

    Ending(Engines engines, Map<Object, Integer> known) {
        this.engines = engines;
        this.known = known;
    }

    /** How many of the endings that were looked at left something that an audit has to find. */
    long leftToAudit() {
        return leftToAudit;
    }

    /** In how many ways it can end; throws a {@link Violation} for a wrong one. */
    int end(World world, Schedule schedule) {
        return end(world, 0, schedule.then("all", "stop"));
    }

    private int end(World world, int sweeps, Schedule schedule) {
        Numbers numbers = new Numbers(known).add(sweeps);
        world.print(numbers);
        Numbers.Key key = numbers.key();
        Integer ended = ends.get(key);
        if (ended != null) {
            return ended;
        }
        int ways = 0;
        for (Put put : world.flying()) {
            World next = world.copy();
            next.land(put, engines.isOverwriting());
            ways += end(next, sweeps, schedule.then("put " + put.id(), "lands"));
        }
        if (sweeps < SWEEPS.size()) {
            Duration time = SWEEPS.get(sweeps);
            Schedule swept = schedule.then("all", "sweep after " + time.toMinutes() + " minutes");
            World next = world.copy();
            next.pass(time);
            Result result = engines.turn.runFreely(next, engines.store::sweep);
            Explorer.checked(swept, next, () -> {
                if (result.failure() != null) {
                    throw new Violation("a sweep failed: " + result.failure());
                }
                Promise.checkAlways(next);
            });
            ways += end(next, sweeps + 1, swept);
        } else {
            Explorer.checked(schedule, world, () -> checkInTheEnd(world));
            ways++;
        }
        ends.put(key, ways);
        return ways;
    }

    private void checkInTheEnd(World world) {
        if (!world.isAnyoneLate()) {
            Promise.checkInTheEnd(world);
            return;
        }
        try {
            Promise.checkInTheEnd(world);
        } catch (Violation left) {
            leftToAudit++;
            audit(world.copy());
        }
    }

    /** What a process left that slept for longer than its lease is found by an audit, and removed by the next sweeps. */
    private void audit(World world) {
        world.pass(Scenario.GRACE);
        engines.turn.runFreely(world, () -> engines.store.audit(AUDIT));
        for (Duration time : SWEEPS) {
            world.pass(time);
            engines.turn.runFreely(world, engines.store::sweep);
        }
        Promise.checkAlways(world);
        Promise.checkInTheEnd(world);
    }
}
