package dev.filestore.examples.batch;

import dev.filestore.FileRefusedException;
import dev.filestore.FileStore;
import dev.filestore.FileStoreException;
import dev.filestore.UploadRequest;
import dev.filestore.examples.batch.LocalFiles.LocalFile;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One run: brings every file of a tree into the store that is not there yet, with several threads. */
final class Batch {

    private final FileStore store;
    private final String owner;
    private final Progress progress;
    private volatile boolean stopped;

    Batch(FileStore store, String owner, Progress progress) {
        this.store = store;
        this.owner = owner;
        this.progress = progress;
    }

    /** Ends the run soon: no further file is begun, and uploads under way are broken off, which leaves nothing of them. */
    void stop() {
        stopped = true;
    }

    /** Returns what became of each file. */
    List<Outcome> run(LocalFiles local, int threads) throws InterruptedException {
        Inventory inventory = Inventory.of(store, owner);
        ConcurrentLinkedQueue<LocalFile> waiting = new ConcurrentLinkedQueue<>(local.files());
        ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>(local.unreadable());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(pool.submit(() -> {
                    for (LocalFile file = waiting.poll(); file != null; file = waiting.poll()) {
                        outcomes.add(bring(file, inventory));
                    }
                }));
            }
            for (Future<?> worker : workers) {
                progress.showUntilDone(worker);
            }
        } finally {
            pool.shutdownNow();
        }
        return List.copyOf(outcomes);
    }

    private Outcome bring(LocalFile file, Inventory inventory) {
        Path path = file.path();
        if (stopped) {
            return new Outcome(path, Outcome.Kind.NOT_REACHED, "");
        }
        long[] read = new long[1];
        UploadRequest request = UploadRequest.of(path.getFileName().toString(), () -> new Watched(path, read))
                .withOwner(owner)
                .withLength(file.size());
        try {
            if (inventory.take(request.originalFilename(), file)) {
                return new Outcome(path, Outcome.Kind.THERE_ALREADY, "");
            }
            store.upload(request);
            return new Outcome(path, Outcome.Kind.STORED, "");
        } catch (FileRefusedException e) {
            return new Outcome(path, Outcome.Kind.REFUSED, String.valueOf(e.getMessage()));
        } catch (FileStoreException | IOException e) {
            return stopped
                    ? new Outcome(path, Outcome.Kind.NOT_REACHED, "")
                    : new Outcome(path, Outcome.Kind.FAILED, reason(e));
        } finally {
            progress.fileDone(file.size() - read[0]);
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + cause;
    }

    /** A file's bytes as they are read, until the run is stopped. */
    private final class Watched extends FilterInputStream {

        private final long[] read;

        Watched(Path path, long[] read) throws IOException {
            super(openFile(path));
            this.read = read;
        }

        private static InputStream openFile(Path path) throws IOException {
            return Files.newInputStream(path);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (stopped) {
                throw new InterruptedIOException("the program is stopping");
            }
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                read[0] += count;
                progress.bytesRead(count);
            }
            return count;
        }
    }
}
