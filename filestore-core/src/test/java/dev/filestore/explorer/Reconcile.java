package dev.filestore.explorer;

import dev.filestore.AuditFinding;
import dev.filestore.AuditReport;
import dev.filestore.FileStore;
import java.util.Map;

/** Compares objects and rows in an audit, and removes what belongs to nobody. */
final class Reconcile extends Operation {

    Reconcile() {
        super("audit");
    }

    @Override
    AuditReport run(FileStore store, SteppedMetadata metadata) {
        return store.audit(Ending.AUDIT);
    }

    @Override
    void end(Account account) {
        AuditReport report = (AuditReport) account.value();
        if (report == null) {
            account.check(account.isDisturbed(), "an audit failed, and nothing was wrong");
            return;
        }
        Map<AuditFinding.Kind, Long> found = report.found();
        account.check(
                found.get(AuditFinding.Kind.MISSING_OBJECT) == 0 && found.get(AuditFinding.Kind.WRONG_SIZE) == 0,
                "an audit found fault with a file that is whole");
        account.check(
                found.get(AuditFinding.Kind.ORPHAN_OBJECT) == 0
                        || account.world().wasAnyoneLate(),
                "an audit took an object for an orphan");
    }
}
