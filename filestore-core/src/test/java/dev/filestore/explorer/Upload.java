package dev.filestore.explorer;

import dev.filestore.FileStore;
import dev.filestore.SourceException;
import dev.filestore.StorageException;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.explorer.Said.Told;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stores a file; or begins to, and then the source ends before it should. */
final class Upload extends Operation {

    private final String content;
    private final @Nullable Duration ttl;
    private final boolean broken;

    Upload(String letter, @Nullable Duration ttl, boolean broken) {
        super((broken ? "broken upload " : "upload ") + letter);
        this.content = "%PDF-1.7\n" + letter.repeat(20) + "\n";
        this.ttl = ttl;
        this.broken = broken;
    }

    @Override
    StoredFile run(FileStore store, SteppedMetadata metadata) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        return store.upload(UploadRequest.of("document.pdf", new ByteArrayInputStream(bytes))
                .withOwner(OWNER)
                .withTtl(ttl)
                .withLength(broken ? bytes.length + 1 : bytes.length));
    }

    @Override
    String content() {
        return content;
    }

    @Override
    @Nullable
    Duration ttl() {
        return ttl;
    }

    @Override
    void end(Account account) {
        StoredFile file = (StoredFile) account.value();
        if (file == null) {
            boolean told = broken && account.failure() instanceof SourceException;
            boolean unwanted = account.world().said.isUnwanted(content);
            account.check(told || unwanted || account.isDisturbed(), "an upload failed, and nothing was wrong");
            if (isGivenUp(account.failure()) && !account.hasAnyCallFailed()) {
                // From here on there is no excuse for what it leaves.
                account.world().tidyUp(account.number());
            }
            return;
        }
        account.check(!broken, "an upload whose source broke was acknowledged");
        World world = account.world();
        Told told = Objects.requireNonNull(world.said.of(file.id()));
        account.check(told.content().equals(content), "an upload got the id of another");
        world.said.acknowledge(file.id());
    }

    private static boolean isGivenUp(@Nullable Exception failure) {
        return failure instanceof StorageException
                && String.valueOf(failure.getMessage()).contains("given up");
    }
}
