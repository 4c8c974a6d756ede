package dev.filestore.examples.batch;

import dev.filestore.CheckReport;
import dev.filestore.FileStore;
import dev.filestore.examples.batch.Arguments.UsageException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** {@code check}: what the store needs, one by one, and what to do about what is wrong. */
final class StoreCheck {

    /** Whether a warning counts as a failure. */
    private final boolean strict;

    private StoreCheck(boolean strict) {
        this.strict = strict;
    }

    /** What the command line asks for, or null where its first word is another. */
    static @Nullable StoreCheck parse(String... args) throws UsageException {
        if (args.length == 0 || !args[0].equals("check")) {
            return null;
        }
        boolean strict = args.length == 2 && args[1].equals("--strict");
        if (args.length > 1 && !strict) {
            throw new UsageException("check has no other option than --strict, found " + args[args.length - 1]);
        }
        return new StoreCheck(strict);
    }

    /** Returns whether the store works. */
    boolean run(FileStore store, PrintStream out) {
        CheckReport report = store.check();
        out.print(report);
        int failed = report.of(CheckReport.Status.FAILED).size();
        int warnings = report.of(CheckReport.Status.WARNING).size();
        out.printf(
                "%d are well, %d warnings, %d failed, %d unknown%n",
                report.of(CheckReport.Status.OK).size(),
                warnings,
                failed,
                report.of(CheckReport.Status.UNKNOWN).size());
        return failed == 0 && (!strict || warnings == 0);
    }
}
