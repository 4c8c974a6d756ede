package dev.filestore.servlet;

import dev.filestore.ByteRange;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.UnfinishedPut;
import dev.filestore.memory.MemoryStorage;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A storage in memory that fails when it is told to, and knows how many of its streams are open. */
final class BreakableStorage implements StorageBackend {

    static final String SECRET_OF_THE_CAUSE = "internal-host-7.example";

    private final MemoryStorage storage = new MemoryStorage();
    private final AtomicInteger open = new AtomicInteger();
    private final Semaphore closed = new Semaphore(0);
    private final Semaphore puts = new Semaphore(0);
    private final AtomicLong bytesRead = new AtomicLong();
    private volatile boolean broken;
    private volatile long breakReadAt = Long.MAX_VALUE;

    void whileBroken(Runnable act) {
        broken = true;
        try {
            act.run();
        } finally {
            broken = false;
        }
    }

    /** Lets each stream that is read meanwhile break off after so many bytes. */
    void whileReadsBreakAt(long bytes, Runnable act) {
        breakReadAt = bytes;
        try {
            act.run();
        } finally {
            breakReadAt = Long.MAX_VALUE;
        }
    }

    /** Waits until a stream was closed that was open for reading. */
    boolean awaitClosed() throws InterruptedException {
        return closed.tryAcquire(30, TimeUnit.SECONDS);
    }

    /** Waits until an object is being stored. */
    void awaitPut() {
        try {
            if (!puts.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing is being stored");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int openStreams() {
        return open.get();
    }

    /** How many bytes were read of all objects so far. */
    long bytesRead() {
        return bytesRead.get();
    }

    int objects() {
        return storage.list("", "", Integer.MAX_VALUE).size();
    }

    private void check(String act) {
        if (broken) {
            throw new StorageException(act, new IOException("no answer from " + SECRET_OF_THE_CAUSE));
        }
    }

    @Override
    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        check("put " + key);
        puts.release();
        return storage.put(key, headers, source, length);
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
        check("open " + key);
        Optional<InputStream> stream = storage.open(key, range, tag).map(Counted::new);
        stream.ifPresent(opened -> open.incrementAndGet());
        return stream;
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        check("stat " + key);
        return storage.stat(key);
    }

    @Override
    public void delete(String key) {
        check("delete " + key);
        storage.delete(key);
    }

    @Override
    public void purge(String key) {
        check("purge " + key);
        storage.purge(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        check("list " + prefix);
        return storage.list(prefix, after, limit);
    }

    @Override
    public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
        check("list unfinished " + prefix);
        return storage.listUnfinished(prefix, after, limit);
    }

    @Override
    public void abort(UnfinishedPut put) {
        check("abort " + put.key());
        storage.abort(put);
    }

    @Override
    public void close() {
        storage.close();
    }

    private final class Counted extends FilterInputStream {

        private long count;
        private boolean isClosed;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            long left = breakReadAt - count;
            if (left <= 0) {
                throw new IOException("no answer from " + SECRET_OF_THE_CAUSE);
            }
            int read = super.read(buffer, offset, (int) Math.min(length, left));
            count += Math.max(read, 0);
            bytesRead.addAndGet(Math.max(read, 0));
            return read;
        }

        @Override
        public void close() throws IOException {
            if (!isClosed) {
                isClosed = true;
                open.decrementAndGet();
                closed.release();
            }
            super.close();
        }
    }
}
