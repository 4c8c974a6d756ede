package dev.filestore.explorer;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What was said about files to those who use the store, and what they have begun to ask for: all that the promise is
 * held against. Where two requests overlap, either may be the last, and both outcomes are right; a request that failed
 * without a reason that is certain counts as one that never ended.
 */
final class Said {

    /** When a file ends that somebody has begun to make temporary; the operations that do it have this in common. */
    static final Instant SHORTENED = Scenario.START.plusSeconds(240);

    private final TreeMap<Long, Told> files = new TreeMap<>();
    /** By file, the operations that have begun to delete it, as bits. */
    private final TreeMap<Long, Integer> deleters = new TreeMap<>();
    /** By file, those that have begun to keep it. */
    private final TreeMap<Long, Integer> keepers = new TreeMap<>();
    /** By file, those that have begun to make it end. */
    private final TreeMap<Long, Integer> shorteners = new TreeMap<>();
    /** The operations that have begun to delete all there is, as bits. */
    private int erasers;

    /**
     * What was said about a file.
     *
     * @param content the bytes that were handed in
     * @param expiresAt when it is to be gone, null for ever
     * @param acknowledged whether its uploader was told that it is safe
     * @param deleted whether somebody was told that it is deleted
     */
    record Told(String content, @Nullable Instant expiresAt, boolean acknowledged, boolean deleted) {

        @Override
        public String toString() {
            return brief(content)
                    + (expiresAt == null ? "" : ", until " + expiresAt)
                    + (acknowledged ? ", acknowledged" : "")
                    + (deleted ? ", deleted" : "");
        }

        Told whenAcknowledged() {
            return new Told(content, expiresAt, true, deleted);
        }

        Told whenDeleted() {
            return new Told(content, expiresAt, acknowledged, true);
        }

        Told until(@Nullable Instant newExpiresAt) {
            return new Told(content, newExpiresAt, acknowledged, deleted);
        }
    }

    Said copy() {
        Said copy = new Said();
        copy.files.putAll(files);
        copy.deleters.putAll(deleters);
        copy.keepers.putAll(keepers);
        copy.shorteners.putAll(shorteners);
        copy.erasers = erasers;
        return copy;
    }

    Map<Long, Told> files() {
        return files;
    }

    /** What was said about a file, null if there was none of that id. */
    @Nullable
    Told of(long id) {
        return files.get(id);
    }

    void begin(long id, String content, @Nullable Instant expiresAt) {
        files.put(id, new Told(content, expiresAt, false, false));
    }

    void acknowledge(long id) {
        change(id, Told::whenAcknowledged);
    }

    // What begins with one of those may have come to its effect at any moment from then on.

    void beginDelete(long id, int operation) {
        deleters.merge(id, bit(operation), (before, bit) -> before | bit);
    }

    void delete(long id) {
        change(id, Told::whenDeleted);
    }

    /** Whatever comes from now on may be deleted too. */
    void beginErase(int operation) {
        erasers |= bit(operation);
    }

    /** What comes from now on is safe again. */
    void endErase(int operation) {
        files.keySet().forEach(id -> beginDelete(id, operation));
        erasers &= ~bit(operation);
    }

    /** Whether somebody has begun to delete the file of those bytes. */
    boolean isUnwanted(String content) {
        return erasers != 0
                || files.entrySet().stream()
                        .anyMatch(file ->
                                file.getValue().content().equals(content) && deleters.containsKey(file.getKey()));
    }

    void beginKeep(long id, int operation) {
        keepers.merge(id, bit(operation), (before, bit) -> before | bit);
    }

    void keep(long id, int operation) {
        change(id, told -> told.until(null));
        if (!shorteners.containsKey(id)) {
            end(keepers, id, operation);
        }
    }

    void beginShorten(long id, int operation) {
        shorteners.merge(id, bit(operation), (before, bit) -> before | bit);
    }

    void shorten(long id, int operation) {
        if (!keepers.containsKey(id)) {
            change(id, told -> told.until(SHORTENED));
            end(shorteners, id, operation);
        }
    }

    /** The operation is certain to have changed nothing. */
    void giveUp(long id, int operation) {
        end(keepers, id, operation);
        end(shorteners, id, operation);
    }

    private static void end(Map<Long, Integer> operations, long id, int operation) {
        operations.computeIfPresent(id, (file, bits) -> {
            int left = bits & ~bit(operation);
            return left == 0 ? null : left;
        });
    }

    private static int bit(int operation) {
        return 1 << operation;
    }

    private void change(long id, UnaryOperator<Told> change) {
        files.put(id, change.apply(Objects.requireNonNull(files.get(id))));
    }

    /**
     * Whether everybody must find the file.
     *
     * @param exceptBy an operation whose own deletes are left aside; negative for none
     */
    boolean isOwed(long id, int exceptBy, Instant now) {
        Told file = files.get(id);
        int except = exceptBy < 0 ? 0 : bit(exceptBy);
        return file != null
                && file.acknowledged()
                && ((erasers | deleters.getOrDefault(id, 0)) & ~except) == 0
                && (file.expiresAt() == null || now.isBefore(file.expiresAt()))
                && (!shorteners.containsKey(id) || now.isBefore(SHORTENED));
    }

    /** Whether nobody may find the file. */
    boolean isOver(long id, Instant now) {
        Told file = files.get(id);
        return file != null
                && (file.deleted()
                        || (file.expiresAt() != null && !now.isBefore(file.expiresAt()) && !keepers.containsKey(id)));
    }

    void print(Numbers numbers) {
        numbers.add(erasers).addAll(files).addAll(deleters).addAll(keepers).addAll(shorteners);
    }

    /** Enough of a file's bytes to tell it from others. */
    static String brief(String content) {
        int line = content.indexOf('\n') + 1;
        return content.length() + " bytes " + content.substring(line, Math.min(content.length(), line + 3)) + "..";
    }
}
