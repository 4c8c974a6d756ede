package dev.filestore.examples.batch;

import dev.filestore.AuditReport;
import dev.filestore.FileStore;
import dev.filestore.FileStoreException;
import dev.filestore.SweepReport;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.SettingException;
import dev.filestore.examples.environment.Settings;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Uploads a folder tree into a store, checks, sweeps or audits it, without HTTP. What it takes and answers is said in {@link Arguments#USAGE}. */
public final class Main {

    private static final int ALL_IN_THE_STORE = 0;
    private static final int SOME_ARE_NOT = 1;
    private static final int WRONG_USAGE = 2;
    private static final int INTERRUPTED = 130;

    /** Long enough to break uploads off and to say what was done. */
    private static final long SECONDS_TO_STOP = 20;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);

    private Main() {}

    /**
     * Runs the program and ends the process with its status.
     *
     * @param args see {@link Arguments#USAGE}
     */
    public static void main(String[] args) {
        Main program = new Main();
        int status = program.run(args);
        program.finished.countDown();
        System.exit(status);
    }

    private int run(String... args) {
        if (Arguments.asksForHelp(args)) {
            out.println(Arguments.USAGE);
            return ALL_IN_THE_STORE;
        }
        try {
            UserData user = UserData.parse(args);
            if (user != null) {
                return userData(user);
            }
            StoreCheck check = StoreCheck.parse(args);
            if (check != null) {
                return check(check);
            }
            AdoptArguments adopt = AdoptArguments.parse(args);
            if (adopt != null) {
                return adopt(adopt);
            }
            Arguments arguments = Arguments.parse(args);
            Settings settings = Settings.load(Path.of(".env"), System.getenv());
            Path folder = arguments.folder();
            try (Backends backends = Backends.open(settings);
                    FileStore store = backends.builder().build()) {
                AuditArguments audit = arguments.audit();
                return audit != null
                        ? audit(store, audit)
                        : folder == null ? sweep(store) : upload(store, folder, arguments);
            }
        } catch (Arguments.UsageException e) {
            err.println("batch: " + e.getMessage());
            err.println();
            err.println(Arguments.SYNOPSIS);
            err.println("--help says more.");
            return WRONG_USAGE;
        } catch (SettingException e) {
            err.println("batch: " + e.getMessage());
            return WRONG_USAGE;
        } catch (FileStoreException | IOException e) {
            err.println("batch: " + e);
            return SOME_ARE_NOT;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    private int sweep(FileStore store) {
        SweepReport report = store.sweep();
        out.printf(
                "%d uploads given up, %d files expired, %d removed, %d failed%n",
                report.abandoned(), report.expired(), report.removed(), report.failed());
        return report.failed() == 0 ? ALL_IN_THE_STORE : SOME_ARE_NOT;
    }

    private int audit(FileStore store, AuditArguments arguments) {
        Auditor auditor = new Auditor(store, out, new Ticker(out, atATerminal(), System::nanoTime));
        stopOnSignal(auditor::stop);
        AuditReport report = auditor.run(arguments);
        if (report.stop() == AuditReport.Stop.INTERRUPTED) {
            return INTERRUPTED;
        }
        return report.isClean() ? ALL_IN_THE_STORE : SOME_ARE_NOT;
    }

    private int userData(UserData user) throws IOException {
        try (Backends backends = Backends.open(Settings.load(Path.of(".env"), System.getenv()));
                FileStore store = backends.builder().build()) {
            stopOnSignal(user::stop);
            boolean done = user.run(store, out, new Ticker(out, atATerminal(), System::nanoTime));
            return done ? ALL_IN_THE_STORE : user.isStopped() ? INTERRUPTED : SOME_ARE_NOT;
        }
    }

    /** A bucket that cannot be used is what the check is to tell of. */
    private int check(StoreCheck check) {
        try (Backends backends = Backends.openUntried(Settings.load(Path.of(".env"), System.getenv()));
                FileStore store = backends.builder().build()) {
            return check.run(store, out) ? ALL_IN_THE_STORE : SOME_ARE_NOT;
        }
    }

    private int adopt(AdoptArguments arguments) throws Arguments.UsageException, IOException, InterruptedException {
        Settings settings = Settings.load(Path.of(".env"), System.getenv());
        try (OldRows rows = OldRows.read(settings, arguments.query());
                Backends backends = Backends.open(settings);
                FileStore store = backends.builder().build();
                AdoptReport report = AdoptReport.begin(
                        arguments.report(), out, new Ticker(out, atATerminal(), System::nanoTime), arguments.shown())) {
            Adopter adopter = new Adopter(store, arguments, report, out);
            stopOnSignal(adopter::stop);
            boolean fine = adopter.run(rows);
            return adopter.isStopped() ? INTERRUPTED : fine ? ALL_IN_THE_STORE : SOME_ARE_NOT;
        }
    }

    private void stopOnSignal(Runnable stop) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.run();
            try {
                finished.await(SECONDS_TO_STOP, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private int upload(FileStore store, Path folder, Arguments arguments) throws IOException, InterruptedException {
        LocalFiles local = LocalFiles.below(folder);
        Progress progress =
                new Progress(out, atATerminal(), System::nanoTime, local.files().size(), local.bytes());
        Batch batch = new Batch(store, arguments.owner(), progress);
        stopOnSignal(batch::stop);
        List<Outcome> outcomes = batch.run(local, arguments.threads());
        progress.end();
        return summary(outcomes, progress);
    }

    private int summary(List<Outcome> outcomes, Progress progress) {
        Map<Outcome.Kind, Long> counts = new EnumMap<>(Outcome.Kind.class);
        for (Outcome outcome : outcomes) {
            counts.merge(outcome.kind(), 1L, Long::sum);
            if (!outcome.reason().isEmpty()) {
                err.println(outcome.kind().name().toLowerCase(Locale.ROOT) + ": " + printable(outcome.path() + ": ")
                        + printable(outcome.reason()));
            }
        }
        out.printf(
                "%d stored, %d there already, %d refused, %d failed; %s in %.1f s%n",
                counts.getOrDefault(Outcome.Kind.STORED, 0L),
                counts.getOrDefault(Outcome.Kind.THERE_ALREADY, 0L),
                counts.getOrDefault(Outcome.Kind.REFUSED, 0L),
                counts.getOrDefault(Outcome.Kind.FAILED, 0L),
                Progress.size(progress.uploaded()),
                progress.elapsed().toMillis() / 1e3);
        if (counts.containsKey(Outcome.Kind.NOT_REACHED)) {
            out.printf("%d not reached; run the same command to go on%n", counts.get(Outcome.Kind.NOT_REACHED));
            return INTERRUPTED;
        }
        boolean all = !counts.containsKey(Outcome.Kind.REFUSED) && !counts.containsKey(Outcome.Kind.FAILED);
        return all ? ALL_IN_THE_STORE : SOME_ARE_NOT;
    }

    @SuppressWarnings("SystemConsoleNull")
    private static boolean atATerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From JDK 22 on there is always a console, which tells by itself whether it is a terminal.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** A file's name may hold what a terminal obeys. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cc}", "?");
    }
}
