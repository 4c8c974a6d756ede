package dev.filestore;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to list: files that are available, newest first. Those of one user are in the order of their upload times, then of
 * their ids, both descending; those of everybody in the order of their ids alone, in which they were recorded.
 *
 * <p>A page is named by an offset, or by the cursor that the page before it gave. A cursor costs the same at any depth
 * and neither skips nor repeats a file where others come and go; an offset costs a look at each file that it passes over.
 * So does, in everybody's list, a category for each file of another one.
 *
 * @param owner the user whose files are listed; null for those of every user, which only trusted code may ask for
 * @param category the category to list; null for all
 * @param limit how many files at most, 1 to {@value #MAX_LIMIT}
 * @param offset how many files to pass over, at least 0, and 0 where a cursor is given
 * @param cursor {@link FilePage#nextCursor()} of the page before; null to start
 * @param counted whether the page is to tell the {@linkplain FilePage#total() total}. For one user's files that costs the
 *     same however many there are; for everybody's, a look at each
 */
public record FileQuery(
        @Nullable String owner,
        @Nullable Category category,
        int limit,
        long offset,
        @Nullable String cursor,
        boolean counted) {

    /** The longest page. */
    public static final int MAX_LIMIT = 100;

    /** The usual length of a page. */
    public static final int DEFAULT_LIMIT = 50;

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if a value is out of its range, or a cursor comes with an offset
     */
    public FileQuery {
        if (owner != null) {
            Caller.requireUserId(owner);
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is 1 to " + MAX_LIMIT + ", found " + limit);
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset is at least 0, found " + offset);
        }
        if (cursor != null && offset != 0) {
            throw new IllegalArgumentException("a page is named by an offset or by a cursor, not by both");
        }
    }

    /**
     * The first {@value #DEFAULT_LIMIT} files of everybody.
     *
     * @return the query
     */
    public static FileQuery all() {
        return new FileQuery(null, null, DEFAULT_LIMIT, 0, null, true);
    }

    /**
     * The first {@value #DEFAULT_LIMIT} files of a user.
     *
     * @param owner the user's id
     * @return the query
     */
    public static FileQuery of(String owner) {
        return new FileQuery(Objects.requireNonNull(owner, "owner"), null, DEFAULT_LIMIT, 0, null, true);
    }

    /**
     * The same list of another user.
     *
     * @param owner the user's id
     * @return a copy
     */
    public FileQuery withOwner(String owner) {
        return new FileQuery(Objects.requireNonNull(owner, "owner"), category, limit, offset, cursor, counted);
    }

    /**
     * The same list, of one category.
     *
     * @param category the category, or null for all
     * @return a copy
     */
    public FileQuery withCategory(@Nullable Category category) {
        return new FileQuery(owner, category, limit, offset, cursor, counted);
    }

    /**
     * The same list in pages of another length.
     *
     * @param limit 1 to {@value #MAX_LIMIT}
     * @return a copy
     */
    public FileQuery withLimit(int limit) {
        return new FileQuery(owner, category, limit, offset, cursor, counted);
    }

    /**
     * The page that starts behind a number of files.
     *
     * @param offset how many files to pass over, at least 0
     * @return a copy without a cursor
     */
    public FileQuery withOffset(long offset) {
        return new FileQuery(owner, category, limit, offset, null, counted);
    }

    /**
     * The page that a cursor names.
     *
     * @param cursor from {@link FilePage#nextCursor()}
     * @return a copy without an offset
     */
    public FileQuery withCursor(String cursor) {
        return new FileQuery(owner, category, limit, 0, Objects.requireNonNull(cursor, "cursor"), counted);
    }

    /**
     * The same list without its total.
     *
     * @return a copy
     */
    public FileQuery withoutTotal() {
        return new FileQuery(owner, category, limit, offset, cursor, false);
    }
}
