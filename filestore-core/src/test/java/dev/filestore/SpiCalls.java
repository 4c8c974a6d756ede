package dev.filestore;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The SPI calls of a store in the order they were made, over both of its SPIs, with a say in how each ends. Wrap a
 * storage in {@link RecordingStorage} and a repository in {@link RecordingMetadata}. Thread-safe.
 */
public final class SpiCalls {

    private final List<String> made = new ArrayList<>();
    private final Map<String, Fault> faults = new HashMap<>();

    /** How a call fails. */
    public enum Fault {
        /** It throws and did nothing. */
        BEFORE,
        /** It did all it should, and throws: the answer is lost. */
        AFTER
    }

    /** Goes between the store and the SPIs at every call, where {@link Fault} does not say enough. */
    public interface Conduct {

        /**
         * Makes a call, or lets it go wrong.
         *
         * @param call the method's name
         * @param failure what the SPI throws where it fails
         * @param body the call itself
         */
        <T, X extends Exception> T make(String call, Supplier<FileStoreException> failure, Body<T, X> body) throws X;

        /** The bytes of an object that was just opened. */
        default InputStream opened(InputStream object) {
            return object;
        }

        /** The rows that were just claimed. */
        default List<FileRow> claimed(List<FileRow> rows) {
            return rows;
        }
    }

    /** The call itself. */
    public interface Body<T, X extends Exception> {

        /** Makes it. */
        T run() throws X;

        /** Takes from the caller all that the call needs, so that it can be made when the caller is not there any more. */
        default Body<T, X> detached() throws X {
            return this;
        }
    }

    private static final Conduct MAKE = new Conduct() {
        @Override
        public <T, X extends Exception> T make(String call, Supplier<FileStoreException> failure, Body<T, X> body)
                throws X {
            return body.run();
        }
    };

    private final Conduct conduct;

    /** An empty record. */
    public SpiCalls() {
        this(MAKE);
    }

    /** An empty record of calls that go as {@code conduct} says. */
    public SpiCalls(Conduct conduct) {
        this.conduct = conduct;
    }

    /**
     * The names of the calls so far.
     *
     * @return a copy
     */
    public synchronized List<String> made() {
        return List.copyOf(made);
    }

    /** Forgets the calls so far. */
    public synchronized void clear() {
        made.clear();
    }

    /**
     * Lets every call of that name fail until {@link #heal}.
     *
     * @param call the method's name
     * @param fault how
     */
    public synchronized void fail(String call, Fault fault) {
        faults.put(call, fault);
    }

    /** Lets no call fail any more. */
    public synchronized void heal() {
        faults.clear();
    }

    private synchronized boolean fails(String call, Fault fault) {
        return faults.get(call) == fault;
    }

    private synchronized void record(String call) {
        made.add(call);
    }

    <T, X extends Exception> T make(String call, Supplier<FileStoreException> failure, Body<T, X> body) throws X {
        record(call);
        if (fails(call, Fault.BEFORE)) {
            throw failure.get();
        }
        T result = conduct.make(call, failure, body);
        if (fails(call, Fault.AFTER)) {
            throw failure.get();
        }
        return result;
    }

    InputStream opened(InputStream object) {
        return conduct.opened(object);
    }

    List<FileRow> claimed(List<FileRow> rows) {
        return conduct.claimed(rows);
    }
}
