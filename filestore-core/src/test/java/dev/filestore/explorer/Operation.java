package dev.filestore.explorer;

import dev.filestore.FileStore;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something that is done with a store while other things are, and what may come of it. */
abstract class Operation {

    static final String OWNER = "123";

    private final String name;

    Operation(String name) {
        this.name = name;
    }

    /** Does it, with the real engine. */
    abstract @Nullable Object run(FileStore store, SteppedMetadata metadata) throws IOException;

    /** Notes what the world is told by the mere beginning. */
    void begin(World world, int number) {}

    /** Notes what the world is told by the end, and finds what is wrong with it. */
    abstract void end(Account account);

    /** The bytes that it brings. */
    String content() {
        return "";
    }

    /** How long they are to be kept, null for ever. */
    @Nullable
    Duration ttl() {
        return null;
    }

    @Override
    public final String toString() {
        return name;
    }

    /** Stores a file. */
    static Operation upload(String letter, @Nullable Duration ttl) {
        return new Upload(letter, ttl, false);
    }

    /** Begins to store a file, and then the source ends before it should. */
    static Operation brokenUpload(String letter) {
        return new Upload(letter, null, true);
    }

    static Operation delete(long id) {
        return new Delete(id, false);
    }

    /** Deletes a file, in a transaction of the host's. */
    static Operation discardInTransaction(long id) {
        return new Delete(id, true);
    }

    /** Deletes all that the user has. */
    static Operation erase() {
        return new Erase();
    }

    static Operation read(long id) {
        return new Read(id);
    }

    static Operation list() {
        return new ListFiles();
    }

    /** Takes a file's TTL away. */
    static Operation keep(long id) {
        return new Lifetime(Lifetime.Change.KEEP, id);
    }

    /** Takes a file's TTL away, in a transaction of the host's. */
    static Operation keepInTransaction(long id) {
        return new Lifetime(Lifetime.Change.KEEP_IN_TRANSACTION, id);
    }

    /** Has a file end soon, whatever its TTL was. */
    static Operation expire(long id) {
        return new Lifetime(Lifetime.Change.EXPIRE, id);
    }

    /** A sweep, as one of any number of nodes makes it. */
    static Operation sweep(String node) {
        return new Sweep(node);
    }

    /** Compares objects and rows, and removes what belongs to nobody. */
    static Operation audit() {
        return new Reconcile();
    }
}
