package dev.filestore.explorer;

import dev.filestore.explorer.Call.Choice;
import dev.filestore.explorer.Call.Outcome;
import dev.filestore.explorer.Turn.Event;
import dev.filestore.explorer.Turn.Progress;
import dev.filestore.explorer.Turn.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the operations of a {@link Scenario} in every order of their steps, with every fault and every passing of time
 * that it allows, and stops all of them after each step.
 *
 * <p>Two beginnings of schedules that lead to the same world, with the same operations in the same places, have the same
 * continuations, which are looked at once. The schedules themselves are counted: all of them, one by one.
 */
final class Explorer {

    private final Scenario scenario;
    private final Engines engines;
    private final Map<Object, Integer> known = new HashMap<>();
    private final Ending ending;
    private final boolean merging;
    private long states;
    private long steps;
    private long schedules;

    Explorer(Scenario scenario, Engines engines) {
        this(scenario, engines, true);
    }

    /**
     * An explorer.
     *
     * @param merging whether what is the same is looked at once; without, each schedule is run by itself
     */
    Explorer(Scenario scenario, Engines engines, boolean merging) {
        this.scenario = scenario;
        this.engines = engines;
        this.merging = merging;
        this.ending = new Ending(engines, known);
    }

    /** An operation in the middle of a schedule. */
    private record Place(
            List<Event> past,
            int number,
            @Nullable Call next,
            @Nullable World before) {

        static final Place ENDED = new Place(List.of(), -2, null, null);

        boolean isDisturbedUntil(World end) {
            return (before != null && !before.now().equals(end.now()))
                    || past.stream().anyMatch(event -> event.outcome() != Outcome.DONE);
        }
    }

    /** A state of everything, and in how many ways it can be come to, of which one is kept. */
    private static final class State {

        final World world;
        final List<Place> places;
        final Schedule schedule;
        long ways;

        State(World world, List<Place> places, Schedule schedule, long ways) {
            this.world = world;
            this.places = places;
            this.schedule = schedule;
            this.ways = ways;
        }
    }

    /** Runs all there is to run; throws a {@link Violation} at the shortest schedule that shows one. */
    Report explore() {
        long begin = System.nanoTime();
        Map<Numbers.Key, State> layer = new LinkedHashMap<>();
        State start = start();
        layer.put(key(start), start);
        while (!layer.isEmpty()) {
            Map<Numbers.Key, State> next = new LinkedHashMap<>();
            Collection<State> current = layer.values();
            for (State state : current) {
                visit(state);
                follow(state, following -> {
                    if (!merging) {
                        next.put(new Numbers(known).add(next.size()).key(), following);
                        return;
                    }
                    next.merge(key(following), following, (same, other) -> {
                        same.ways = Math.addExact(same.ways, other.ways);
                        return same;
                    });
                });
            }
            layer = next;
        }
        return new Report(
                scenario, schedules, states, steps, ending.leftToAudit(), Duration.ofNanos(System.nanoTime() - begin));
    }

    /** Runs one schedule again, and all that can come of its end. */
    void replay(List<String> schedule) {
        State state = start();
        for (String step : schedule) {
            if (step.equals(Ending.STOP)) {
                break;
            }
            List<State> next = new ArrayList<>();
            follow(state, next::add);
            state = next.stream()
                    .filter(following -> following.schedule.last().equals(step))
                    .findFirst()
                    .orElse(state);
        }
        visit(state);
    }

    /** How many schedules were looked at so far, whole or broken. */
    long schedules() {
        return schedules;
    }

    /** How many states were looked at so far. */
    long states() {
        return states;
    }

