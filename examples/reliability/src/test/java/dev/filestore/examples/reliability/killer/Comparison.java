package dev.filestore.examples.reliability.killer;

import dev.filestore.ByteRange;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.MetadataRepository;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageBackend;
import dev.filestore.examples.reliability.killer.Upload.Expected;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares what was promised with what is there, once nothing is under way and nothing is due. */
final class Comparison {

    private static final int PAGE = 1_000;

    private final Ledger ledger;
    private final Instant now;
    private final MetadataRepository metadata;
    private final StorageBackend storage;
    private final List<String> unfinished;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, FileRow> rows = new TreeMap<>();
    private final Map<String, ObjectInfo> objects = new TreeMap<>();
    private final Map<Upload, FileRow> found = new HashMap<>();

    /**
     * Sets up a comparison.
     *
     * @param now the moment up to which was swept
     * @param unfinished the multipart uploads that are open
     */
    Comparison(
            Ledger ledger, Instant now, MetadataRepository metadata, StorageBackend storage, List<String> unfinished) {
        this.ledger = ledger;
        this.now = now;
        this.metadata = metadata;
        this.storage = storage;
        this.unfinished = unfinished;
    }

    /** Returns each promise that was broken, by name; reads all bytes that are there. */
    List<String> violations() throws IOException {
        read();
        unfinished.forEach(upload -> violations.add("OPEN UPLOAD: " + upload));
        objects.keySet().stream()
                .filter(key -> !rows.containsKey(key))
                .forEach(key -> violations.add("ORPHAN: no row names the object " + key));
        for (FileRow row : rows.values()) {
            compare(row);
        }
        for (Upload upload : ledger.all()) {
            Expected expected = upload.expected(now);
            FileRow row = found.get(upload);
            if (row == null && expected == Expected.PRESENT) {
                violations.add("LOST: no row of " + upload);
            } else if (row != null && expected == Expected.GONE) {
                violations.add("CAME BACK: " + row.key() + " of " + upload);
            } else if (row != null && upload.id() > 0 && upload.id() != row.id()) {
                violations.add("WRONG ID: " + row.id() + " of " + upload);
            }
        }
        return violations;
    }

    /** How many uploads of unknown outcome are there, or are not. To be called after the comparison. */
    long unknown(boolean there) {
        return ledger.all().stream()
                .filter(upload -> upload.answer() == Upload.Answer.UNKNOWN && upload.deletesAsked() == 0)
                .filter(upload -> found.containsKey(upload) == there)
                .count();
    }

    /** Takes what was found for promised: nothing that is gone by now may come, and nothing that is there may go. */
    void settle() {
        for (Upload upload : ledger.all()) {
            FileRow row = found.get(upload);
            if (row == null && !upload.isRemoved()) {
                ledger.removed(upload);
            } else if (row != null && upload.id() == 0) {
                ledger.seen(upload, row.id());
            }
        }
    }

    private void read() {
        List<FileRow> page;
        String after = "";
        do {
            page = metadata.listByKey("", after, PAGE);
            for (FileRow row : page) {
                rows.put(row.key(), row);
                after = row.key();
            }
        } while (page.size() == PAGE);
        List<ObjectInfo> found;
        after = "";
        do {
            found = storage.list("", after, PAGE);
            for (ObjectInfo object : found) {
                objects.put(object.key(), object);
                after = object.key();
            }
        } while (found.size() == PAGE);
    }

    private void compare(FileRow row) throws IOException {
        String name = "file " + row.id() + " " + row.key();
        if (row.state() != FileState.AVAILABLE) {
            violations.add("UNFINISHED: " + name + " is still " + row.state());
            return;
        }
        Optional<Upload> upload = ledger.withSha256(row.sha256());
        if (upload.isEmpty() || !upload.get().user().equals(row.owner())) {
            violations.add("FOREIGN: " + name + " of " + row.owner() + " is what that user never handed in");
            return;
        }
        if (found.put(upload.get(), row) != null) {
            violations.add("TWICE: " + name + " of " + upload.get());
        }
        ObjectInfo object = objects.get(row.key());
        if (object == null) {
            violations.add("NO BYTES: " + name + " of " + upload.get());
        } else if (object.size() != row.size() || !upload.get().sha256().equals(digest(row.key()))) {
            violations.add("WRONG BYTES: " + name + " of " + upload.get());
        }
    }

    private String digest(String key) throws IOException {
        Optional<InputStream> opened = storage.open(key, ByteRange.ALL, null);
        if (opened.isEmpty()) {
            return "none";
        }
        try (DigestInputStream in = new DigestInputStream(opened.get(), Content.newDigest())) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        }
    }
}
