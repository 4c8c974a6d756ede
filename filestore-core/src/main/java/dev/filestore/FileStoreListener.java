package dev.filestore;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hears what becomes of files. Told after the fact, on a thread of the store's own, and never able to harm an operation:
 * what a listener throws is logged, and while it works, or hangs, files come and go as ever.
 *
 * <p>{@link #stored} and {@link #deleted} are told <em>at least once</em>, across crashes too: the file's row remembers in the
 * database that they are still to be told, and a {@linkplain FileStore#sweep() sweep} tells them again until every listener
 * has returned from them, or has completed what it returned. A listener that must act once remembers the {@linkplain FileEvent#id() event's id}. Of one file,
 * stored is told before deleted, but may be told again after it. The others are told at most once, and not after a crash.
 *
 * <p>Every process that sweeps should have the same listeners: one that has none regards all as told. Methods are called by
 * one thread at a time in each store, unless {@link FileStore.Builder#listenerExecutor} says otherwise.
 */
public interface FileStoreListener {

    /**
     * A file is stored, and readers see it. At least once.
     *
     * @param event the file
     */
    default void stored(FileEvent event) {}

    /**
     * A file is gone, by a delete or because it expired, and so are its bytes. At least once.
     *
     * @param event the file as it was
     */
    default void deleted(FileEvent event) {}

    /**
     * As {@link #deleted}, for a listener that is done only later, such as when others have been told over the network: the
     * file's row stays until what is returned is complete. The store calls this method alone; it calls {@link #deleted} if
     * not overridden.
     *
     * @param event the file as it was
     * @return what completes when the listener is done. If it fails, or is not complete after 45 seconds,
     *     the event is told again by a sweep, with growing pauses
     */
    default CompletionStage<Void> deletedLater(FileEvent event) {
        deleted(event);
        return CompletableFuture.completedFuture(null);
    }

    /**
     * A file expired; when its bytes are gone too, {@link #deleted} follows. At most once.
     *
     * @param event the file as it was
     */
    default void expired(FileEvent event) {}

    /**
     * The storage or the database failed at a file: in an upload, a delete or a sweep, which will try again. At most once
     * for each failure.
     *
     * @param failure what failed, and how often by now
     */
    default void failed(FileFailure failure) {}

    /**
     * A sweep came to its end. At most once for each.
     *
     * @param report what it did
     */
    default void swept(SweepReport report) {}
}
