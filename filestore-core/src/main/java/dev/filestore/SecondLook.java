package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks again before a candidate of an audit becomes a finding: the lists were read page by page, one after the other,
 * while uploads, deletes and sweeps went on.
 */
final class SecondLook {

    private final StorageBackend storage;
    private final MetadataRepository metadata;
    private final Clock clock;
    private final Instant cutoff;

    /** @param grace how long ago something must have been touched, or due, to count */
    SecondLook(StorageBackend storage, MetadataRepository metadata, Clock clock, Duration grace) {
        this.storage = storage;
        this.metadata = metadata;
        this.clock = clock;
        this.cutoff = clock.instant().minus(grace);
    }

    /** A row and what is wrong with it. */
    record Found(FileRow row, AuditFinding finding) {}

    /**
     * The object, if no row names it. The row is looked for first, since it is there before the object and goes after
     * it: an object that is there when its row is not has none.
     */
    Optional<ObjectInfo> orphan(ObjectInfo listed) {
        if (!isOld(listed.lastModified())) {
            return Optional.empty();
        }
        if (!Keys.isValid(listed.key())) {
            // No row ever had such a key, and the storage may refuse to be asked for it.
            return Optional.of(listed);
        }
        return metadata.findByKey(listed.key()).isPresent()
                ? Optional.empty()
                : storage.stat(listed.key()).filter(object -> isOld(object.lastModified()));
    }

    /**
     * A file that readers see, if its object is not what they should see. The object counts only if the row was the same
     * before and after it was looked at.
     *
     * @param object as it was listed, null if it was not
     */
    Optional<Found> file(FileRow listed, @Nullable ObjectInfo object) {
        if (!isVisible(listed) || (object != null && object.size() == listed.size())) {
            return Optional.empty();
        }
        Optional<FileRow> row = metadata.find(listed.id()).filter(this::isVisible);
        while (row.isPresent()) {
            FileRow before = row.get();
            Optional<ObjectInfo> found = storage.stat(before.key());
            row = metadata.find(listed.id()).filter(this::isVisible);
            if (row.filter(after -> after.version() == before.version()).isPresent()) {
                return wrong(before, found.orElse(null)).map(finding -> new Found(before, finding));
            }
        }
        return Optional.empty();
    }

    private static Optional<AuditFinding> wrong(FileRow row, @Nullable ObjectInfo object) {
        if (object == null) {
            return Optional.of(AuditFinding.missing(row));
        }
        return object.size() == row.size() ? Optional.empty() : Optional.of(AuditFinding.wrongSize(row, object));
    }

    /** A row that the sweeper should have dealt with. */
    Optional<AuditFinding> overdue(FileRow listed) {
        if (dueTooLong(listed) == null) {
            return Optional.empty();
        }
        return metadata.find(listed.id()).flatMap(row -> {
            Instant since = dueTooLong(row);
            return since == null ? Optional.empty() : Optional.of(AuditFinding.overdue(row, since));
        });
    }

    /**
     * Whether nobody will come for what a put left. The sweeper comes for that of a file that never was available, as
     * long as it has a row.
     */
    boolean isStale(UnfinishedPut put) {
        String key = put.key();
        return isOld(put.touchedAt())
                && (key == null
                        || !Keys.isValid(key)
                        || metadata.findByKey(key).map(FileRow::wasAvailable).orElse(true));
    }

    private boolean isVisible(FileRow row) {
        return row.isVisibleAt(Engine.now(clock));
    }

    private boolean isOld(Instant moment) {
        return moment.isBefore(cutoff);
    }

    /** Each failed attempt puts the row off, so that one that keeps failing is never due for long. */
    private @Nullable Instant dueTooLong(FileRow row) {
        Instant dueAt = row.dueAt();
        if (dueAt == null) {
            return null;
        }
        Instant failingSince = clock.instant().minus(Backoff.spent(row.attempts()));
        Instant since = failingSince.isBefore(dueAt) ? failingSince : dueAt;
        return isOld(since) ? since : null;
    }
}
