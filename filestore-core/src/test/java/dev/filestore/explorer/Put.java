package dev.filestore.explorer;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A put that the storage knows of. Once sent, it lands when the storage likes, or never, whatever became of its sender.
 *
 * @param content what it carries, null until it was sent
 * @param sentAt when it was sent, null before
 * @param parts whether there is something of it in the storage that only a purge removes
 * @param awaited whether its sender waits for the answer
 * @param landed whether the storage has dealt with it
 * @param collided whether it found another object under its key
 */
record Put(
        int id,
        String key,
        Instant begunAt,
        @Nullable String content,
        @Nullable Instant sentAt,
        boolean parts,
        boolean awaited,
        boolean landed,
        boolean collided) {

    /** No put that was sent lives longer: the assumption that the engine's grace of an hour is made for. */
    static final Duration LIFE = Duration.ofHours(1);

    static Put begun(int id, String key, Instant begunAt) {
        return new Put(id, key, begunAt, null, null, true, true, false, false);
    }

    Put sent(String bytes, Instant at) {
        return new Put(id, key, begunAt, bytes, at, parts, awaited, landed, collided);
    }

    Put purged() {
        return new Put(id, key, begunAt, content, sentAt, false, awaited, landed, collided);
    }

    Put givenUp() {
        return new Put(id, key, begunAt, content, sentAt, parts, false, landed, collided);
    }

    Put answered(boolean hasCollided) {
        return new Put(id, key, begunAt, content, sentAt, false, awaited, true, hasCollided);
    }

    boolean canLand(Instant now) {
        return sentAt != null && !landed && now.isBefore(sentAt.plus(LIFE));
    }

    /** Whether nothing can come of it any more. */
    boolean isOver(Instant now) {
        return !awaited && !parts && !canLand(now);
    }

    @Override
    public String toString() {
        String come =
                sentAt == null ? "is being written" : landed ? "has landed" : "may land until " + sentAt.plus(LIFE);
        return "put " + id + " of " + key + " " + come + (parts ? ", with parts" : "");
    }
}
