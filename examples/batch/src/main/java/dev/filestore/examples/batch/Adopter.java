package dev.filestore.examples.batch;

import dev.filestore.AdoptRequest;
import dev.filestore.Adoption;
import dev.filestore.FileStore;
import dev.filestore.FileStoreException;
import dev.filestore.StoredFile;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One run: asks the store to adopt, or whether it could adopt, every file of another application, with several threads. */
final class Adopter {

    private final FileStore store;
    private final AdoptArguments arguments;
    private final AdoptReport report;
    private final PrintStream out;
    private volatile boolean stopped;

    Adopter(FileStore store, AdoptArguments arguments, AdoptReport report, PrintStream out) {
        this.store = store;
        this.arguments = arguments;
        this.report = report;
        this.out = out;
    }

    /** Ends the run soon: no further file is begun. Run again, it goes on. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Returns whether every file is, or could be, a file of the store. */
    boolean run(OldRows rows) throws IOException, InterruptedException {
        boolean applied = arguments.mode() == Adoption.Mode.APPLY;
        if (applied && rows.highestId() > 0) {
            store.reserveIds(rows.highestId());
        }
        ExecutorService pool = Executors.newFixedThreadPool(arguments.threads());
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < arguments.threads(); i++) {
                workers.add(pool.submit(() -> work(rows)));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw new IllegalStateException("a worker failed in a way that no file does", e.getCause());
        } finally {
            pool.shutdownNow();
        }
        report.summary(out, rows.count());
        if (!applied) {
            out.println("Nothing was written: this was a dry run. --apply adopts what can be.");
        }
        return report.isFine();
    }

    private void work(OldRows rows) {
        try {
            for (OldRow row = stopped ? null : rows.next(); row != null; row = stopped ? null : rows.next()) {
                tell(row, rows.count());
            }
        } catch (IOException e) {
            stopped = true;
            throw new UncheckedIOException(e);
        }
    }

    private void tell(OldRow row, long count) throws IOException {
        String outcome;
        String detail;
        boolean fine = false;
        StoredFile file = null;
        try {
            AdoptRequest request = row.toRequest();
            if (row.isTwice()) {
                report.add(
                        row,
                        "key_twice",
                        false,
                        null,
                        "another row has the same key: a file has an object of its own",
                        count);
                return;
            }
            Adoption adoption = store.adopt(request, arguments.mode());
            outcome = adoption.kind().name().toLowerCase(Locale.ROOT);
            detail = adoption.detail();
            fine = adoption.kind().isFine();
            file = adoption.file();
        } catch (IllegalArgumentException e) {
            outcome = "invalid_row";
            detail = String.valueOf(e.getMessage());
        } catch (FileStoreException e) {
            outcome = "failed";
            detail = message(e);
        }
        report.add(row, outcome, fine, file, detail, count);
    }

    private static String message(Throwable e) {
        Throwable cause = e.getCause();
        return e.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
    }
}
