package dev.filestore.local;

import dev.filestore.ObjectInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One listing of objects by the UTF-8 bytes of their whole keys: a walk through the folders, in which a folder has its
 * place as its name with a slash behind it. Of a folder's entries no more than {@link #BATCH} are held at a time; a
 * larger folder is read several times.
 */
final class Listing {

    private static final int BATCH = 1_000;
    private static final Comparator<Entry> ORDER = (one, other) -> Arrays.compareUnsigned(one.place, other.place);

    private final KeyPaths paths;
    private final String prefix;
    private final String after;
    private final byte[] afterBytes;
    private final int limit;
    private final List<ObjectInfo> found = new ArrayList<>();

    Listing(KeyPaths paths, String prefix, String after, int limit) {
        this.paths = paths;
        this.prefix = prefix;
        this.after = after;
        this.afterBytes = utf8(after);
        this.limit = limit;
    }

    private static final class Entry {

        private final Path path;
        private final String key;
        private final byte[] place;
        private final BasicFileAttributes attributes;

        /** @param key of a folder with a slash at its end */
        Entry(Path path, String key, BasicFileAttributes attributes) {
            this.path = path;
            this.key = key;
            this.place = utf8(key);
            this.attributes = attributes;
        }
    }

    /**
     * Lists what is in a folder and below it.
     *
     * @param start what the keys of the folder's entries start with
     */
    List<ObjectInfo> of(Path folder, String start) throws IOException {
        walk(folder, start);
        return found;
    }

    private void walk(Path folder, String start) throws IOException {
        Entry last = null;
        Deque<Entry> batch;
        do {
            batch = next(folder, start, last);
            for (Entry entry : batch) {
                if (entry.attributes.isDirectory()) {
                    walk(entry.path, entry.key);
                } else {
                    found.add(new ObjectInfo(
                            entry.key,
                            entry.attributes.size(),
                            entry.attributes.lastModifiedTime().toInstant()));
                }
                if (found.size() == limit) {
                    return;
                }
            }
            last = batch.peekLast();
        } while (batch.size() == BATCH);
    }

    /** The first of those entries that are wanted and come behind another. */
    private Deque<Entry> next(Path folder, String start, @Nullable Entry behind) throws IOException {
        PriorityQueue<Entry> first = new PriorityQueue<>(ORDER.reversed());
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path path : entries) {
                String key = start + paths.segment(path);
                if (first.size() == BATCH && Arrays.compareUnsigned(utf8(key), first.element().place) > 0) {
                    // Comes later, be it an object or a folder: that is not worth a call to find out.
                    continue;
                }
                Entry entry = entry(path, key);
                if (entry != null && (behind == null || ORDER.compare(entry, behind) > 0)) {
                    first.add(entry);
                    if (first.size() > BATCH) {
                        first.remove();
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Deque<Entry> batch = new ArrayDeque<>(first.size());
        while (!first.isEmpty()) {
            batch.addFirst(first.remove());
        }
        return batch;
    }

    private @Nullable Entry entry(Path path, String key) throws IOException {
        String below = key + "/";
        boolean wantedAsObject = key.startsWith(prefix) && isAfter(key);
        boolean wantedAsFolder =
                (below.startsWith(prefix) || prefix.startsWith(below)) && (after.startsWith(below) || isAfter(below));
        // The question that costs a call comes last.
        if (!wantedAsObject && !wantedAsFolder) {
            return null;
        }
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            // Deleted since the folder was read.
            return null;
        }
        if (attributes.isDirectory()) {
            return wantedAsFolder ? new Entry(path, below, attributes) : null;
        }
        return wantedAsObject && attributes.isRegularFile() ? new Entry(path, key, attributes) : null;
    }

    private boolean isAfter(String key) {
        return Arrays.compareUnsigned(utf8(key), afterBytes) > 0;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
