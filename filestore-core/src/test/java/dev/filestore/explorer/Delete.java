package dev.filestore.explorer;

import dev.filestore.FileMissingException;
import dev.filestore.FileStore;
import org.jspecify.annotations.Nullable;

/** Deletes a file: by the store, or in a transaction of the host's. */
final class Delete extends Operation {

    private final long id;
    private final boolean inTransaction;

    Delete(long id, boolean inTransaction) {
        super((inTransaction ? "discard in a transaction " : "delete ") + id);
        this.id = id;
        this.inTransaction = inTransaction;
    }

    @Override
    @Nullable
    Object run(FileStore store, SteppedMetadata metadata) {
        if (!inTransaction) {
            store.delete(id);
        } else if (!metadata.discardInTransaction(id)) {
            throw new FileMissingException(id);
        }
        return null;
    }

    @Override
    void begin(World world, int number) {
        world.said.beginDelete(id, number);
    }

    @Override
    void end(Account account) {
        if (account.failure() == null) {
            Said said = account.world().said;
            account.check(said.of(id) != null, "a file was deleted that never was");
            said.delete(id);
        } else if (account.failure() instanceof FileMissingException) {
            // After a lost answer the file may be gone by its own doing.
            account.check(
                    !account.wasOwed(id) || account.isDisturbed(),
                    "a file that is there could not be found to delete it");
        } else {
            account.check(account.isDisturbed(), "a delete failed, and nothing was wrong");
        }
    }
}
