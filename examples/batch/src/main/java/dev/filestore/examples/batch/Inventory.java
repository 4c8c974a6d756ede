package dev.filestore.examples.batch;

import dev.filestore.FilePage;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the owner has in the store when a run begins: how many files of each name, size and SHA-256. Each local file
 * takes its match out of it, so that two alike in different folders need two alike in the store. Thread-safe.
 *
 * <p>The store itself is asked, and no journal of our own: a journal can be a line behind what was stored when the
 * program is killed, or a line ahead, and the store cannot.
 */
final class Inventory {

    private record Name(String name, long size) {}

    private final Map<Name, Map<String, Integer>> files = new HashMap<>();

    static Inventory of(FileStore store, String owner) {
        Inventory inventory = new Inventory();
        FileQuery query = FileQuery.of(owner).withLimit(FileQuery.MAX_LIMIT);
        @Nullable String cursor = null;
        do {
            FilePage page = store.list(cursor == null ? query : query.withCursor(cursor));
            page.files().forEach(inventory::add);
            cursor = page.nextCursor();
        } while (cursor != null);
        return inventory;
    }

    private void add(StoredFile file) {
        files.computeIfAbsent(new Name(file.originalFilename(), file.size()), name -> new HashMap<>())
                .merge(file.sha256(), 1, Integer::sum);
    }

    /**
     * Takes the match of a local file out, if there is one. The file is read only where name and size leave it open.
     *
     * @param name the file's name as the store keeps it
     * @return whether there was one
     */
    boolean take(String name, LocalFiles.LocalFile file) throws IOException {
        Name key = new Name(name, file.size());
        if (!holds(key)) {
            return false;
        }
        String sha256 = sha256(file.path());
        synchronized (files) {
            Map<String, Integer> left = files.get(key);
            if (left == null || !left.containsKey(sha256)) {
                return false;
            }
            left.computeIfPresent(sha256, (digest, count) -> count == 1 ? null : count - 1);
            if (left.isEmpty()) {
                files.remove(key);
            }
            return true;
        }
    }

    private boolean holds(Name key) {
        synchronized (files) {
            return files.containsKey(key);
        }
    }

    private static String sha256(Path path) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
                byte[] buffer = new byte[128 * 1024];
                while (in.read(buffer) >= 0) {
                    // Reading is what digests.
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
