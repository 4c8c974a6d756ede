package dev.filestore.explorer;

import dev.filestore.EraseReport;
import dev.filestore.FileState;
import dev.filestore.FileStore;

/** Deletes all that the user has. */
final class Erase extends Operation {

    Erase() {
        super("erase");
    }

    @Override
    EraseReport run(FileStore store, SteppedMetadata metadata) {
        return store.eraseOwner(OWNER);
    }

    @Override
    void begin(World world, int number) {
        world.said.beginErase(number);
    }

    @Override
    void end(Account account) {
        EraseReport report = (EraseReport) account.value();
        boolean done = report != null && report.isDone();
        World world = account.world();
        // Somebody else may be in the middle of deleting a file: that is not done, and said to be so.
        boolean others = world.rows.values().stream().anyMatch(row -> row.state() == FileState.DELETING);
        account.check(
                done || (report != null && others) || account.isAnyoneDisturbed(),
                "an erasure failed, and nothing was wrong");
        if (done) {
            account.knownBefore().forEach(world.said::delete);
        }
        world.said.endErase(account.number());
    }
}
