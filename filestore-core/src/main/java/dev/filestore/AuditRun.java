package dev.filestore;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One audit: looks at everything first, a page of each list at a time, and acts only then. For one thread. */
final class AuditRun {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
    private static final int PAGE = 1_000;
    private static final int ACTS_PER_PROGRESS = 100;

    /** Up to so many may be wrong in any store, however small. */
    private static final int ALWAYS_PLAUSIBLE = 10;

    private final StorageBackend storage;
    private final MetadataRepository metadata;
    private final Removals removals;
    private final Audit audit;
    private final SecondLook look;
    private final KeyOrder<ObjectInfo> objectList;
    private final KeyOrder<FileRow> rowList;

    private final Map<AuditFinding.Kind, Long> found = new EnumMap<>(AuditFinding.Kind.class);
    private final List<Plan> plans = new ArrayList<>();
    private boolean beyondCap;
    private long objects;
    private long rows;
    private long uploads;
    private long applied;
    private long failed;
    private AuditReport.@Nullable Stop stop;

    /** What will be done about a finding, once everything was looked at. */
    private record Plan(AuditFinding finding, BooleanSupplier act) {}

    AuditRun(StorageBackend storage, MetadataRepository metadata, Removals removals, Audit audit, SecondLook look) {
        this.storage = storage;
        this.metadata = metadata;
        this.removals = removals;
        this.audit = audit;
        this.look = look;
        String prefix = audit.prefix();
        this.objectList = new KeyOrder<>(
                prefix,
                (after, limit) -> storage.list(prefix, after, limit),
                ObjectInfo::key,
                message -> new StorageException("list " + prefix + ": the storage " + message, null));
        this.rowList = new KeyOrder<>(
                prefix,
                (after, limit) -> metadata.listByKey(prefix, after, limit),
                FileRow::key,
                message -> new MetadataException("list " + prefix + ": the database " + message, null));
    }

    AuditReport run() {
        try {
            compare();
            lookAtUploads();
            lookAtCounts();
            act();
        } catch (FileStoreException e) {
            if (!isInterrupted()) {
                throw e;
            }
        }
        if (isInterrupted()) {
            stop = AuditReport.Stop.INTERRUPTED;
        }
        return report();
    }

    private static boolean isInterrupted() {
        return Thread.currentThread().isInterrupted();
    }

    private void compare() {
        while (!isInterrupted()) {
            ObjectInfo object = objectList.peek();
            FileRow row = rowList.peek();
            if (object != null && (row == null || KeyOrder.UTF8.compare(object.key(), row.key()) < 0)) {
                lookAtOrphan(object);
                passObject();
            } else if (row != null) {
                ObjectInfo own = object != null && object.key().equals(row.key()) ? object : null;
                lookAtRow(row, own);
                if (own != null) {
                    passObject();
                }
                rowList.pass();
                rows++;
                tellProgressAt(rows);
            } else {
                return;
            }
        }
    }

    private void passObject() {
        objectList.pass();
        objects++;
        tellProgressAt(objects);
    }

    private void lookAtOrphan(ObjectInfo listed) {
        lookAgain(listed.key(), () -> look.orphan(listed))
                .ifPresent(object -> report(AuditFinding.orphan(object), () -> removeOrphan(object)));
    }

    private void lookAtRow(FileRow row, @Nullable ObjectInfo object) {
        lookAgain(row.key(), () -> look.file(row, object))
                .ifPresent(wrong -> report(wrong.finding(), () -> removeMissing(wrong.row())));
        if (!isInterrupted()) {
            lookAgain(row.key(), () -> look.overdue(row)).ifPresent(finding -> report(finding, () -> false));
        }
    }

    private void lookAtUploads() {
        String after = "";
        List<UnfinishedPut> page = List.of();
        do {
            if (isInterrupted()) {
                return;
            }
            page = uploads(after);
            List<UnfinishedPut> stale = new ArrayList<>();
            for (UnfinishedPut put : page) {
                lookAgain(String.valueOf(put.key()), () -> Optional.of(put).filter(look::isStale))
                        .ifPresent(stale::add);
            }
            if (!stale.isEmpty()) {
                // What was completed or removed since then is not listed any more.
                stale.retainAll(uploads(after));
            }
            stale.forEach(put -> report(AuditFinding.stale(put), () -> abort(put)));
            uploads += page.size();
            after = page.isEmpty() ? "" : page.get(page.size() - 1).id();
            tellProgress();
        } while (page.size() == PAGE);
    }

    private List<UnfinishedPut> uploads(String after) {
        List<UnfinishedPut> page = storage.listUnfinished(audit.prefix(), after, PAGE);
        for (UnfinishedPut put : page) {
            String key = put.key();
            if (put.id().equals(after) || (key != null && !key.startsWith(audit.prefix()))) {
                throw new StorageException(
                        "list unfinished " + audit.prefix() + ": the storage gives what was not asked for", null);
            }
        }
        return page;
    }

