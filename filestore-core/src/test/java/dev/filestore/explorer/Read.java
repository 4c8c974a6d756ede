package dev.filestore.explorer;

import dev.filestore.FileContent;
import dev.filestore.FileMissingException;
import dev.filestore.FileStore;
import dev.filestore.explorer.Said.Told;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads a file to its end. */
final class Read extends Operation {

    private final long id;

    Read(long id) {
        super("read " + id);
        this.id = id;
    }

    @Override
    String run(FileStore store, SteppedMetadata metadata) throws IOException {
        try (FileContent content = store.open(id)) {
            return new String(content.stream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    void end(Account account) {
        Object read = account.value();
        if (read != null) {
            Told told = account.world().said.of(id);
            account.check(told != null && told.content().equals(read), "a reader got " + Said.brief((String) read));
            account.check(!account.wasOver(id), "a reader got a file that was over");
        } else {
            account.check(!account.wasOwed(id) || account.isDisturbed(), "a reader did not get a file that is there");
            account.check(
                    account.failure() instanceof FileMissingException || account.isDisturbed(),
                    "a read failed, and nothing was wrong");
        }
    }
}
