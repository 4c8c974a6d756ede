package dev.filestore;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an audit has seen, found and done; so far, where it is told to {@link Audit#withProgress}.
 *
 * @param objects how many objects were seen
 * @param rows how many rows were seen, in whatever state
 * @param uploads how many unfinished uploads were seen
 * @param found how many findings there were of each kind, 0 included; cannot be changed
 * @param applied how many findings were acted on. What was begun and failed is included where a sweep will finish it
 * @param failed how many candidates could not be looked at again, and findings could not be acted on; each is in the log
 * @param stop what ended the audit before its end; null where nothing did
 */
public record AuditReport(
        long objects,
        long rows,
        long uploads,
        Map<AuditFinding.Kind, Long> found,
        long applied,
        long failed,
        @Nullable Stop stop) {

    /** What can end an audit before its end. */
    public enum Stop {
        /** The thread was interrupted. Its flag is still set. */
        INTERRUPTED,
        /**
         * Nothing was acted on, since so much cannot be wrong: a wrong bucket, prefix or database looks like that. See
         * {@link Audit#withImplausibleShare}.
         */
        IMPLAUSIBLE,
        /** There was more to act on than the cap allows. */
        CAP
    }

    /** Copies the counts. */
    public AuditReport {
        Objects.requireNonNull(found, "found");
        Map<AuditFinding.Kind, Long> counts = new EnumMap<>(AuditFinding.Kind.class);
        for (AuditFinding.Kind kind : AuditFinding.Kind.values()) {
            counts.put(kind, found.getOrDefault(kind, 0L));
        }
        found = Collections.unmodifiableMap(counts);
    }

    /**
     * Whether all was looked at, and nothing was wrong.
     *
     * @return true if there is no finding, no failure and no stop
     */
    public boolean isClean() {
        return stop == null && failed == 0 && found.values().stream().allMatch(count -> count == 0);
    }
}
