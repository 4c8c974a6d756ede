package dev.filestore.explorer;

import java.util.List;

/** The promise was broken: what was seen, and after which steps. An error, so that no engine catches it. */
final class Violation extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final transient List<String> schedule;

    Violation(String seen) {
        this(seen, List.of());
    }

    private Violation(String message, List<String> schedule) {
        super(message);
        this.schedule = schedule;
    }

    /** The same, with the steps that led to it. */
    Violation after(List<String> steps, World world) {
        if (!schedule.isEmpty()) {
            return this;
        }
        return new Violation(
                getMessage() + "\n  after\n    " + String.join("\n    ", steps) + "\n  with\n    " + world, steps);
    }

    List<String> schedule() {
        return schedule;
    }
}
