package dev.filestore;

import java.time.Duration;

/**
 * Is told of every operation of a store as it ends, for metrics and the like: at once, by the thread that did it, at most
 * once, and with what it cost. What must be heard of files, across crashes too, is for a {@link FileStoreListener}.
 *
 * <p>Implementations are thread-safe and quick, and block on nothing: the operation's caller waits for them. What they throw is
 * logged, and changes nothing of the operation. A store without observers measures nothing.
 */
public interface OperationObserver {

    /**
     * The store was built with this observer. Nothing has been done with it yet.
     *
     * @param store the store, which stays its owner's
     */
    default void built(FileStore store) {}

    /**
     * An operation has come to its end, well or not.
     *
     * @param operation what was done, and how it ended
     */
    default void finished(Operation operation) {}

    /**
     * A sweep came to its end. Comes before {@link #finished} for the same sweep, and not where it broke off.
     *
     * @param report what it did
     * @param elapsed how long it took
     */
    default void swept(SweepReport report, Duration elapsed) {}
}