    private State start() {
        World world = new World(Scenario.START);
        Operation stored = scenario.stored();
        if (stored != null) {
            engines.turn.setOperation(-1, stored.content(), stored.ttl());
            Result result = engines.turn.runFreely(world, () -> stored.run(engines.store, engines.metadata));
            stored.end(new Account(world, world, -1, result, false, false));
        }
        world.jumpsLeft = scenario.maxJumps();
        world.faultsLeft = scenario.maxFaults();
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < scenario.operations().size(); i++) {
            Progress progress = run(i, world, List.of(), null);
            places.add(new Place(progress.events(), number(-1, progress.events()), progress.next(), null));
        }
        return new State(world, places, Schedule.START, 1);
    }

    /** Checks a state, and what comes of it if all stop there. */
    private void visit(State state) {
        states++;
        checked(state.schedule, state.world, () -> Promise.checkAlways(state.world));
        int ends = ending.end(state.world, state.schedule);
        schedules = Math.addExact(schedules, Math.multiplyExact(state.ways, ends));
    }

    private void follow(State state, Consumer<State> to) {
        for (int i = 0; i < state.places.size(); i++) {
            Call next = state.places.get(i).next();
            if (next != null) {
                for (Choice choice : next.choices(state.world)) {
                    if (!choice.fault() || state.world.faultsLeft > 0) {
                        to.accept(step(state, i, choice));
                    }
                }
            }
        }
        for (Put put : state.world.flying()) {
            World world = state.world.copy();
            world.land(put, engines.isOverwriting());
            steps++;
            to.accept(new State(world, state.places, state.schedule.then("put " + put.id(), "lands"), state.ways));
        }
        if (state.world.jumpsLeft > 0 && isAnyoneUnderWay(state)) {
            for (Duration jump : scenario.jumps()) {
                World world = state.world.copy();
                world.pass(jump);
                world.jumpsLeft--;
                steps++;
                to.accept(new State(
                        world,
                        state.places,
                        state.schedule.then("time", jump.toMinutes() + " minutes pass"),
                        state.ways));
            }
        }
    }

    private static boolean isAnyoneUnderWay(State state) {
        return state.places.stream().anyMatch(place -> place.next() != null);
    }

    private State step(State state, int number, Choice choice) {
        steps++;
        Operation operation = scenario.operations().get(number);
        Place place = state.places.get(number);
        World world = state.world.copy();
        World before = place.before();
        if (before == null) {
            operation.begin(world, number);
            // Nobody changes it any more: the step below is made in a copy.
            before = world;
            world = world.copy();
        }
        if (choice.fault()) {
            world.faultsLeft--;
        }
        World after = world;
        Progress[] progress = new Progress[1];
        checked(
                state.schedule.then(operation, Objects.requireNonNull(place.next()) + " " + choice.outcome()),
                after,
                () -> progress[0] = run(number, after, place.past(), choice.outcome()));
        List<Event> events = progress[0].events();
        Schedule schedule = state.schedule.then(operation, events.get(0));
        List<Event> past = new ArrayList<>(place.past());
        past.addAll(events);
        Result result = progress[0].result();
        Place next = new Place(past, number(place.number(), events), progress[0].next(), before);
        if (result != null) {
            boolean disturbed = next.isDisturbedUntil(after);
            World began = before;
            checked(
                    schedule.then(operation, result),
                    after,
                    () -> operation.end(new Account(
                            began, after, number, result, disturbed, after.faultsLeft < scenario.maxFaults())));
            next = Place.ENDED;
        }
        List<Place> places = new ArrayList<>(state.places);
        places.set(number, next);
        return new State(after, places, schedule, state.ways);
    }

    private Progress run(int number, World world, List<Event> past, @Nullable Outcome outcome) {
        Operation operation = scenario.operations().get(number);
        engines.turn.setOperation(number, operation.content(), operation.ttl());
        return engines.turn.run(world, past, outcome, () -> operation.run(engines.store, engines.metadata));
    }

    /** Runs a check, and tells of a violation how it came to it. */
    static void checked(Schedule schedule, World world, Runnable check) {
        try {
            check.run();
        } catch (Violation e) {
            throw e.after(schedule.steps(), world);
        }
    }

    private record History(int before, List<Event> last) {}

    private int number(int before, List<Event> last) {
        return known.computeIfAbsent(new History(before, last), unknown -> known.size());
    }

    private Numbers.Key key(State state) {
        Numbers numbers = new Numbers(known).add(state.world.jumpsLeft).add(state.world.faultsLeft);
        state.world.print(numbers);
        for (Place place : state.places) {
            // Operations that have ended are alike, however they went.
            numbers.add(place.number());
            World before = place.before();
            if (before != null) {
                before.printSaid(numbers);
            }
        }
        return numbers.key();
    }
}
