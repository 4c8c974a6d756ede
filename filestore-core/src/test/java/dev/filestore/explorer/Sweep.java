package dev.filestore.explorer;

import dev.filestore.FileStore;

/** A sweep, as one of any number of nodes makes it. */
final class Sweep extends Operation {

    Sweep(String node) {
        super("sweep " + node);
    }

    @Override
    Object run(FileStore store, SteppedMetadata metadata) {
        return store.sweep();
    }

    @Override
    void end(Account account) {
        account.check(account.failure() == null || account.isDisturbed(), "a sweep failed, and nothing was wrong");
    }
}
