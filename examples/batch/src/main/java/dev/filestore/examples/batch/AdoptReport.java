package dev.filestore.examples.batch;

import dev.filestore.StoredFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What became of each row: all of it in a file, some of it on the screen, and the sums. Thread-safe. */
final class AdoptReport implements AutoCloseable {

    private final @Nullable Writer file;
    private final PrintStream out;
    private final Ticker ticker;
    private final int shown;
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Map<String, Long> notes = new TreeMap<>();
    private long done;
    private boolean fine = true;

    private AdoptReport(@Nullable Writer file, PrintStream out, Ticker ticker, int shown) {
        this.file = file;
        this.out = out;
        this.ticker = ticker;
        this.shown = shown;
    }

    /**
     * Begins a report.
     *
     * @param to a file that is made, of one line a row, with tabs between the columns; null for none
     * @param shown how many of each outcome are shown
     */
    static AdoptReport begin(@Nullable Path to, PrintStream out, Ticker ticker, int shown) throws IOException {
        BufferedWriter writer = null;
        if (to != null) {
            writer = Files.newBufferedWriter(to, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
            writer.write("outcome\tref\tid\tkey\tdetail\n");
        }
        return new AdoptReport(writer, out, ticker, shown);
    }

    /** @param stored the file as the store has it, or would have it; null where nothing is known of that */
    synchronized void add(
            OldRow row, String outcome, boolean isFine, @Nullable StoredFile stored, String detail, long count)
            throws IOException {
        done++;
        fine &= isFine;
        long before = outcomes.merge(outcome, 1L, Long::sum) - 1;
        String told = stored == null ? detail : mended(row, stored);
        if (!isFine && before < shown) {
            show(outcome, row, told);
        }
        if (file != null) {
            String id = stored == null || stored.id() == 0 ? "" : Long.toString(stored.id());
            file.write(String.join(
                            "\t",
                            outcome,
                            Main.printable(row.called()),
                            id,
                            Main.printable(String.valueOf(row.key())),
                            Main.printable(told))
                    + "\n");
        }
        ticker.offer(done + " of " + count + " rows");
    }

    /** What the store has found out better than the row knows it. */
    private String mended(OldRow row, StoredFile stored) {
        String name = row.name();
        String renamed = note("other_name", name, stored.originalFilename(), row);
        String type = row.contentType();
        String retyped = note("other_type", type, stored.contentType(), row);
        return renamed.isEmpty() || retyped.isEmpty() ? renamed + retyped : renamed + "; " + retyped;
    }

    private String note(String kind, @Nullable String recorded, String found, OldRow row) {
        if (recorded == null || recorded.equals(found)) {
            return "";
        }
        String told = kind + ": " + found + " instead of " + recorded;
        if (notes.merge(kind, 1L, Long::sum) <= shown) {
            show(kind, row, found + " instead of " + recorded);
        }
        return told;
    }

    private void show(String what, OldRow row, String detail) {
        ticker.end();
        out.println(what + ": " + Main.printable(row.called()) + ", key " + Main.printable(String.valueOf(row.key()))
                + ", " + Main.printable(detail));
    }

    synchronized boolean isFine() {
        return fine;
    }

    synchronized void summary(PrintStream to, long count) {
        ticker.end();
        to.println(done + " of " + count + " rows looked at");
        outcomes.forEach((outcome, rows) -> to.println(rows + " " + outcome));
        notes.forEach((note, rows) ->
                to.println(rows + " with " + note.replace("other_", "another ") + " than was recorded"));
        if (done < count) {
            to.println((count - done) + " not reached; run the same command to go on");
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
