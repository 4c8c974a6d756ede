package dev.filestore;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes by key. The store calls it for keys that a row in the database names, and for no others.
 *
 * <p>Objects are created once and never change: there is no overwriting and no appending. Keys are 1 to 1,024 bytes of
 * well-formed UTF-8 in NFC, made of segments separated by single slashes, none of them empty, {@code .} or {@code ..},
 * without control characters and backslashes. The store has checked that; only a backend that turns keys into paths
 * checks it again, at the one place where it does so.
 *
 * <p>All methods may be called from any number of threads at once, also for the same key. Each may block. What the
 * storage refuses or leaves unanswered is a {@link StorageException}, whose outcome is unknown unless a method says
 * otherwise; a backend repeats what is worth repeating by itself. A thread's interruption ends the call with a
 * {@link StorageException} and leaves the interrupt flag set.
 *
 * <p>The contract kit ({@code StorageBackendContract} in the test-jar of filestore-core) says when an implementation is
 * right.
 */
public interface StorageBackend extends AutoCloseable {

    /**
     * Creates an object from a stream. Atomic: readers see all of its bytes, or nothing.
     *
     * <p>The bytes are committed only after {@code source} has answered -1 to a read, never before, and never because a
     * stream was closed. Only where a store promises to act on it is the create-only rule its own; in every case the
     * object that was there first stays as it was.
     *
     * @param key the name, not in use
     * @param headers what the storage tells those who read the object past us
     * @param source the bytes, read by the calling thread alone, in bulk, once, to the end, and not closed
     * @param length how many bytes {@code source} will give, if that is known, else -1. A source that gives more or
     *     fewer throws by itself at its end; the number only serves to choose how to send
     * @return what tells this object from any with other bytes that ever has its key, for {@link #open}: a strong entity
     *     tag in the sense of RFC 9110 section 8.8.3, as the storage writes it, at most 255 characters of ASCII. Null
     *     where the storage has none
     * @throws IOException the very exception that {@code source} threw. Then nothing was committed, nothing ever will
     *     be, and nothing is left behind
     * @throws StorageException if the storage failed, an object of that key is there already, or what a failed source
     *     left could not be removed (the source's exception is then the cause). The object may be there, or may still
     *     appear later, whole; {@link #purge} removes what is left
     */
    @Nullable
    String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException;

    /**
     * Opens an object for reading.
     *
     * @param key the name
     * @param range the bytes that are wanted; those beyond the end are left out, so that a range behind the end gives
     *     an empty stream
     * @param tag what {@link #put} returned: only the object that it wrote will do. Null for whichever is there; a
     *     storage whose puts return null takes no notice of it
     * @return the bytes, which the caller closes; closing early gives the connection up and reads nothing more. Where
     *     the bytes break off, reading throws an {@link IOException}, and never ends as if all had come. Empty where no
     *     such object exists, also where another is there than the one of {@code tag}
     * @throws StorageException if the storage failed
     */
    Optional<InputStream> open(String key, ByteRange range, @Nullable String tag);

    /**
     * Looks an object up.
     *
     * @param key the name
     * @return what is known of it, or empty where no such object exists
     * @throws StorageException if the storage failed
     */
    Optional<ObjectInfo> stat(String key);

    /**
     * Removes an object. After the call returned no reader finds it; whoever has it open may read on, or fail.
     *
     * @param key the name; an object that does not exist is removed already
     * @throws StorageException if the storage failed; the call can be repeated
     */
    void delete(String key);

    /**
     * Removes an object and all that a put of this key left unfinished: temporary files, open multipart uploads. To be
     * called only where no put of this key should be running; one that is still running fails, or leaves an object that
     * the next call removes.
     *
     * @param key the name; nothing being there is success
     * @throws StorageException if the storage failed; the call can be repeated
     */
    void purge(String key);

    /**
     * Lists objects in ascending order of their keys' UTF-8 bytes.
     *
     * @param prefix what the keys start with, empty for all
     * @param after only keys greater than this one; empty to start at the beginning
     * @param limit how many at most, at least 1, and any number above
     * @return exactly {@code limit} objects where there are as many, fewer only at the end of the list
     * @throws StorageException if the storage failed
     */
    List<ObjectInfo> list(String prefix, String after, int limit);

    /**
     * Lists what puts have left, or are just writing, in an order of the storage's own that stays the same.
     *
     * @param prefix what the keys start with, empty for all. What is left of a put whose key the storage does not know
     *     any more is listed whatever the prefix is
     * @param after only what comes behind this {@link UnfinishedPut#id()}, be it still there or not; empty to start at
     *     the beginning
     * @param limit how many at most, at least 1, and any number above
     * @return exactly {@code limit} where there are as many, fewer only at the end of the list; always empty where a put
     *     leaves nothing
     * @throws StorageException if the storage failed
     */
    List<UnfinishedPut> listUnfinished(String prefix, String after, int limit);

    /**
     * Removes what one put has left. A put that is still running fails by it, and leaves nothing; an object is never
     * removed.
     *
     * @param put as {@link #listUnfinished} gave it; what is gone is removed already
     * @throws StorageException if the storage failed; the call can be repeated
     */
    void abort(UnfinishedPut put);

    /** Gives up connections and threads of the backend's own. No call may be running or follow. Repeatable. */
    @Override
    void close();
}
