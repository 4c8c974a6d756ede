package dev.filestore;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A process of a {@link FaultCase}, with a store of its own over the storage and the repository that all share. */
final class FaultProcess implements SpiCalls.Conduct, Executor {

    private final FaultCase world;
    private final FileStore store;
    private @Nullable String last;
    private int lastSource = -1;
    private boolean dead;
    private boolean breaksOff;

    FaultProcess(FaultCase world, FaultStack stack, FileStore.Builder builder) {
        this.world = world;
        SpiCalls calls = new SpiCalls(this);
        if (world.isScanned()) {
            builder.scanner(new FaultScanner(this));
        }
        this.store = builder.listenerExecutor(this)
                .storage(new RecordingStorage(stack.storage(), calls))
                .metadata(new RecordingMetadata(stack.metadata(), calls))
                .build();
    }

    /** What a process that is gone meets with at every call; nothing in the store may catch it. */
    static final class Death extends Error {

        private static final long serialVersionUID = 1L;

        Death() {
            super("this process is dead", null, false, false);
        }
    }

    FileStore store() {
        return store;
    }

    boolean isDead() {
        return dead;
    }

    /** Dies when it comes to that call. */
    void diesAt(String call) {
        last = call;
    }

    /** Dies when it comes to the middle of its source. */
    void diesInSource() {
        lastSource = 1;
    }

    /** Whether it is to die in the middle of its source. */
    boolean isToDieInSource() {
        return lastSource >= 0;
    }

    private Death die() {
        dead = true;
        return new Death();
    }

    @Override
    public <T, X extends Exception> T make(String call, Supplier<FileStoreException> failure, SpiCalls.Body<T, X> body)
            throws X {
        if (dead || call.equals(last)) {
            throw die();
        }
        CallFault fault = world.next(call);
        if (fault == null) {
            return made(call, body);
        }
        return switch (fault) {
            case FAILS_BEFORE -> throw failure.get();
            case FAILS_AFTER -> {
                made(call, body);
                throw failure.get();
            }
            case LANDS_LATE -> {
                world.later(body.detached());
                throw failure.get();
            }
            case HANGS_BEFORE, FREEZES_BEFORE -> {
                world.pass(fault == CallFault.FREEZES_BEFORE);
                yield made(call, body);
            }
            case HANGS_INSIDE, FREEZES_INSIDE -> {
                SpiCalls.Body<T, X> detached = body.detached();
                world.pass(fault == CallFault.FREEZES_INSIDE);
                yield made(call, detached);
            }
            case HANGS_AFTER, FREEZES_AFTER -> {
                T result = made(call, body);
                world.pass(fault == CallFault.FREEZES_AFTER);
                yield result;
            }
            case DIES_BEFORE -> throw die();
            case DIES_AFTER -> {
                made(call, body);
                throw die();
            }
            case DIES_LANDS_LATE -> {
                world.later(body.detached());
                throw die();
            }
            case BREAKS_OFF -> {
                breaksOff = true;
                yield made(call, body);
            }
        };
    }

    private <T, X extends Exception> T made(String call, SpiCalls.Body<T, X> body) throws X {
        try {
            return body.run();
        } finally {
            world.made(call);
        }
    }

    /** Comes to a place between two calls, where bytes flow. */
    void point(String place) throws IOException {
        come(place, new IOException("broke off on purpose"));
    }

    /** Comes to a call of the scanner. */
    void scan() {
        come(CallFault.SCAN, new ScanException("failed on purpose", null));
    }

    private <X extends Exception> void come(String place, X failure) throws X {
        if (dead) {
            throw new Death();
        }
        boolean last = place.equals(CallFault.SOURCE) && isToDieInSource() && lastSource-- == 0;
        CallFault fault = last ? CallFault.DIES_BEFORE : world.next(place);
        if (fault == null) {
            return;
        }
        switch (fault) {
            case FAILS_BEFORE -> throw failure;
            case DIES_BEFORE -> {
                dead = true;
                world.stopForEver();
                throw new Death();
            }
            default -> world.pass(fault == CallFault.FREEZES_BEFORE);
        }
    }

    /** Tells listeners on the spot. */
    @Override
    public void execute(Runnable telling) {
        world.telling(this, telling);
    }

    /** Lets a listener hear something. */
    void hear(Runnable listener) {
        if (dead) {
            throw new Death();
        }
        CallFault fault = world.next(CallFault.LISTENER);
        if (fault == CallFault.FAILS_BEFORE) {
            throw new IllegalStateException("the listener failed on purpose");
        } else if (fault == CallFault.DIES_BEFORE) {
            throw die();
        } else if (fault == CallFault.HANGS_BEFORE || fault == CallFault.FREEZES_BEFORE) {
            world.pass(fault == CallFault.FREEZES_BEFORE);
        }
        listener.run();
        if (fault == CallFault.FAILS_AFTER) {
            throw new IllegalStateException("the listener failed on purpose");
        } else if (fault == CallFault.DIES_AFTER) {
            throw die();
        }
    }

    /** Puts in one order, the same in every run, what was due at the same moment. */
    @Override
    public List<FileRow> claimed(List<FileRow> rows) {
        return rows.stream().sorted(Comparator.comparing(FileRow::id)).toList();
    }

    /** Breaks the object off in its middle, if that is its fate. */
    @Override
    public InputStream opened(InputStream object) {
        if (!breaksOff) {
            return object;
        }
        breaksOff = false;
        return new FilterInputStream(object) {
            private int left = 100;

            @Override
            public int read() throws IOException {
                throw new AssertionError("read in bulk");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (left == 0) {
                    throw new IOException("broke off on purpose");
                }
                int read = super.read(buffer, offset, Math.min(left, length));
                left -= Math.max(read, 0);
                return read;
            }
        };
    }
}
