package dev.filestore.explorer;

import java.time.Duration;
import java.util.Locale;

/**
 * How much of a scenario was looked at: all of it.
 *
 * @param schedules how many orders of steps, each ended by the stop of all, and each such end counted for itself
 * @param states how many different states they went through
 * @param steps how many steps were run to see all of them
 * @param leftToAudit how many different ends left something for an audit
 * @param time how long it took, which nothing depends on
 */
record Report(Scenario scenario, long schedules, long states, long steps, long leftToAudit, Duration time) {

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-85s %,22d schedules %,10d states %,10d steps %,7d ms%s",
                scenario,
                schedules,
                states,
                steps,
                time.toMillis(),
                leftToAudit == 0 ? "" : ", " + leftToAudit + " ends left to an audit");
    }
}
