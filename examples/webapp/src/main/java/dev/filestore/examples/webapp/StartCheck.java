package dev.filestore.examples.webapp;

import dev.filestore.CheckReport;
import dev.filestore.CheckReport.Finding;
import dev.filestore.FileStore;
import dev.filestore.examples.environment.Settings;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Checks the store beside the start, which does not wait for it, and tells of what there is something to be done about. */
final class StartCheck implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final FileStore store;
    private final PrintStream err;
    private final Thread thread = new Thread(this::check, "check-at-start");
    private volatile boolean closed;

    private StartCheck(FileStore store, PrintStream err) {
        this.store = store;
        this.err = err;
        thread.setDaemon(true);
    }

    /**
     * Whether there is something that can be set wrong. Each check takes numbers from the table, and where nothing is set the first
     * file of a new store is to have the number 1, as the documents say.
     */
    static boolean isFor(Settings settings) {
        return settings.find("AWS_S3_BUCKET").isPresent()
                || settings.find("DATABASE_URL").isPresent();
    }

    /** Begins. Prints nothing where all is well. */
    static StartCheck begin(FileStore store, PrintStream err) {
        StartCheck check = new StartCheck(store, err);
        check.thread.start();
        return check;
    }

    private void check() {
        List<Finding> cured = store.check().findings().stream()
                .filter(finding -> finding.cure().isPresent())
                .toList();
        if (!cured.isEmpty() && !closed) {
            err.print("The check at the start found:" + System.lineSeparator() + new CheckReport(cured));
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Waits until all was looked at. */
    void join() throws InterruptedException {
        thread.join();
    }

    /**
     * Waits a little for the end, and prints nothing from now on. What is left of a check a sweep removes. There is no interrupt: a
     * database in this process would take harm from that.
     */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
