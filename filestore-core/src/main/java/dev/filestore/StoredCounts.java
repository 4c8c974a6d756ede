package dev.filestore;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MetadataRepository} is besides that keeps counts of rows in order not to count them anew for each
 * {@link MetadataRepository#count}: lets an audit compare them to the rows. The guarantees for its methods are those of
 * {@link MetadataRepository}.
 */
public interface StoredCounts {

    /**
     * What a count is of: rows of one owner.
     *
     * @param owner the user's id
     * @param category the category; null for the count of all
     */
    record Scope(String owner, @Nullable Category category) {

        /** Checks that nothing is missing. */
        public Scope {
            Objects.requireNonNull(owner, "owner");
        }
    }

    /**
     * A count beside the truth, both of one moment.
     *
     * @param stored the count
     * @param actual how many rows there are that it ought to have counted
     * @param until it counts rows that were uploaded before this
     */
    record Comparison(long stored, long actual, Instant until) {

        /** Checks that nothing is missing. */
        public Comparison {
            Objects.requireNonNull(until, "until");
        }

        /**
         * Whether the count is the truth.
         *
         * @return true if it is
         */
        public boolean isRight() {
            return stored == actual;
        }
    }

    /**
     * Lists what there are counts of, in an order of the repository's own that does not change.
     *
     * @param after only those that come behind this one, which need not be there any more; null to start at the first
     * @param limit how many at most, at least 1
     * @return the scopes, fewer than {@code limit} only at the end
     * @throws MetadataException if the database failed
     */
    List<Scope> scopes(@Nullable Scope after, int limit);

    /**
     * Counts the rows and compares. Keeps nobody from changing rows meanwhile, and is not misled by that.
     *
     * @param scope what the count is of
     * @return the comparison; empty where there is no such count
     * @throws MetadataException if the database failed
     */
    Optional<Comparison> compare(Scope scope);

    /**
     * Forgets what was counted, to be counted anew. {@link MetadataRepository#count} is right from then on.
     *
     * @param scope what the count is of
     * @return whether there is such a count
     * @throws MetadataException if the database failed; it may be forgotten
     */
    boolean reset(Scope scope);
}
