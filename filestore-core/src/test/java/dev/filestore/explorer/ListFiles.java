package dev.filestore.explorer;

import dev.filestore.FilePage;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;

/** Lists what the user has. */
final class ListFiles extends Operation {

    ListFiles() {
        super("list");
    }

    @Override
    FilePage run(FileStore store, SteppedMetadata metadata) {
        return store.list(FileQuery.of(OWNER));
    }

    @Override
    void end(Account account) {
        FilePage page = (FilePage) account.value();
        if (page == null) {
            account.check(account.isDisturbed(), "a list failed, and nothing was wrong");
            return;
        }
        for (long id : account.world().said.files().keySet()) {
            boolean listed = page.files().stream().anyMatch(file -> file.id() == id);
            account.check(listed || !account.wasOwed(id), "a list left a file out that is there");
            account.check(!listed || !account.wasOver(id), "a list showed a file that was over");
        }
    }
}
