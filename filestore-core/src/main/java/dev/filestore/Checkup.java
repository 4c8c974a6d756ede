package dev.filestore;

import dev.filestore.CheckReport.Finding;
import dev.filestore.Checkable.Act;
import dev.filestore.Checkable.Look;
import dev.filestore.Checkable.Probe;
import dev.filestore.Checkable.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One check of a store. What it writes is an upload that never becomes available: its row is there first, no reader and no
 * listener ever hears of it, and wherever the check ends, a sweep finishes it like any upload that died.
 */
final class Checkup {

    /** Whose files the key layout takes the probe for. The row itself is nobody's. */
    private static final String OWNER = "filestore-check";

    private static final String NOBODY = "";
    private static final Category CATEGORY = new Category("check");
    private static final ObjectHeaders HEADERS = new ObjectHeaders("text/plain", "attachment");
    private static final String TEXT = "written by a check of the store";
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER_BYTES =
            "written twice by a check, to one key".getBytes(StandardCharsets.US_ASCII);
    private static final ByteRange RANGE = new ByteRange(8, 2);

    private final StorageBackend storage;
    private final MetadataRepository metadata;
    private final KeyLayout keys;
    private final Removals removals;
    private final Clock clock;
    private final CheckedPart database;
    private final CheckedPart objects;
    private final @Nullable UrlSigner signing;
    private final CheckedPart signer;
    private final CheckedPart cdn;
    private final List<Finding> findings = new ArrayList<>();

    /** What the steps come to know, each in a thread of its own; one that was late may still write. */
    private volatile @Nullable FileRow row;

    private volatile @Nullable String tag;
    private volatile boolean stored;
    private volatile boolean purged;

    Checkup(
            StorageBackend storage,
            MetadataRepository metadata,
            KeyLayout keys,
            @Nullable UrlSigner signer,
            @Nullable Cdn cdn,
            Removals removals,
            Duration deadline,
            Clock clock) {
        this.storage = storage;
        this.metadata = metadata;
        this.keys = keys;
        this.removals = removals;
        this.clock = clock;
        this.database = new CheckedPart("database", metadata, deadline);
        this.objects = new CheckedPart("storage", storage, deadline);
        this.signing = signer;
        // A storage that signs is looked at once.
        this.signer = new CheckedPart("signer", signer == storage ? null : signer, deadline);
        this.cdn = new CheckedPart("CDN", cdn, deadline);
    }

    CheckReport run() {
        Probe probe = probe();
        take(database, database.looks(probe));
        tryDatabase(probe);
        take(objects, objects.looks(probe));
        take(signer, signer.looks(probe));
        take(cdn, cdn.looks(probe));
        if (row == null) {
            objects.giveUp("nothing is written to the storage before a row names it");
        }
        tryStorage(probe.key());
        for (CheckedPart part : List.of(signer, cdn, objects)) {
            tryOwn(part, probe);
        }
        cleanUp(probe.key());
        return new CheckReport(findings);
    }

    private void tryOwn(CheckedPart part, Probe probe) {
        for (Step step : part.trials(probe)) {
            findings.addAll(stored ? part.take(step) : part.skip(step, "there is no object to ask for"));
        }
    }

    private Probe probe() {
        Instant now = Engine.now(clock);
        String name = "check_" + UUID.randomUUID() + ".txt";
        try {
            return new Probe(Keys.requireValid(keys.key(OWNER, name, now, 0)), TEXT, signing, clock);
        } catch (RuntimeException e) {
            findings.add(Finding.failed(
                    "keys",
                    "the key layout made no key for the user " + OWNER + ": " + CheckedPart.reason(e),
                    "Mend FileStore.Builder.keys: it names objects for users of any id"));
            database.giveUp("there is no key to write to");
            return new Probe(OWNER + "/" + name, TEXT, signing, clock);
        }
    }

    private void take(CheckedPart part, List<Step> steps) {
        for (Step step : steps) {
            findings.addAll(part.take(step));
        }
    }

    private void take(CheckedPart part, String name, Act act, Look look) {
        findings.addAll(part.take(new Step(part.name() + ": " + name, false, look), act));
    }

    private void tryDatabase(Probe probe) {
        // One row is for the trial of rows alone, so that it can go at once.
        FileRow[] trial = new FileRow[1];
        take(database, "insert", Act.INSERT, () -> {
            trial[0] = insert(probe.key() + "-row");
            return List.of(Finding.ok("database: insert", "a row was inserted"));
        });
        FileRow inserted = trial[0];
        if (inserted == null) {
            database.giveUp("no row could be inserted");
        }
        take(database, "find", Act.FIND, () -> {
            boolean found = inserted != null && metadata.find(inserted.id()).isPresent();
            return List.of(
                    found
                            ? Finding.ok("database: find", "the row was found")
                            : Finding.failed(
                                    "database: find",
                                    "a row that was just committed is not found",
                                    "Let reads go to the database that is written to, not to a replica of it"));
        });
        take(database, "change", Act.CHANGE, () -> {
            Optional<FileRow> changed = inserted == null
                    ? Optional.empty()
                    : metadata.compareAndSet(
                            inserted.withDueAt(inserted.uploadedAt().plus(Uploads.LEASE.multipliedBy(2))));
            changed.ifPresent(now -> trial[0] = now);
            return List.of(
                    changed.isPresent()
                            ? Finding.ok("database: change", "the row was changed")
                            : Finding.failed(
                                    "database: change",
                                    "a row that nobody else knows could not be changed",
                                    "Let reads go to the database that is written to, and no trigger change the rows"));
        });
        FileRow last = trial[0];
        take(database, "remove", Act.REMOVE, () -> {
            boolean removed = last != null && metadata.remove(last);
            return List.of(
                    removed
                            ? Finding.ok("database: remove", "the row was removed")
                            : Finding.failed(
                                    "database: remove",
                                    "a row that nobody else knows could not be removed",
                                    "Let no trigger change or keep the rows"));
        });
        if (database.isAlive()) {
            // It says nothing new where it goes well.
            findings.addAll(database.take(
                    new Step("database: insert", false, () -> {
                        row = insert(probe.key());
                        return List.of();
                    }),
                    Act.INSERT));
        }
    }

