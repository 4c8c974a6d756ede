package dev.filestore;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the store promised in one case, by what it answered and what readers saw, held against what they see later. Each
 * file has bytes of its own, by which it is known.
 */
final class FaultLedger {

    private static final Map<String, byte[]> CONTENTS = new ConcurrentHashMap<>();

    private final Consumer<String> report;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Long, Entry> byId = new HashMap<>();

    FaultLedger(Consumer<String> report) {
        this.report = report;
    }

    /** A file that somebody uploads, or tries to. */
    static final class Entry {

        final String name;
        final byte[] content;

        /** How long it is to live from the start of its upload; null for ever. */
        @Nullable
        Duration ttl;

        /** The file's id, once anybody was told. */
        @Nullable
        Long id;

        private final String label;

        /** When it may expire, {@link Instant#MAX} for never: more than one where the answer to a change was lost. */
        private final Set<Instant> ends = new HashSet<>();

        /** The upload was acknowledged. */
        private boolean stored;

        /** The upload was refused for what it was: there is no such file, and there will be none. */
        private boolean refused;

        /** How often somebody wanted it gone. */
        private int deletes;

        /** Readers have seen it. */
        private boolean seen;

        /** Readers were told, or have seen, that it is not there any more. */
        private boolean gone;

        private boolean toldStored;
        private boolean toldDeleted;

        Entry(String label, String name, byte[] content) {
            this.label = label;
            this.name = name;
            this.content = content;
        }

        boolean isGone() {
            return gone;
        }

        boolean isUnwanted() {
            return deletes > 0;
        }

        /** Whether it has expired, whatever became of changes that were not answered. */
        boolean hasExpired(Instant now) {
            return !ends.isEmpty() && ends.stream().allMatch(end -> !now.isBefore(end));
        }

        boolean mayHaveExpired(Instant now) {
            return ends.stream().anyMatch(end -> !now.isBefore(end));
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** A PDF file of its own bytes, to be uploaded under that name. */
    Entry file(String name, int size) {
        String label = (char) ('A' + entries.size()) + ":" + name;
        Entry entry = new Entry(label, name, CONTENTS.computeIfAbsent(label + size, it -> content(label, size)));
        entries.add(entry);
        return entry;
    }

    private static String sha256(byte[] content) {
        Sha256 digest = new Sha256();
        digest.update(content, 0, content.length);
        return digest.hex();
    }

    private static byte[] content(String label, int size) {
        byte[] content = new byte[size];
        new Random(label.hashCode()).nextBytes(content);
        byte[] head = ("%PDF-1.7 " + label + "\n").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, content, 0, head.length);
        return content;
    }

    List<Entry> entries() {
        return entries;
    }

    void stored(Entry file, StoredFile answer) {
        file.stored = true;
        name(file, answer);
        if (answer.size() != file.content.length) {
            report.accept(file + " was acknowledged with " + answer.size() + " bytes");
        }
    }

    void refused(Entry file) {
        file.refused = true;
        if (file.seen || file.stored) {
            report.accept(file + " was refused, and readers have seen it");
        }
    }

    void unwanted(Entry file) {
        file.deletes++;
    }

    /** Who wanted to delete the file was told that there is none. */
    void missing(Entry file, Instant now) {
        if (file.deletes == 1 && !file.mayHaveExpired(now)) {
            report.accept(file + " was missing for the first who wanted to delete it");
        }
        gone(file, now);
    }

    /** The file was deleted, or readers do not see it any more. */
    void gone(Entry file, Instant now) {
        if (file.deletes == 0 && !file.mayHaveExpired(now)) {
            report.accept(file + " is missing for somebody, and nobody deleted it");
        }
        // One of which nobody knows when it expires may have been given a longer life just then.
        file.gone = file.deletes > 0 || file.hasExpired(now);
    }

    /** What readers see now: files and their bytes. */
    void see(Map<StoredFile, byte[]> visible, Instant now) {
        Set<Entry> there = new HashSet<>();
        visible.forEach((found, bytes) -> {
            Entry file =
                    byId.computeIfAbsent(found.id(), unknown -> byContent(bytes).orElse(null));
            if (file == null || !Arrays.equals(file.content, bytes)) {
                report.accept("readers see partial or foreign bytes: " + bytes.length + " of file " + found.id());
                return;
            }
            name(file, found);
            there.add(file);
            if (file.refused) {
                report.accept(file + " was refused, and readers see it");
            }
            if (file.gone) {
                report.accept(file + " came back");
            }
            if (file.hasExpired(now)) {
                report.accept(file + " has expired, and readers see it");
            }
            file.seen = true;
        });
        for (Entry file : entries) {
            if ((file.seen || file.stored) && !there.contains(file) && !file.gone) {
                gone(file, now);
            }
        }
    }

    Optional<Entry> byContent(byte[] bytes) {
        return entries.stream()
                .filter(file -> Arrays.equals(file.content, bytes))
                .findFirst();
    }

    private void name(Entry file, StoredFile answer) {
        byId.put(answer.id(), file);
        if (file.ends.isEmpty()) {
            file.ends.add(file.ttl == null ? Instant.MAX : answer.uploadedAt().plus(file.ttl));
        }
        Instant end = answer.expiresAt();
        if (!file.ends.contains(end == null ? Instant.MAX : end)) {
            report.accept(file + " expires at " + end + ", and not at one of " + file.ends);
        }
        if (file.id == null) {
            file.id = answer.id();
        } else if (file.id != answer.id()) {
            report.accept(file + " is two files, " + file.id + " and " + answer.id());
        }
    }

    /** Somebody wants the file to expire at another moment. */
    void changing(Entry file, Instant end) {
        file.ends.add(end);
    }

    void changed(Entry file, Instant end, StoredFile answer) {
        file.ends.clear();
        file.ends.add(end);
        name(file, answer);
    }

    /** A listener heard that a file was stored. */
    void toldStored(StoredFile told) {
        entry(told).toldStored = true;
    }

    /** A listener heard that a file is gone. */
    void toldDeleted(StoredFile told, Instant now) {
        Entry file = entry(told);
        if (!file.toldStored) {
            report.accept(file + " was told to be deleted before it was told to be stored");
        }
        file.toldDeleted = true;
        gone(file, now);
    }

    private Entry entry(StoredFile told) {
        Entry file = byId.computeIfAbsent(
                told.id(),
                unknown -> entries.stream()
                        .filter(entry -> sha256(entry.content).equals(told.sha256()))
                        .findFirst()
                        .orElseThrow());
        name(file, told);
        return file;
    }

    /** Listeners have heard of all there was. */
    void requireTold() {
        for (Entry file : entries) {
            if (file.seen && !file.toldStored) {
                report.accept("no listener heard that " + file + " was stored");
            }
            if (file.seen && file.gone && !file.toldDeleted) {
                report.accept("no listener heard that " + file + " is gone");
            }
        }
    }
}
