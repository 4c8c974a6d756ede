package dev.filestore;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The removal of all that a user has, oldest first. It walks the rows twice: the second time it sees what is left, and
 * meets the rows that were added behind its back. One use, one thread.
 */
final class Erasure {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
    private static final int PAGE = 100;

    /** By how much the clock of an uploading node may be ahead of ours. */
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

    private final String owner;
    private final MetadataRepository metadata;
    private final Removals removals;
    private final Consumer<EraseReport> progress;
    private final Instant end;
    private long erased;
    private long failed;
    private long waiting;
    private @Nullable Instant waitingUntil;

    Erasure(String owner, MetadataRepository metadata, Removals removals, Consumer<EraseReport> progress, Clock clock) {
        this.owner = owner;
        this.metadata = metadata;
        this.removals = removals;
        this.progress = progress;
        // A user who goes on uploading must not keep this from its end.
        this.end = Engine.now(clock).plus(CLOCK_DIFFERENCE);
    }

    EraseReport run() {
        boolean whole = walk(this::erase);
        if (whole) {
            failed = 0;
            whole = walk(this::see);
        }
        return report(!whole);
    }

    /** Whether it came to its end, and was not interrupted. */
    private boolean walk(Consumer<FileRow> act) {
        RowQuery.@Nullable Position after = null;
        List<FileRow> page;
        do {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            page = metadata.listByOwner(owner, after, PAGE);
            for (FileRow row : page) {
                if (Thread.currentThread().isInterrupted()) {
                    return false;
                }
                if (row.uploadedAt().isAfter(end)) {
                    return true;
                }
                act.accept(row);
                after = new RowQuery.Position(row.uploadedAt(), row.id());
            }
            progress.accept(report(false));
        } while (page.size() == PAGE);
        return !Thread.currentThread().isInterrupted();
    }

    private void erase(FileRow row) {
        try {
            erased += removals.erase(row) ? 1 : 0;
        } catch (RuntimeException e) {
            // Whatever one file meets with must not keep the others.
            LOG.warn("file {} could not be erased; a sweep will try again", row.id(), e);
            failed++;
        }
    }

    /** Looks at what is left of a row, and erases what came since, or could not even be marked. */
    private void see(FileRow row) {
        try {
            Optional<FileRow> left = Optional.of(row);
            if (row.state() == FileState.PENDING || row.state() == FileState.AVAILABLE) {
                erased += removals.erase(row) ? 1 : 0;
                left = metadata.find(row.id());
            }
            left.ifPresent(this::count);
        } catch (RuntimeException e) {
            LOG.warn("file {} could not be erased; a sweep will try again", row.id(), e);
            failed++;
        }
    }

    private void count(FileRow left) {
        if (left.state() != FileState.DELETED) {
            failed++;
            return;
        }
        waiting++;
        Instant until = removals.heldUntil(left);
        if (waitingUntil == null || until.isAfter(waitingUntil)) {
            waitingUntil = until;
        }
    }

    private EraseReport report(boolean interrupted) {
        return new EraseReport(erased, failed, waiting, waitingUntil, interrupted);
    }
}
