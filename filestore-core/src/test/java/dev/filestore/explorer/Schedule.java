package dev.filestore.explorer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who did what, step by step. Immutable; schedules with a common beginning share it. */
final class Schedule {

    static final Schedule START = new Schedule(null, "", "");

    private final @Nullable Schedule before;
    private final Object who;
    private final Object what;

    private Schedule(@Nullable Schedule before, Object who, Object what) {
        this.before = before;
        this.who = who;
        this.what = what;
    }

    Schedule then(Object newWho, Object newWhat) {
        return new Schedule(this, newWho, newWhat);
    }

    /** The last step. */
    String last() {
        return who + ": " + what;
    }

    List<String> steps() {
        Deque<String> steps = new ArrayDeque<>();
        for (Schedule schedule = this; schedule.before != null; schedule = schedule.before) {
            steps.addFirst(schedule.last());
        }
        return List.copyOf(steps);
    }
}
