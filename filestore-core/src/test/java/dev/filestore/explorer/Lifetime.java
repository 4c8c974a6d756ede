package dev.filestore.explorer;

import dev.filestore.FileMissingException;
import dev.filestore.FileStore;

/** Changes the TTL of a file: takes it away, by the store or in a transaction of the host's, or makes it end soon. */
final class Lifetime extends Operation {

    /** What is done to it. */
    enum Change {
        KEEP("keep "),
        KEEP_IN_TRANSACTION("keep in a transaction "),
        EXPIRE("expire ");

        private final String verb;

        Change(String verb) {
            this.verb = verb;
        }
    }

    private final Change change;
    private final long id;

    Lifetime(Change change, long id) {
        super(change.verb + id);
        this.change = change;
        this.id = id;
    }

    @Override
    Object run(FileStore store, SteppedMetadata metadata) {
        if (change == Change.EXPIRE) {
            return store.expireAt(id, Said.SHORTENED);
        } else if (change == Change.KEEP) {
            return store.keep(id);
        } else if (metadata.keepInTransaction(id)) {
            return "kept";
        }
        throw new FileMissingException(id);
    }

    @Override
    void begin(World world, int number) {
        if (change == Change.EXPIRE) {
            world.said.beginShorten(id, number);
        } else {
            world.said.beginKeep(id, number);
        }
    }

    @Override
    void end(Account account) {
        Said said = account.world().said;
        if (account.value() != null) {
            account.check(said.of(id) != null, "a file was given another life that never was");
            if (change == Change.EXPIRE) {
                said.shorten(id, account.number());
            } else {
                said.keep(id, account.number());
            }
            return;
        }
        account.check(!account.wasOwed(id) || account.isDisturbed(), "a file that is there could not be given a TTL");
        if (!account.isDisturbed()) {
            boolean tooLate = change == Change.EXPIRE && !account.world().now().isBefore(Said.SHORTENED);
            account.check(
                    account.failure() instanceof FileMissingException || tooLate,
                    "a change of a TTL failed, and nothing was wrong");
            said.giveUp(id, account.number());
        }
    }
}
