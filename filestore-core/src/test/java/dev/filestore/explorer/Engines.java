package dev.filestore.explorer;

import dev.filestore.FileStore;

/**
 * The real engine, over a world whose steps a {@link Turn} allows. Its keys hold the second of the upload, as the real
 * ones do, and nothing else, so that uploads of one second meet at each attempt.
 */
final class Engines {

    final Turn turn;
    final SteppedMetadata metadata;
    final FileStore store;

    private final boolean overwriting;

    /**
     * An engine.
     *
     * @param overwriting whether the storage replaces the object that is there
     */
    Engines(Turn turn, SteppedStorage storage, SteppedMetadata metadata, boolean overwriting) {
        this.turn = turn;
        this.metadata = metadata;
        this.overwriting = overwriting;
        this.store = FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .keys((owner, name, at, attempt) -> "at-" + at.getEpochSecond() + "-" + attempt)
                .secret(new byte[32])
                .clock(new SteppedClock(turn))
                .build();
    }

    /** Over a storage and a database that do as they should. */
    static Engines right() {
        Turn turn = new Turn();
        return new Engines(turn, new SteppedStorage(turn), new SteppedMetadata(turn), false);
    }

    boolean isOverwriting() {
        return overwriting;
    }
}
