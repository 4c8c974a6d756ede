package dev.filestore;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a repository lists: those of files that are {@link FileState#AVAILABLE} and have not expired.
 *
 * @param owner the user whose files are listed; null for those of every user
 * @param category the category; null for all
 * @param now the present: files whose {@code expiresAt} is at or before it are left out
 */
public record RowQuery(@Nullable String owner, @Nullable Category category, Instant now) {

    /** Checks that nothing is missing. */
    public RowQuery {
        Objects.requireNonNull(now, "now");
    }

    /**
     * A place in the order of the list. In the list of all users, only the id tells it.
     *
     * @param uploadedAt the upload time of a file
     * @param id its id
     */
    public record Position(Instant uploadedAt, long id) {

        /** Checks that nothing is missing. */
        public Position {
            Objects.requireNonNull(uploadedAt, "uploadedAt");
        }
    }
}
