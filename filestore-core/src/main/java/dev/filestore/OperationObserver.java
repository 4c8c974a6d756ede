package dev.filestore;

import org.jspecify.annotations.Nullable;

/**
 * Is told of every operation of a store, for metrics, traces and the like: at once, by the thread that does it, at most
 * once, and with what it cost. What must be heard of files, across crashes too, is for a {@link FileStoreListener}.
 *
 * <p>Implementations are thread-safe and quick, and block on nothing: the operation's caller waits for them. What they throw is
 * logged, and changes nothing of the operation. A store without observers measures nothing, unless the logger
 * {@code dev.filestore.operations} is at the level debug.
 */
public interface OperationObserver {

    /**
     * The store was built with this observer. Nothing has been done with it yet.
     *
     * @param store the store, which stays its owner's
     */
    default void built(FileStore store) {}

    /**
     * An operation begins, on the thread that does it.
     *
     * @param kind what is begun
     * @return who is told how this one goes on, such as for the span of a trace; null for nobody
     */
    default @Nullable Course begun(Operation.Kind kind) {
        return null;
    }

    /**
     * An operation has come to its end, well or not.
     *
     * @param operation what was done, and how it ended
     */
    default void finished(Operation operation) {}

    /**
     * One operation while it is under way. What is between {@link OperationObserver#begun} and {@link #left} is done by one
     * thread, and so is whatever the storage and the database are asked there.
     */
    interface Course {

        /**
         * A stage of an upload begins, and the one before it ends. By the thread that began the operation.
         *
         * @param stage the stage
         */
        default void entered(Operation.Stage stage) {}

        /**
         * The thread that began the operation turns to other things, well or not; called by that thread, exactly once, and before
         * {@link #finished}. Courses are left in the opposite order to that in which they were begun. A download goes on: its
         * bytes are still to be read, by any thread.
         */
        default void left() {}

        /**
         * The operation has come to its end, well or not; called exactly once, but for a download that nobody closes. By the
         * thread that began the operation, or the one that closed the download or met with its failure.
         *
         * @param operation what was done, and how it ended
         * @param failure what was thrown; null if the outcome is {@link Operation.Outcome#SUCCESS}. Its message may name the key and the
         *     owner of the file
         */
        default void finished(Operation operation, @Nullable Throwable failure) {}
    }
}
