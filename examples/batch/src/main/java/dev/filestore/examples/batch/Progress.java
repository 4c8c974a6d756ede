package dev.filestore.examples.batch;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How far the run is, in files and bytes. */
final class Progress {

    private final Ticker ticker;
    private final LongSupplier nanos;
    private final long files;
    private final long bytes;
    private final long start;
    private final AtomicLong filesDone = new AtomicLong();
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLong bytesPassedOver = new AtomicLong();

    Progress(PrintStream out, boolean terminal, LongSupplier nanos, long files, long bytes) {
        this.ticker = new Ticker(out, terminal, nanos);
        this.nanos = nanos;
        this.files = files;
        this.bytes = bytes;
        this.start = nanos.getAsLong();
    }

    void bytesRead(long count) {
        bytesRead.addAndGet(count);
    }

    /** Tells that a file is dealt with, and how many of its bytes were never uploaded. */
    void fileDone(long passedOver) {
        bytesPassedOver.addAndGet(passedOver);
        filesDone.incrementAndGet();
    }

    /** Shows how far the run is, now and then, for as long as a worker works. */
    void showUntilDone(Future<?> worker) throws InterruptedException {
        Duration every = ticker.every();
        while (true) {
            try {
                worker.get(every.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                ticker.show(line());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a worker failed in a way that no upload does", e.getCause());
            }
        }
    }

    /** Makes room for the next line. */
    void end() {
        ticker.end();
    }

    /** Such as {@code 12 of 40 files, 3.1 of 9.0 MiB, 1.2 MiB/s, 5 s left}. */
    String line() {
        long read = bytesRead.get();
        long done = read + bytesPassedOver.get();
        double seconds = Math.max(1e-3, elapsed().toMillis() / 1e3);
        double perSecond = read / seconds;
        String left = perSecond < 1 ? "" : ", " + span((long) Math.ceil((bytes - done) / perSecond)) + " left";
        return String.format(
                Locale.ROOT,
                "%d of %d files, %s of %s, %s/s%s",
                filesDone.get(),
                files,
                size(done),
                size(bytes),
                size((long) perSecond),
                left);
    }

    Duration elapsed() {
        return Duration.ofNanos(nanos.getAsLong() - start);
    }

    long uploaded() {
        return bytesRead.get();
    }

    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 1023.95 && unit < 3) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGT".charAt(unit));
    }

    private static String span(long seconds) {
        return seconds < 100
                ? seconds + " s"
                : seconds < 6000 ? (seconds + 59) / 60 + " min" : (seconds + 3599) / 3600 + " h";
    }
}
