package dev.filestore.explorer;

import dev.filestore.FileRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * All that outlives a process: rows, objects, puts under way and the time; and beside it, seen by no engine, what was
 * {@link Said}. Small, so that it can be copied at each step.
 */
final class World {

    /** An object: which one of all that ever were, and its bytes. */
    record Blob(long serial, String content, Instant writtenAt) {

        @Override
        public String toString() {
            return "object " + serial + " with " + Said.brief(content);
        }
    }

    final TreeMap<Long, FileRow> rows;
    final TreeMap<String, Blob> objects;
    private final TreeMap<Integer, Put> puts;
    final Said said;
    private Instant now;
    private long lastId;
    private int lastPut;
    int jumpsLeft;
    int faultsLeft;
    /** Uploads that went on to write after they were given up and have not tidied up since, as bits. */
    private int late;
    /** Whether there ever was one. */
    private boolean everLate;

    World(Instant now) {
        this.now = now;
        this.rows = new TreeMap<>();
        this.objects = new TreeMap<>();
        this.puts = new TreeMap<>();
        this.said = new Said();
    }

    private World(World other) {
        this.now = other.now;
        this.rows = new TreeMap<>(other.rows);
        this.objects = new TreeMap<>(other.objects);
        this.puts = new TreeMap<>(other.puts);
        this.said = other.said.copy();
        this.lastId = other.lastId;
        this.lastPut = other.lastPut;
        this.jumpsLeft = other.jumpsLeft;
        this.faultsLeft = other.faultsLeft;
        this.late = other.late;
        this.everLate = other.everLate;
    }

    World copy() {
        return new World(this);
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
        puts.values().removeIf(put -> put.isOver(now));
    }

    long nextId() {
        return ++lastId;
    }

    // Puts

    int begin(String key) {
        int id = ++lastPut;
        puts.put(id, Put.begun(id, key, now));
        return id;
    }

    Put put(int id) {
        Put put = puts.get(id);
        if (put == null) {
            throw new IllegalStateException("put " + id + " is over");
        }
        return put;
    }

    void change(Put put) {
        if (put.isOver(now)) {
            puts.remove(put.id());
        } else {
            puts.put(put.id(), put);
        }
    }

    /** Forgets a put that left nothing. */
    void end(int id) {
        puts.remove(id);
    }

    List<Put> puts() {
        return List.copyOf(puts.values());
    }

    List<Put> flying() {
        return puts.values().stream().filter(put -> put.canLand(now)).toList();
    }

    /** The storage gets round to a put that was sent. */
    void land(Put put, boolean overwrites) {
        String content = put.content();
        if (content == null) {
            throw new IllegalStateException("put " + put.id() + " was not sent");
        }
        boolean collides = objects.containsKey(put.key()) && !overwrites;
        if (!collides) {
            objects.put(put.key(), new Blob(put.id(), content, now));
        }
        change(put.answered(collides));
    }

    void purge(String key) {
        objects.remove(key);
        for (Put put : puts()) {
            if (put.key().equals(key)) {
                change(put.purged());
            }
        }
    }

    /** An upload goes on to write after its row was given up or is gone: it was frozen for longer than its lease. */
    void wakeLate(int operation) {
        late |= 1 << operation;
        everLate = true;
    }

    /** The upload found out, and removed what it had written. */
    void tidyUp(int operation) {
        late &= ~(1 << operation);
    }

    boolean isAnyoneLate() {
        return late != 0;
    }

    boolean wasAnyoneLate() {
        return everLate;
    }

    boolean isThere(String key, long serial) {
        Blob blob = objects.get(key);
        return blob != null && blob.serial() == serial;
    }

    /** Whether everybody must find the file, for all that was said; what that operation does to it left aside. */
    boolean isOwed(long id, int exceptBy) {
        return said.isOwed(id, exceptBy, now);
    }

    /** Whether nobody may find the file, for all that was said. */
    boolean isOver(long id) {
        return said.isOver(id, now);
    }

    /** All of it, as numbers that are equal exactly where the worlds are; but what may still befall it. */
    void print(Numbers numbers) {
        numbers.add(now);
        numbers.add(late).add(everLate ? 1 : 0);
        numbers.add((int) lastId).add(lastPut);
        numbers.addAll(rows);
        numbers.addAll(objects);
        numbers.addAll(puts);
        printSaid(numbers);
    }

    /** The part of it that says who was promised what until when. */
    void printSaid(Numbers numbers) {
        numbers.add(now);
        said.print(numbers);
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add("the time " + now);
        rows.values().forEach(row -> lines.add("row of " + Call.describe(row) + ", due " + row.dueAt()));
        objects.forEach((key, blob) -> lines.add(key + ": " + blob));
        puts.values().forEach(put -> lines.add(put.toString()));
        said.files().forEach((id, file) -> lines.add("said of file " + id + ": " + file));
        return String.join("\n    ", lines);
    }
}
