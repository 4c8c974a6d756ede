package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How the life time of a file changes that readers see. */
final class Lifetimes {

    private final MetadataRepository metadata;
    private final Clock clock;

    Lifetimes(MetadataRepository metadata, Clock clock) {
        this.metadata = metadata;
        this.clock = clock;
    }

    /** @param expiresAt null for ever */
    StoredFile change(long id, Predicate<FileRow> allowed, @Nullable Instant expiresAt) {
        Instant end = expiresAt == null ? null : requireFuture(expiresAt);
        // Each turn that does not end it was lost to somebody who changed the row.
        while (true) {
            Instant now = Engine.now(clock);
            FileRow row = metadata.find(id)
                    .filter(found -> found.isVisibleAt(now))
                    .orElseThrow(() -> new FileMissingException(id));
            if (!allowed.test(row)) {
                throw NotAuthorizedException.foreign(id);
            }
            Optional<FileRow> changed = metadata.compareAndSet(row.withExpiresAt(end));
            if (changed.isPresent()) {
                return changed.get().toStoredFile();
            }
        }
    }

    private Instant requireFuture(Instant expiresAt) {
        Instant now = Engine.now(clock);
        if (!expiresAt.isAfter(now)) {
            throw new IllegalArgumentException("a file expires in the future, found " + expiresAt + " at " + now
                    + "; delete the file to have it gone now");
        }
        UploadRequest.requireTtl(Duration.between(now, expiresAt));
        return Engine.kept(expiresAt);
    }
}
