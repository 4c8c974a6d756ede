package dev.filestore.examples.batch;

import dev.filestore.Audit;
import dev.filestore.AuditFinding;
import dev.filestore.examples.batch.Arguments.UsageException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What the command line asks an audit for.
 *
 * @param prefix what the keys start with
 * @param grace how old a finding is at least
 * @param apply the kinds that are acted on; none to report only
 * @param cap how many findings are acted on at most
 */
record AuditArguments(String prefix, Duration grace, Set<AuditFinding.Kind> apply, int cap) {

    private static final int USUAL_CAP = 100;
    private static final int MOST_HOURS = 24 * 365;

    /** Reads what stands behind the word {@code audit}. */
    static AuditArguments parse(String... args) throws UsageException {
        String prefix = null;
        Duration grace = Duration.ofHours(24);
        Set<AuditFinding.Kind> apply = EnumSet.noneOf(AuditFinding.Kind.class);
        int cap = USUAL_CAP;
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--grace" ->
                    grace = Duration.ofHours(Arguments.number("--grace", Arguments.operand(args, ++i), MOST_HOURS));
                case "--cap" -> cap = Arguments.number("--cap", Arguments.operand(args, ++i), Audit.HIGHEST_CAP);
                case "--apply" -> apply.addAll(kinds(Arguments.operand(args, ++i)));
                default -> {
                    if (args[i].startsWith("-")) {
                        throw new UsageException("audit has no option " + args[i]);
                    }
                    if (prefix != null) {
                        throw new UsageException("one prefix at a time, found " + prefix + " and " + args[i]);
                    }
                    prefix = args[i];
                }
            }
        }
        if (prefix == null) {
            throw new UsageException("the prefix is missing, such as uploads/ or, for the whole bucket, \"\"");
        }
        AuditArguments arguments = new AuditArguments(prefix, grace, apply, cap);
        try {
            arguments.audit();
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        return arguments;
    }

    private static Set<AuditFinding.Kind> kinds(String text) throws UsageException {
        Set<AuditFinding.Kind> kinds = EnumSet.noneOf(AuditFinding.Kind.class);
        for (String name : text.split(",", -1)) {
            try {
                kinds.add(AuditFinding.Kind.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--apply: there is no kind " + name
                        + "; it takes orphan_object, missing_object, stale_upload and wrong_count");
            }
        }
        return kinds;
    }

    /** The audit itself, without anybody who is told of it. */
    Audit audit() {
        Audit audit = Audit.of(prefix).withGrace(grace);
        return apply.isEmpty() ? audit : audit.withApply(apply, cap);
    }
}
