package dev.filestore;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What {@link FileStore#audit} is to compare, and to do about it. Immutable; each {@code with} method returns a copy. One
 * without {@link #withApply} changes nothing.
 */
public final class Audit {

    /**
     * The shortest grace: an hour, which no upload that is alive is silent for, and within which a put that was given up
     * may still land.
     */
    public static final Duration SHORTEST_GRACE = Removals.PUT_GRACE;

    /** The highest cap: so many findings are held in memory until they are acted on. */
    public static final int HIGHEST_CAP = 100_000;

    private static final Duration USUAL_GRACE = Duration.ofHours(24);
    private static final double USUAL_IMPLAUSIBLE_SHARE = 0.1;

    private final String prefix;
    private final Duration grace;
    private final Consumer<AuditFinding> findings;
    private final Consumer<AuditReport> progress;
    private final Set<AuditFinding.Kind> applied;
    private final int cap;
    private final double implausibleShare;

    private Audit(
            String prefix,
            Duration grace,
            Consumer<AuditFinding> findings,
            Consumer<AuditReport> progress,
            Set<AuditFinding.Kind> applied,
            int cap,
            double implausibleShare) {
        this.prefix = prefix;
        this.grace = grace;
        this.findings = findings;
        this.progress = progress;
        this.applied = applied;
        this.cap = cap;
        this.implausibleShare = implausibleShare;
    }

    /**
     * Compares the objects whose keys start with a prefix to the rows whose keys do. Everything else in the bucket, and in
     * the table, is left alone: but what is under the prefix must be this store's alone.
     *
     * @param prefix such as {@code uploads/}, with the slash, which all keys of the usual layout start with; empty for the
     *     whole bucket
     * @return an audit that only reports
     * @throws IllegalArgumentException if no key can start with that
     */
    public static Audit of(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        // What follows makes the shortest key that starts with the prefix.
        if (!Keys.isValid(prefix + "x")) {
            throw new IllegalArgumentException("no key starts with the prefix " + prefix);
        }
        return new Audit(prefix, USUAL_GRACE, finding -> {}, report -> {}, Set.of(), 0, USUAL_IMPLAUSIBLE_SHARE);
    }

    /**
     * Sets how old an object without a row must be to count, how long ago an unfinished upload was touched, and how long
     * a row has been due; 24 hours if not called. It has to be longer than what lies between the clocks of the storage
     * and of this process.
     *
     * @param grace at least {@link #SHORTEST_GRACE}
     * @return a copy
     */
    public Audit withGrace(Duration grace) {
        if (grace.compareTo(SHORTEST_GRACE) < 0) {
            throw new IllegalArgumentException("the grace is at least " + SHORTEST_GRACE + ", found " + grace);
        }
        return new Audit(prefix, grace, findings, progress, applied, cap, implausibleShare);
    }

    /**
     * Sets who is told of each finding, as soon as it is made, by the thread of the audit.
     *
     * @param findings takes the findings; what it throws ends the audit
     * @return a copy
     */
    public Audit withFindings(Consumer<AuditFinding> findings) {
        return new Audit(
                prefix, grace, Objects.requireNonNull(findings, "findings"), progress, applied, cap, implausibleShare);
    }

    /**
     * Sets who is told how far the audit is, after every thousand objects, rows and uploads, and after every hundred
     * findings acted on, by the thread of the audit. To stop the audit, it may interrupt that thread.
     *
     * @param progress takes what was done so far; what it throws ends the audit
     * @return a copy
     */
    public Audit withProgress(Consumer<AuditReport> progress) {
        return new Audit(
                prefix, grace, findings, Objects.requireNonNull(progress, "progress"), applied, cap, implausibleShare);
    }

    /**
     * Lets the audit act on its findings of some kinds, after it has seen and reported everything. Each is looked at once
     * more before; being killed in the middle leaves nothing that a sweep does not finish.
     *
     * <p>Removing {@link AuditFinding.Kind#MISSING_OBJECT} removes the records of files whose bytes are lost: after that
     * nothing tells any more that there was a file. Do not apply an audit to a database that was restored from a backup
     * before the rows of younger files are back: their objects are orphans until then.
     *
     * @param kinds any of {@code ORPHAN_OBJECT}, {@code MISSING_OBJECT}, {@code STALE_UPLOAD} and {@code WRONG_COUNT}
     * @param cap how many findings are acted on at most, of all kinds together, 1 to {@value #HIGHEST_CAP}
     * @return a copy
     * @throws IllegalArgumentException if a kind cannot be applied, or the cap is out of its range
     */
    public Audit withApply(Set<AuditFinding.Kind> kinds, int cap) {
        for (AuditFinding.Kind kind : kinds) {
            if (!kind.isApplicable()) {
                throw new IllegalArgumentException(kind + " cannot be applied");
            }
        }
        if (cap < 1 || cap > HIGHEST_CAP) {
            throw new IllegalArgumentException("the cap is 1 to " + HIGHEST_CAP + ", found " + cap);
        }
        return new Audit(prefix, grace, findings, progress, Set.copyOf(kinds), cap, implausibleShare);
    }

    /**
     * Sets from which share on it is implausible that so many objects are orphans, or so many rows have no object, and
     * nothing is acted on; 0.1 if not called. Up to ten are always plausible, unless they are all there is: an empty
     * listing beside rows of files, or objects without a single row.
     *
     * @param share more than 0; 1 makes everything plausible
     * @return a copy
     */
    public Audit withImplausibleShare(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("the share is more than 0 and at most 1, found " + share);
        }
        return new Audit(prefix, grace, findings, progress, applied, cap, share);
    }

    String prefix() {
        return prefix;
    }

    Duration grace() {
        return grace;
    }

    Consumer<AuditFinding> findings() {
        return findings;
    }

    Consumer<AuditReport> progress() {
        return progress;
    }

    Set<AuditFinding.Kind> applied() {
        return applied;
    }

    int cap() {
        return cap;
    }

    double implausibleShare() {
        return implausibleShare;
    }
}
