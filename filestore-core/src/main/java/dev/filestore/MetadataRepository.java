package dev.filestore;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one row per file, and changes it by compare-and-set.
 *
 * <p>Each method is one short transaction of its own, committed when it returns; none of them touches the storage, and
 * none may join a transaction of the caller's. All may be called from any number of threads and processes at once. What
 * the database refuses or leaves unanswered is a {@link MetadataException}: whether the change was made is then unknown.
 * Times are kept to the microsecond, which is all that the store hands in. Text is compared by its exact characters,
 * trailing spaces included, and keys are ordered by their UTF-8 bytes.
 *
 * <p>The contract kit ({@code MetadataRepositoryContract} in the test-jar of filestore-core) says when an implementation
 * is right.
 */
public interface MetadataRepository extends AutoCloseable {

    /**
     * Adds a row, under a new id and the version 0.
     *
     * @param row the row; its id and version are not looked at
     * @return the row as it is now in the database; empty, with nothing changed, where a row has that key already
     * @throws MetadataException if the database failed; the row may be there
     */
    Optional<FileRow> insert(FileRow row);

    /**
     * Reads a row, whatever its state.
     *
     * @param id its number
     * @return the row as last committed, or empty where there is none
     * @throws MetadataException if the database failed
     */
    Optional<FileRow> find(long id);

    /**
     * Reads a row by its key, whatever its state.
     *
     * @param key the name of its object
     * @return the row as last committed, or empty where there is none
     * @throws MetadataException if the database failed
     */
    Optional<FileRow> findByKey(String key);

    /**
     * Changes a row if nobody has changed it since it was read. The owner, the key, the category, the upload time and
     * the id never change; everything else becomes what {@code next} says, and the version is counted up by one.
     *
     * @param next the row as it should become, with the id and version that were read
     * @return the row as it is now; empty, with nothing changed, where the version is another by now or the row is gone
     * @throws MetadataException if the database failed; the change may have been made
     */
    Optional<FileRow> compareAndSet(FileRow next);

    /**
     * Removes a row if nobody has changed it since it was read.
     *
     * @param row the row, with the id and version that were read
     * @return whether this call removed it; false, with nothing changed, where the version is another by now or the row
     *     is gone
     * @throws MetadataException if the database failed; the row may be gone
     */
    boolean remove(FileRow row);

    /**
     * Lists the rows of visible files, newest first. Those of one owner by upload time, then id, both descending; those of
     * all owners by id alone.
     *
     * @param query which rows
     * @param after only rows that come behind this place in the order; null to start at the first
     * @param offset how many rows to pass over, at least 0, and 0 where {@code after} is given
     * @param limit how many rows at most, at least 1
     * @return the rows
     * @throws MetadataException if the database failed
     */
    List<FileRow> list(RowQuery query, RowQuery.@Nullable Position after, long offset, int limit);

    /**
     * Counts the rows of visible files.
     *
     * @param query which rows
     * @return how many
     * @throws MetadataException if the database failed
     */
    long count(RowQuery query);

    /**
     * Takes rows that are due, the longest due first, for this caller alone: in one transaction their {@code dueAt}
     * becomes {@code leaseUntil} and their version is counted up, so that no other caller gets them before then. Rows
     * that another caller is just taking are passed over and not waited for.
     *
     * @param now rows whose {@code dueAt} is at or before it are due
     * @param leaseUntil when they are due again if nothing more is heard of this caller, after {@code now}
     * @param limit how many rows at most, at least 1
     * @return the rows as they are now
     * @throws MetadataException if the database failed; rows may have been taken, and become due again by themselves
     */
    List<FileRow> claimDue(Instant now, Instant leaseUntil, int limit);

    /**
     * Lists rows of every state in ascending order of their keys' UTF-8 bytes.
     *
     * @param prefix what the keys start with, empty for all
     * @param after only keys greater than this one; empty to start at the beginning
     * @param limit how many rows at most, at least 1
     * @return the rows, fewer than {@code limit} only at the end
     * @throws MetadataException if the database failed
     */
    List<FileRow> listByKey(String prefix, String after, int limit);

    /**
     * Lists rows of every state of one owner, oldest first: upload time, then id, both ascending.
     *
     * @param owner the user's id, compared by its exact characters
     * @param after only rows that come behind this place in the order; null to start at the first
     * @param limit how many rows at most, at least 1
     * @return the rows, fewer than {@code limit} only at the end
     * @throws MetadataException if the database failed
     */
    List<FileRow> listByOwner(String owner, RowQuery.@Nullable Position after, int limit);

    /** Gives up what the repository itself opened. No call may be running or follow. Repeatable. */
    @Override
    void close();
}
