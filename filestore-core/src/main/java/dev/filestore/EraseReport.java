package dev.filestore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far {@link FileStore#eraseOwner} came.
 *
 * @param erased of how many files and uploads this call removed the bytes
 * @param failed how many files and uploads are still to be removed because the storage or the database failed at them,
 *     or because somebody else is about to remove them; sweeps and further calls go on with them
 * @param waiting how many rows are still there although their bytes are gone: they hold the user's id, the key and the
 *     original name
 * @param waitingUntil when the last of them may go, at the first sweep from then on; null where none waits
 * @param interrupted whether an interrupt of the thread ended the call early; {@code failed} and {@code waiting} are then
 *     not all that there is
 */
public record EraseReport(
        long erased, long failed, long waiting, @Nullable Instant waitingUntil, boolean interrupted) {

    /**
     * Whether no reader sees any of the files any more, and all their bytes are gone.
     *
     * @return true if nothing failed and the call came to its end
     */
    public boolean isDone() {
        return failed == 0 && !interrupted;
    }
}
