package dev.filestore;

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

    /** An empty record. */
    public SpiCalls() {}

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

    /** A call's body. */
    interface Body<T, X extends Exception> {
        T run() throws X;
    }

    <T, X extends Exception> T make(String call, Supplier<FileStoreException> failure, Body<T, X> body) throws X {
        record(call);
        if (fails(call, Fault.BEFORE)) {
            throw failure.get();
        }
        T result = body.run();
        if (fails(call, Fault.AFTER)) {
            throw failure.get();
        }
        return result;
    }
}
