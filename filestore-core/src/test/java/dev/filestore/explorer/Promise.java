package dev.filestore.explorer;

import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.explorer.World.Blob;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** What has to be true of a world, whoever is in the middle of whatever. */
final class Promise {

    private static final Map<String, String> DIGESTS = new ConcurrentHashMap<>();

    private Promise() {}

    /** What holds at every moment. */
    static void checkAlways(World world) {
        for (FileRow row : world.rows.values()) {
            if (row.state() != FileState.AVAILABLE) {
                continue;
            }
            Blob blob = world.objects.get(row.key());
            if (blob == null) {
                throw new Violation("file " + row.id() + " is available and has no bytes");
            }
            if (!blob.content()
                    .equals(Objects.requireNonNull(world.said.of(row.id())).content())) {
                throw new Violation("file " + row.id() + " has foreign bytes, or not all of its own");
            }
            if (row.size() != blob.content().length() || !digest(blob.content()).equals(row.sha256())) {
                throw new Violation("file " + row.id() + " is available, and its row says other things of its bytes");
            }
        }
        for (long id : world.said.files().keySet()) {
            FileRow row = world.rows.get(id);
            boolean visible = row != null && row.isVisibleAt(world.now());
            if (!visible && world.isOwed(id, -1)) {
                throw new Violation("file " + id + " was acknowledged and is lost");
            }
            if (visible && world.isOver(id)) {
                throw new Violation("file " + id + " is over and can be seen");
            }
        }
    }

    /** What holds when all is done: what is there is a file, and nothing else is left. */
    static void checkInTheEnd(World world) {
        for (FileRow row : world.rows.values()) {
            if (row.state() != FileState.AVAILABLE) {
                throw new Violation("file " + row.id() + " stays in state " + row.state());
            }
        }
        for (String key : world.objects.keySet()) {
            if (world.rows.values().stream().noneMatch(row -> row.key().equals(key))) {
                throw new Violation("the object " + key + " belongs to no row, and nobody looks for it");
            }
        }
        for (Put put : world.puts()) {
            if (put.parts()) {
                throw new Violation("an unfinished put of " + put.key() + " is left, and nobody looks for it");
            }
        }
    }

    private static String digest(String content) {
        return DIGESTS.computeIfAbsent(content, bytes -> {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(bytes.getBytes(StandardCharsets.ISO_8859_1)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        });
    }
}