    private void lookAtCounts() {
        if (metadata instanceof StoredCounts counts) {
            StoredCounts.Scope after = null;
            List<StoredCounts.Scope> page;
            do {
                page = isInterrupted() ? List.of() : counts.scopes(after, PAGE);
                for (StoredCounts.Scope scope : page) {
                    lookAgain(scope.toString(), () -> wrong(counts, scope))
                            .ifPresent(finding ->
                                    report(finding, () -> wrong(counts, scope).isPresent() && counts.reset(scope)));
                    after = scope;
                }
            } while (page.size() == PAGE);
        }
    }

    private static Optional<AuditFinding> wrong(StoredCounts counts, StoredCounts.Scope scope) {
        return counts.compare(scope)
                .filter(found -> !found.isRight())
                .map(found -> AuditFinding.wrongCount(scope, found));
    }

    private <T> Optional<T> lookAgain(String key, Supplier<Optional<T>> question) {
        if (isInterrupted()) {
            return Optional.empty();
        }
        try {
            return question.get();
        } catch (RuntimeException e) {
            // Whatever one key meets with must not keep the audit from the others.
            fail("looked at again", key, e);
            return Optional.empty();
        }
    }

    private void fail(String act, String key, RuntimeException e) {
        if (!isInterrupted()) {
            failed++;
            LOG.warn("audit: {} could not be {}", KeyOrder.printable(key), act, e);
        }
    }

    private void report(AuditFinding finding, BooleanSupplier act) {
        found.merge(finding.kind(), 1L, Long::sum);
        if (audit.applied().contains(finding.kind()) && isOurs(finding)) {
            if (plans.size() < audit.cap()) {
                plans.add(new Plan(finding, act));
            } else {
                beyondCap = true;
            }
        }
        audit.findings().accept(finding);
    }

    private void act() {
        if (plans.isEmpty() || isInterrupted()) {
            return;
        }
        if (isImplausible()) {
            stop = AuditReport.Stop.IMPLAUSIBLE;
            return;
        }
        int done = 0;
        for (Plan plan : plans) {
            if (isInterrupted()) {
                return;
            }
            act(plan);
            if (++done % ACTS_PER_PROGRESS == 0) {
                tellProgress();
            }
        }
        stop = beyondCap ? AuditReport.Stop.CAP : null;
    }

    private void act(Plan plan) {
        AuditFinding finding = plan.finding();
        String key = KeyOrder.printable(String.valueOf(finding.count() == null ? finding.key() : finding.count()));
        try {
            if (plan.act().getAsBoolean()) {
                applied++;
                LOG.info("audit: {} of {} {}", finding.kind(), key, finding.count() == null ? "removed" : "begun anew");
            }
        } catch (RuntimeException e) {
            fail("acted on", key, e);
        }
    }

    /** A key that no store makes is somebody else's, who may want the object. */
    private static boolean isOurs(AuditFinding finding) {
        String key = finding.key();
        return finding.kind() != AuditFinding.Kind.ORPHAN_OBJECT || (key != null && Keys.isValid(key));
    }

    private boolean removeOrphan(ObjectInfo object) {
        return look.orphan(object)
                .filter(orphan -> removals.removeOrphan(orphan.key(), orphan.size()))
                .isPresent();
    }

    private boolean removeMissing(FileRow row) {
        return look.file(row, null)
                .filter(wrong -> wrong.finding().kind() == AuditFinding.Kind.MISSING_OBJECT)
                .filter(wrong -> removals.discard(wrong.row()))
                .isPresent();
    }

    private boolean abort(UnfinishedPut put) {
        if (!look.isStale(put)) {
            return false;
        }
        storage.abort(put);
        return true;
    }

    private boolean isImplausible() {
        return isImplausible(AuditFinding.Kind.ORPHAN_OBJECT, objects, rows)
                || isImplausible(AuditFinding.Kind.MISSING_OBJECT, rows, objects);
    }

    private boolean isImplausible(AuditFinding.Kind kind, long all, long others) {
        long wrong = found.getOrDefault(kind, 0L);
        boolean nothingMatches = wrong > 0 && others == 0;
        boolean tooMany = wrong > ALWAYS_PLAUSIBLE && wrong > audit.implausibleShare() * all;
        return audit.implausibleShare() < 1 && (nothingMatches || tooMany);
    }

    private void tellProgressAt(long count) {
        if (count % PAGE == 0) {
            tellProgress();
        }
    }

    private void tellProgress() {
        audit.progress().accept(report());
    }

    private AuditReport report() {
        return new AuditReport(objects, rows, uploads, found, applied, failed, stop);
    }
}
