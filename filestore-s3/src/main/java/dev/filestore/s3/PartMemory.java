package dev.filestore.s3;

import dev.filestore.StorageException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The memory that all puts of a backend share for the parts of large objects. A part is reserved as a whole before it grows
 * beyond its first bytes: whoever holds a reservation needs nobody else's to fill and send its part, so that those who wait
 * for one always get it. Thread-safe.
 *
 * <p>Segments that are given back are used again, unless the garbage collector comes first: nothing but it decides how long
 * memory stays that no put holds.
 */
final class PartMemory {

    static final int SEGMENT = 64 * 1024;

    private final int capacity;
    private final Duration patience;

    /** One permit for each segment; fair, so that a part is not kept waiting for ever by smaller ones. */
    private final Semaphore free;

    private final Deque<WeakReference<byte[]>> idle = new ArrayDeque<>();

    /**
     * Allots memory, and allocates none yet.
     *
     * @param capacityBytes how much there is for all puts at once
     * @param patience how long a put waits for a part of it
     */
    PartMemory(long capacityBytes, Duration patience) {
        this.capacity = segments(capacityBytes);
        this.patience = patience;
        this.free = new Semaphore(capacity, true);
    }

    private static int segments(long bytes) {
        return Math.toIntExact((bytes + SEGMENT - 1) / SEGMENT);
    }

    /** How large a part can be at most. */
    long capacityBytes() {
        return (long) capacity * SEGMENT;
    }

    /** A reserved share, for one part. For one thread at a time. */
    final class Share implements AutoCloseable {

        private int permits;

        private Share(int permits) {
            this.permits = permits;
        }

        @Override
        public void close() {
            free.release(permits);
            permits = 0;
        }
    }

    /**
     * Reserves memory for a part, and waits until there is some.
     *
     * @param bytes the part's size, at most {@link #capacityBytes}
     * @param key the object that it is a part of, for messages
     * @return the share, to be closed
     * @throws StorageException if there was none in time, or the thread is interrupted, which it still is then
     */
    Share reserve(long bytes, String key) {
        int permits = segments(bytes);
        try {
            if (free.tryAcquire(permits, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return new Share(permits);
            }
            throw new StorageException(
                    "put " + key + ": other uploads held all " + capacityBytes()
                            + " bytes that there are for parts for " + patience.toSeconds()
                            + " seconds, see S3Settings.Builder.partMemoryBytes",
                    null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("put " + key + ": interrupted while it waited for memory", e);
        }
    }

    /**
     * Reserves memory for one more part of a put that has one already, if that leaves half of all to the others.
     *
     * @param bytes the part's size, at most {@link #capacityBytes}
     * @return the share, or null if memory is scarce
     */
    @Nullable
    Share reserveSpare(long bytes) {
        int permits = segments(bytes);
        return free.availablePermits() - permits >= capacity / 2 && free.tryAcquire(permits)
                ? new Share(permits)
                : null;
    }

    /** A segment, with anything in it. */
    byte[] take() {
        synchronized (idle) {
            for (WeakReference<byte[]> known = idle.pollFirst(); known != null; known = idle.pollFirst()) {
                byte[] segment = known.get();
                if (segment != null) {
                    return segment;
                }
            }
        }
        return new byte[SEGMENT];
    }

    /** Takes back what {@link #take} gave. */
    void giveBack(byte[] segment) {
        synchronized (idle) {
            idle.addFirst(new WeakReference<>(segment));
        }
    }
}
