package dev.filestore.examples.batch;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Shows one line now and then: written over at a terminal, else on a new line every few seconds. For one thread. */
final class Ticker {

    private static final Duration AT_A_TERMINAL = Duration.ofMillis(200);
    private static final Duration IN_A_LOG = Duration.ofSeconds(5);

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanos;
    private long shownAt;

    Ticker(PrintStream out, boolean terminal, LongSupplier nanos) {
        this.out = out;
        this.terminal = terminal;
        this.nanos = nanos;
        this.shownAt = nanos.getAsLong();
    }

    /** How long one line stands. */
    Duration every() {
        return terminal ? AT_A_TERMINAL : IN_A_LOG;
    }

    /** Shows a line if the last one has stood long enough. */
    void offer(String line) {
        long now = nanos.getAsLong();
        if (now - shownAt >= every().toNanos()) {
            shownAt = now;
            show(line);
        }
    }

    /** Shows a line. */
    void show(String line) {
        out.print(terminal ? "\r" + line + "\u001b[K" : line + System.lineSeparator());
        out.flush();
    }

    /** Makes room for the next line. */
    void end() {
        if (terminal) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
