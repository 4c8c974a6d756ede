package dev.filestore.examples.batch;

import dev.filestore.Adoption;
import dev.filestore.examples.batch.Arguments.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks an adoption for.
 *
 * @param query the SQL that gives the rows of the files, under the names of {@link Column}
 * @param mode how far to go
 * @param threads how many files at once
 * @param shown how many of each kind are shown
 * @param report a file to be made that tells of every row; null for none
 */
record AdoptArguments(
        String query,
        Adoption.Mode mode,
        int threads,
        int shown,
        @Nullable Path report) {

    private static final int MOST_SHOWN = 1_000_000;

    /** What the command line asks for, or null where its first word is another. */
    static @Nullable AdoptArguments parse(String... args) throws UsageException {
        if (args.length == 0 || !args[0].equals("adopt")) {
            return null;
        }
        String query = null;
        boolean apply = false;
        boolean quick = false;
        int threads = 4;
        int shown = 10;
        Path report = null;
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--query" -> query = Arguments.operand(args, ++i);
                case "--apply" -> apply = true;
                case "--quick" -> quick = true;
                case "--threads" ->
                    threads = Arguments.number("--threads", Arguments.operand(args, ++i), Arguments.MAX_THREADS);
                case "--show" -> shown = Arguments.number("--show", Arguments.operand(args, ++i), MOST_SHOWN);
                case "--report" -> report = Path.of(Arguments.operand(args, ++i));
                default -> throw new UsageException("adopt has no option " + args[i]);
            }
        }
        if (query == null) {
            throw new UsageException("--query is missing, such as \"select id, path as key, name, owner from files\"");
        }
        if (apply && quick) {
            throw new UsageException("--quick looks at no bytes, and --apply has to: one or the other");
        }
        if (report != null && Files.exists(report)) {
            throw new UsageException("there is " + report + " already");
        }
        Adoption.Mode mode = apply ? Adoption.Mode.APPLY : quick ? Adoption.Mode.LOOK : Adoption.Mode.READ;
        return new AdoptArguments(query, mode, threads, shown, report);
    }
}
