package dev.filestore;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MetadataRepository} is besides that can tell at little cost how much work waits for a sweep. The guarantees
 * for its method are those of {@link MetadataRepository}.
 */
public interface DueRows {

    /**
     * The work that waits.
     *
     * @param rows how many rows are due; where there are as many as were to be counted at most, there may be more
     * @param oldest since when the first of them is due; null where none is
     */
    record Backlog(long rows, @Nullable Instant oldest) {

        /** Checks that there is an oldest one just where there are any. */
        public Backlog {
            if (rows < 0) {
                throw new IllegalArgumentException("a backlog has 0 rows or more, found " + rows);
            }
            if (rows > 0) {
                Objects.requireNonNull(oldest, "oldest");
            }
        }
    }

    /**
     * Counts rows that are due and that no sweep has taken. Changes nothing, and costs no more than reading {@code limit}
     * entries of an index.
     *
     * @param now rows whose {@code dueAt} is at or before it are due
     * @param limit how many to count at most, at least 1
     * @return the backlog
     * @throws MetadataException if the database failed
     */
    Backlog due(Instant now, int limit);
}