    private FileRow insert(String key) {
        Instant now = Engine.now(clock);
        return metadata.insert(new FileRow(
                        0,
                        0,
                        FileState.PENDING,
                        now.plus(Uploads.LEASE),
                        0,
                        NOBODY,
                        key,
                        key.substring(key.lastIndexOf('/') + 1),
                        0,
                        HEADERS.contentType(),
                        CATEGORY,
                        null,
                        null,
                        null,
                        null,
                        now,
                        null,
                        PendingEvents.NONE))
                .orElseThrow(() -> new MetadataException("insert " + key + ": the key is taken", null));
    }

    private void tryStorage(String key) {
        take(objects, "put", Act.PUT, () -> {
            tag = put(key, BYTES);
            stored = true;
            return List.of(Finding.ok("storage: put", "an object was written: " + key));
        });
        take(objects, "stat", stored ? Act.STAT : Act.STAT_ABSENT, () -> {
            boolean seen = storage.stat(key)
                    .filter(info -> info.size() == BYTES.length)
                    .isPresent();
            return List.of(verdict("storage: stat", seen, "the object was looked up"));
        });
        Act open = stored ? Act.OPEN : Act.STAT_ABSENT;
        take(objects, "read", open, () -> {
            return List.of(verdict("storage: read", holds(key, ByteRange.ALL), "the object was read"));
        });
        take(objects, "read a range", open, () -> {
            return List.of(verdict("storage: read a range", holds(key, RANGE), "two bytes of the object were read"));
        });
        take(objects, "list", Act.LIST, () -> {
            boolean listed = storage.list(key, "", 1).stream()
                    .anyMatch(info -> info.key().equals(key));
            return List.of(verdict("storage: list", listed, "the object was listed"));
        });
        take(objects, "list unfinished", Act.LIST_UNFINISHED, () -> {
            storage.listUnfinished(key, "", 1);
            return List.of(Finding.ok("storage: list unfinished", "what puts left unfinished was listed"));
        });
        take(objects, "create only", Act.PUT_AGAIN, () -> List.of(putAgain(key)));
    }

    private @Nullable String put(String key, byte[] bytes) throws IOException {
        return storage.put(key, HEADERS, new ByteArrayInputStream(bytes), bytes.length);
    }

    /** Where nothing could be written there is nothing to find, and an answer that says so is a good one. */
    private Finding verdict(String check, boolean found, String what) {
        if (!stored) {
            return Finding.ok(check, "answered for a key that has no object");
        }
        return found
                ? Finding.ok(check, what)
                : Finding.failed(
                        check,
                        "an object that was just written is missing, or another",
                        "Use a storage that is strongly consistent, and let nothing else write to the folder or bucket");
    }

    private boolean holds(String key, ByteRange range) throws IOException {
        Optional<InputStream> opened = storage.open(key, range, tag);
        if (opened.isEmpty()) {
            return false;
        }
        try (InputStream in = opened.get()) {
            int from = (int) range.offset();
            int to = (int) Math.min(BYTES.length, range.last() == Long.MAX_VALUE ? BYTES.length : range.last() + 1);
            return Arrays.equals(in.readAllBytes(), Arrays.copyOfRange(BYTES, from, to));
        }
    }

    private Finding putAgain(String key) throws IOException {
        String check = "storage: create only";
        if (!stored) {
            return Finding.unknown(check, "no object could be written", "See storage: put");
        }
        try {
            put(key, OTHER_BYTES);
        } catch (StorageException e) {
            return verdict(check, holds(key, ByteRange.ALL), "an object that is there was not overwritten");
        }
        return Finding.warning(
                check,
                "the storage let an object be written over another",
                objects.cure(Act.PUT_AGAIN, new StorageException("put " + key + ": was not refused", null))
                        .orElse(
                                "Use a storage that refuses to overwrite. Keys do not come twice, so this is a second net"));
    }

    private void cleanUp(String key) {
        take(objects, "delete", Act.DELETE, () -> {
            storage.delete(key);
            return List.of(Finding.ok("storage: delete", "the object was deleted"));
        });
        take(objects, "stat when absent", Act.STAT_ABSENT, () -> {
            String check = "storage: stat when absent";
            return List.of(
                    storage.stat(key).isEmpty()
                            ? Finding.ok(check, "a key without an object was told from one with")
                            : Finding.failed(
                                    check,
                                    "an object that was deleted is still there",
                                    "Let deletes take effect: no lock, no replica that is read from"));
        });
        take(objects, "purge", Act.PURGE, () -> {
            storage.purge(key);
            purged = true;
            return List.of(Finding.ok("storage: purge", "nothing unfinished is left of the key"));
        });
        FileRow left = row;
        if (left != null && purged && database.isAlive()) {
            // Else the row stays as that of an upload that died, for a sweep.
            findings.addAll(database.take(new Step("database: clean up", false, () -> {
                removals.discard(left);
                return List.of();
            })));
        }
    }
}
