package dev.filestore;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a store can do its work, as far as can be told without writing.
 *
 * @param databaseProblem why the rows could not be read; empty where they could
 * @param storageProblem why the storage did not answer; empty where it did
 * @param backlog the work that waits for a sweep, counted to {@link #BACKLOG_LIMIT}; empty where the repository cannot tell at little
 *     cost, or failed
 * @param backlogAge how long the first of it has waited, zero where nothing waits; empty as above
 */
public record StoreHealth(
        Optional<String> databaseProblem,
        Optional<String> storageProblem,
        Optional<Long> backlog,
        Optional<Duration> backlogAge) {

    /** How many rows of a backlog are counted at most. */
    public static final int BACKLOG_LIMIT = 1_000;

    /**
     * Whether both answered.
     *
     * @return true if neither has a problem
     */
    public boolean isUp() {
        return databaseProblem.isEmpty() && storageProblem.isEmpty();
    }
}
