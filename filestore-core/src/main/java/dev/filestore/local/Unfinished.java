package dev.filestore.local;

import dev.filestore.UnfinishedPut;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;

/**
 * The folder of temporary files, each named for its key so that it can be found again: the digest of the key, and what
 * tells it from others of that key.
 */
final class Unfinished {

    private static final Comparator<UnfinishedPut> BY_NAME = Comparator.comparing(UnfinishedPut::id);

    private final Path folder;
    private final Folders folders;
    private final boolean links;

    Unfinished(Path folder, Folders folders, boolean links) {
        this.folder = folder;
        this.folders = folders;
        this.links = links;
    }

    /** Whether the file system of this folder can give one file two names. */
    static boolean knowsLinks(Path folder, Folders folders) throws IOException {
        Path file = folder.resolve("links-" + UUID.randomUUID());
        Path link = folder.resolve("links-" + UUID.randomUUID());
        folders.create(file).close();
        try {
            Files.createLink(link, file);
            return true;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // Where there is no room for a name either, this says nothing about links, and is thrown on.
            folders.create(link).close();
            return false;
        } finally {
            Files.deleteIfExists(link);
            Files.deleteIfExists(file);
        }
    }

    /** A path for the bytes of one put. */
    Path newFile(String key) {
        return folder.resolve(namesStart(key) + UUID.randomUUID());
    }

    /**
     * Gives a finished file its place, unless that is taken. Atomic, and safe against other processes.
     *
     * @throws FileAlreadyExistsException if the place is taken
     */
    void publish(String key, Path file, Path place) throws IOException {
        if (links) {
            Files.createLink(place, file);
            Files.delete(file);
        } else {
            publishByMove(file, place, folder.resolve(namesStart(key) + "publishing"));
        }
    }

    /**
     * Without links there is no move that both is atomic and spares what is there, so that the right to move is taken
     * first. What is left of it by a crash goes with the temporary files.
     */
    private void publishByMove(Path file, Path place, Path right) throws IOException {
        folders.create(right).close();
        try {
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(place.toString());
            }
            Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(right);
        }
    }

    /** Removes all files of a key. */
    void removeAll(String key) throws IOException {
        String start = namesStart(key);
        boolean removed = false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                folder, file -> file.getFileName().toString().startsWith(start))) {
            for (Path file : files) {
                removed |= Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (removed) {
            folders.sync(folder);
        }
    }

    /** The first temporary files by name that come behind another. No more than {@code limit} are held at a time. */
    List<UnfinishedPut> list(String after, int limit) throws IOException {
        PriorityQueue<UnfinishedPut> first = new PriorityQueue<>(BY_NAME.reversed());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.compareTo(after) <= 0) {
                    continue;
                }
                try {
                    BasicFileAttributes found =
                            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    if (found.isRegularFile()) {
                        first.add(new UnfinishedPut(
                                name, null, found.lastModifiedTime().toInstant()));
                    }
                } catch (NoSuchFileException e) {
                    // Published or removed since the folder was read.
                    continue;
                }
                if (first.size() > limit) {
                    first.remove();
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return first.stream().sorted(BY_NAME).toList();
    }

    /** Removes one temporary file. */
    void remove(String name) throws IOException {
        Path file = folder.resolve(name).normalize();
        if (!folder.equals(file.getParent())) {
            throw new NoSuchFileException(name, null, "no temporary file of this storage");
        }
        if (Files.deleteIfExists(file)) {
            folders.sync(folder);
        }
    }

    private static String namesStart(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest) + "-";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
