package dev.filestore.examples.batch;

import dev.filestore.AuditFinding;
import dev.filestore.AuditReport;
import dev.filestore.FileStore;
import dev.filestore.StoredCounts;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** One audit: a line for each finding, how far it is now and then, and what it came to. */
final class Auditor {

    private final FileStore store;
    private final PrintStream out;
    private final Ticker ticker;
    private volatile boolean stopped;

    Auditor(FileStore store, PrintStream out, Ticker ticker) {
        this.store = store;
        this.out = out;
        this.ticker = ticker;
    }

    /** Ends the audit at the next thousand objects or rows. */
    void stop() {
        stopped = true;
    }

    AuditReport run(AuditArguments arguments) {
        AuditReport report =
                store.audit(arguments.audit().withFindings(this::tell).withProgress(this::tell));
        if (stopped) {
            // Only this program's own, see below: nothing that follows is to be interrupted.
            Thread.interrupted();
        }
        ticker.end();
        summary(report, arguments);
        return report;
    }

    private void tell(AuditReport soFar) {
        ticker.offer(counts(soFar));
        if (stopped) {
            // Between two calls, unlike an interrupt from outside: a database in this process would take harm from
            // that.
            Thread.currentThread().interrupt();
        }
    }

    private void tell(AuditFinding finding) {
        ticker.end();
        StringBuilder line = new StringBuilder(name(finding.kind())).append(": ");
        StoredCounts.Scope count = finding.count();
        String unit = count == null ? " bytes" : " rows";
        if (count == null) {
            line.append(finding.key() == null ? "(key unknown)" : Main.printable(finding.key()));
        } else {
            line.append(count.category() == null ? "all files" : count.category() + " files");
            line.append(" of user ").append(Main.printable(count.owner()));
        }
        if (finding.fileId() != null) {
            line.append(", file ").append(finding.fileId());
        }
        if (finding.recordedSize() != null) {
            line.append(", recorded ").append(finding.recordedSize()).append(unit);
        }
        if (finding.actualSize() != null) {
            line.append(", found ").append(finding.actualSize()).append(unit);
        }
        out.println(line.append(count == null ? ", since " : ", until ").append(finding.since()));
    }

    private void summary(AuditReport report, AuditArguments arguments) {
        out.println(counts(report));
        for (Map.Entry<AuditFinding.Kind, Long> found : report.found().entrySet()) {
            if (found.getValue() > 0) {
                out.println(found.getValue() + " " + name(found.getKey()));
            }
        }
        if (report.failed() > 0) {
            out.println(report.failed() + " could not be looked at or removed; the log says why");
        }
        if (!arguments.apply().isEmpty()) {
            boolean counts = arguments.apply().contains(AuditFinding.Kind.WRONG_COUNT);
            out.println(report.applied() + (counts ? " removed or put right" : " removed"));
        }
        AuditReport.Stop stop = report.stop();
        if (stop != null) {
            out.println(
                    switch (stop) {
                        case INTERRUPTED -> "interrupted: the rest was not looked at";
                        case CAP -> "stopped at the cap of " + arguments.cap() + ": run the same command to go on";
                        case IMPLAUSIBLE ->
                            "nothing was removed: so much cannot be wrong, is it the right bucket, prefix and database?";
                    });
        }
    }

    private static String counts(AuditReport report) {
        return String.format(
                Locale.ROOT,
                "%d objects, %d rows and %d unfinished uploads looked at",
                report.objects(),
                report.rows(),
                report.uploads());
    }

    private static String name(AuditFinding.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
