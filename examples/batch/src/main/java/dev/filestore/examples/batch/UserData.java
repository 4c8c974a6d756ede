package dev.filestore.examples.batch;

import dev.filestore.Caller;
import dev.filestore.EraseReport;
import dev.filestore.FileStore;
import dev.filestore.examples.batch.Arguments.UsageException;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** {@code erase USER} and {@code export USER FILE}: all that a user has, at once. */
final class UserData {

    private final String user;

    /** Where to export to; null to erase. */
    private final @Nullable Path archive;

    private volatile boolean stopped;

    private UserData(String user, @Nullable Path archive) {
        this.user = user;
        this.archive = archive;
    }

    /** What the command line asks for, or null where its first word is another. */
    static @Nullable UserData parse(String... args) throws UsageException {
        String command = args.length == 0 ? "" : args[0];
        if (command.equals("erase")) {
            if (args.length != 2) {
                throw new UsageException("erase needs the user, and nothing else");
            }
            return new UserData(user(args[1]), null);
        }
        if (command.equals("export")) {
            if (args.length != 3) {
                throw new UsageException("export needs the user and the archive, and nothing else");
            }
            Path archive = Path.of(args[2]);
            if (Files.exists(archive)) {
                throw new UsageException("there is " + archive + " already");
            }
            return new UserData(user(args[1]), archive);
        }
        return null;
    }

    private static String user(String text) throws UsageException {
        try {
            return Caller.user(text).userId();
        } catch (IllegalArgumentException e) {
            throw new UsageException("not a user: " + e.getMessage());
        }
    }

    /** Ends the command soon: the same one goes on, or begins again. */
    void stop() {
        stopped = true;
    }

    /** Returns whether all was done; false too where it was stopped. */
    boolean run(FileStore store, PrintStream out, Ticker ticker) throws IOException {
        Path to = archive;
        return to == null ? erase(store, out, ticker) : export(store, out, to);
    }

    boolean isStopped() {
        return stopped;
    }

    private boolean erase(FileStore store, PrintStream out, Ticker ticker) {
        EraseReport report = store.eraseOwner(user, soFar -> {
            ticker.offer(soFar.erased() + " erased, " + soFar.failed() + " failed");
            if (stopped) {
                // Between two calls: an interrupt in the midst of one would harm a database in this process.
                Thread.currentThread().interrupt();
            }
        });
        if (stopped) {
            // Nothing that follows is to be interrupted.
            Thread.interrupted();
        }
        ticker.end();
        out.printf("%d erased, %d failed%n", report.erased(), report.failed());
        if (!report.isDone()) {
            out.println("not all is erased: run the same command again");
        } else if (report.waitingUntil() != null) {
            out.printf(
                    "%d rows with the user's id and file names are left: the first sweep after %s removes them%n",
                    report.waiting(), report.waitingUntil());
        }
        return report.isDone();
    }

    /** Only a whole archive gets its name. */
    private boolean export(FileStore store, PrintStream out, Path to) throws IOException {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        try {
            long files;
            try (OutputStream bytes = new Stoppable(new BufferedOutputStream(Files.newOutputStream(part), 1 << 16))) {
                files = store.exportOwner(user, bytes);
            }
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
            out.printf("%d files, %s in %s%n", files, Progress.size(Files.size(to)), Main.printable(to.toString()));
            return true;
        } catch (InterruptedIOException e) {
            out.println("stopped: nothing is exported");
            return false;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private final class Stoppable extends FilterOutputStream {

        Stoppable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (stopped) {
                throw new InterruptedIOException("the program is stopping");
            }
            out.write(bytes, offset, length);
        }
    }
}
