package dev.filestore.explorer;

import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.MetadataException;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** The real engine over storages and databases that each break one rule of the design, on purpose. */
final class BrokenRules {

    private BrokenRules() {}

    /** Rule 2: no row keeps the key of a deleted file reserved, and so the next upload takes it. */
    static Engines keysUsedAgain() {
        Turn turn = new Turn();
        return new Engines(
                turn,
                new SteppedStorage(turn),
                new SteppedMetadata(turn) {
                    @Override
                    public Optional<FileRow> compareAndSet(FileRow next) {
                        boolean reserves = next.state() == FileState.DELETED && next.wasAvailable();
                        return reserves ? Optional.of(next).filter(this::remove) : super.compareAndSet(next);
                    }
                },
                false);
    }

    /** Rule 2: nothing keeps two rows from having one key, and a put replaces the object that is there. */
    static Engines keysShared() {
        Turn turn = new Turn();
        return new Engines(
                turn,
                new SteppedStorage(turn),
                new SteppedMetadata(turn) {
                    @Override
                    boolean isUnique() {
                        return false;
                    }
                },
                true);
    }

    /** Rule 3: a put whose source fails is closed, and closing commits what came. */
    static Engines committedByClose() {
        Turn turn = new Turn();
        return new Engines(
                turn,
                new SteppedStorage(turn) {
                    @Override
                    void brokenOff(int id, String key, ByteArrayOutputStream bytes) {
                        send(id, key, bytes);
                        answer(id, key);
                    }
                },
                new SteppedMetadata(turn),
                false);
    }

    /** Rule 4: the put is taken for committed when its bytes were sent. */
    static Engines visibleBeforeCommit() {
        Turn turn = new Turn();
        return new Engines(
                turn,
                new SteppedStorage(turn) {
                    @Override
                    void answer(int id, String key) {}
                },
                new SteppedMetadata(turn),
                false);
    }

    /** Rule 4: the bytes go first, and then the row is marked. */
    static Engines bytesGoFirst() {
        Turn turn = new Turn();
        SteppedStorage storage = new SteppedStorage(turn);
        return new Engines(
                turn,
                storage,
                new SteppedMetadata(turn) {
                    @Override
                    public Optional<FileRow> compareAndSet(FileRow next) {
                        if (next.state() == FileState.DELETING && next.wasAvailable()) {
                            storage.delete(next.key());
                        }
                        return super.compareAndSet(next);
                    }
                },
                false);
    }

    /** Rule 6: a change of the database that fails, or seems to, is made good at once: the bytes are removed again. */
    static Engines compensatedOnTheSpot() {
        Turn turn = new Turn();
        SteppedStorage storage = new SteppedStorage(turn);
        return new Engines(
                turn,
                storage,
                new SteppedMetadata(turn) {
                    @Override
                    public Optional<FileRow> compareAndSet(FileRow next) {
                        try {
                            return super.compareAndSet(next);
                        } catch (MetadataException e) {
                            storage.delete(next.key());
                            throw e;
                        }
                    }
                },
                false);
    }

    /** Rule 7: the row of an upload that was given up goes when its bytes were deleted once. */
    static Engines deletedOnce() {
        Turn turn = new Turn();
        return new Engines(
                turn,
                new SteppedStorage(turn),
                new SteppedMetadata(turn) {
                    @Override
                    public Optional<FileRow> compareAndSet(FileRow next) {
                        boolean waits = next.state() == FileState.DELETED && !next.wasAvailable();
                        return waits ? Optional.of(next).filter(this::remove) : super.compareAndSet(next);
                    }
                },
                false);
    }
}
