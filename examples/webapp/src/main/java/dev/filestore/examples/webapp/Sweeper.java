package dev.filestore.examples.webapp;

import dev.filestore.FileStore;
import dev.filestore.SweepReport;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps the store now and then, in the background. */
final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FileStore store;
    private final ScheduledExecutorService timer;

    private Sweeper(FileStore store) {
        this.store = store;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sweeper");
            thread.setDaemon(true);
            return thread;
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // It only ever ends by the timer's end: sweep() throws nothing.
    static Sweeper start(FileStore store, Duration every) {
        Sweeper sweeper = new Sweeper(store);
        sweeper.timer.scheduleWithFixedDelay(sweeper::sweep, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return sweeper;
    }

    private void sweep() {
        try {
            SweepReport report = store.sweep();
            if (report.equals(new SweepReport(0, 0, 0, 0))) {
                LOG.debug("Swept: nothing was due");
            } else {
                LOG.info(
                        "Swept: {} uploads given up, {} files expired, {} removed, {} failed",
                        report.abandoned(),
                        report.expired(),
                        report.removed(),
                        report.failed());
            }
        } catch (RuntimeException e) {
            // A timer whose task throws once never runs it again.
            LOG.warn("The sweep failed and is tried again next time", e);
        }
    }

    /** Waits for a sweep that is running, for a while. What it leaves the next one finishes. */
    @Override
    public void close() {
        timer.shutdown();
        try {
            if (timer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
    }
}
