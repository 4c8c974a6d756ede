package dev.filestore.examples.batch;

import dev.filestore.Caller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param folder what to upload; null to sweep or audit instead
 * @param owner whose files they will be; empty to sweep or audit
 * @param threads how many upload at once
 * @param audit what to audit; null to do something else
 */
record Arguments(
        @Nullable Path folder,
        String owner,
        int threads,
        @Nullable AuditArguments audit) {

    static final String SYNOPSIS = """
            usage: batch --owner USER [--threads N] FOLDER
                   batch check [--strict]
                   batch sweep
                   batch audit PREFIX [--apply KIND,...] [--cap N] [--grace HOURS]
                   batch adopt --query SQL [--apply | --quick] [--threads N] [--show N] [--report FILE.tsv]
                   batch erase USER
                   batch export USER FILE.zip
            """;

    /** All that there is to know; the synopsis alone where a command was wrong, so that what is wrong stays in sight. */
    static final String USAGE = SYNOPSIS + """

            Uploads every file below FOLDER that USER does not have in the store yet, N at once (1 to 64, default 4).
            Run it again after it was stopped or killed: it goes on where it was. One run at a time for each user.
            check tries what the store needs of its storage and database, and says what to do about what is wrong. With
            --strict, a warning counts as a failure.
            sweep removes what killed uploads and expired files left.
            audit compares the objects whose keys start with PREFIX (such as uploads/, or "" for all) to the rows, and
            lists what does not match for longer than the grace (24 hours, at least 1). --apply removes some kinds of it, N
            at most (default 100): orphan_object, missing_object (whose record is lost then), stale_upload, wrong_count.
            adopt takes files over that another program has put into the storage. SQL gives a row for each, with columns named key
            and owner, and ref, id, name, content_type, size, sha256, created_at, expires_at where there are such. It reads and
            judges every object, and writes only with --apply; --quick looks at no bytes. FILE.tsv tells of every row.
            erase deletes all files of USER, and gives up uploads that are under way.
            export writes all files of USER and a manifest.json into a new ZIP archive.

            Storage and database are set in the environment or in .env: AWS_S3_BUCKET, DATABASE_URL, DATA_DIR and others;
            what adopt reads from is in SOURCE_DATABASE_URL, or else in DATABASE_URL.
            Exit status: 0 all is done, all files are in the store or can be, or audit or check found nothing; 1 some are not, or it did, or
            something failed; 2 wrong usage or settings; 130 interrupted; 143 terminated.""";

    static final int MAX_THREADS = 64;

    /** Thrown with what is wrong, to be told above the synopsis. */
    static final class UsageException extends Exception {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static boolean asksForHelp(String... args) {
        return args.length == 1 && Set.of("--help", "-h", "help").contains(args[0]);
    }

    static Arguments parse(String... args) throws UsageException {
        if (args.length == 1 && args[0].equals("sweep")) {
            return new Arguments(null, "", 1, null);
        }
        if (args.length > 0 && args[0].equals("audit")) {
            return new Arguments(null, "", 1, AuditArguments.parse(args));
        }
        String owner = null;
        Path folder = null;
        int threads = 4;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--owner" -> owner = owner(operand(args, ++i));
                case "--threads" -> threads = number("--threads", operand(args, ++i), MAX_THREADS);
                default -> {
                    if (args[i].startsWith("-")) {
                        throw new UsageException("there is no option " + args[i]);
                    }
                    if (folder != null) {
                        throw new UsageException("one folder at a time, found " + folder + " and " + args[i]);
                    }
                    folder = Path.of(args[i]);
                }
            }
        }
        if (owner == null) {
            throw new UsageException("--owner is missing");
        }
        if (folder == null) {
            throw new UsageException("the folder is missing");
        }
        if (!Files.isDirectory(folder)) {
            throw new UsageException("not a folder: " + folder);
        }
        return new Arguments(folder, owner, threads, null);
    }

    static String operand(String[] args, int index) throws UsageException {
        if (index >= args.length) {
            throw new UsageException(args[index - 1] + " needs a value");
        }
        return args[index];
    }

    private static String owner(String text) throws UsageException {
        try {
            return Caller.user(text).userId();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--owner: " + e.getMessage());
        }
    }

    /** A whole number from 1. */
    static int number(String option, String text, int most) throws UsageException {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as any other number that will not do.
        }
        throw new UsageException(option + " is a whole number from 1 to " + most + ", found " + text);
    }
}
