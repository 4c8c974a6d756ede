package dev.filestore.local;

import dev.filestore.ByteRange;
import dev.filestore.Checkable;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.UnfinishedPut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A storage in a folder on disk: {@code objects/} below its root holds each object under its key as a file that only
 * its owner can read, {@code unfinished/} the files that are being written. Thread-safe, and several processes may work
 * on one root.
 *
 * <p>An object is acknowledged when it, and the folders that lead to it, are on the disk itself and not only in the
 * memory of the operating system. Symbolic links below the root are not followed. Folders stay when their last object
 * goes. What lies in {@code objects/} and is no regular file is not seen.
 *
 * <p>Keys become file names as they are, in UTF-8 whatever the locale. On a file system that takes upper and lower case for the
 * same, as macOS and Windows have them, a new storage escapes upper case ({@code A} is {@code ^41;} there), so that no two keys are
 * one file; names of many capital letters can then be too long. Its objects are in {@code escaped/} in place of {@code objects/}, by
 * which it is known when it is moved to another disk. A file system that forbids certain characters does so here too; a key
 * cannot go on where another object's key ends; and no key starts with a letter and a colon. In each such case a put throws a
 * {@link StorageException}.
 */
public final class LocalStorage implements StorageBackend, Checkable {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path objects;
    private final KeyPaths paths;
    private final Folders folders;
    private final Unfinished unfinished;
    private final DiskCheck check;

    /**
     * Opens a storage, and makes its folders where they are missing.
     *
     * @param root the folder, which belongs to this storage alone; may be a symbolic link
     * @throws StorageException if the folders cannot be made or written
     */
    public LocalStorage(Path root) {
        this(root, Folders.Sync.DISK, true);
    }

    /** Opens a storage that does not use links even where the file system knows them, if {@code links} is false. */
    LocalStorage(Path root, Folders.Sync sync, boolean links) {
        this(root, sync, links, false);
    }

    /** Opens a storage as on a disk that takes upper and lower case for the same, if {@code folded} is true. */
    LocalStorage(Path root, Folders.Sync sync, boolean links, boolean folded) {
        this.folders = new Folders(root, sync);
        boolean folds;
        try {
            Path home = folders.makeRoot(root);
            Path plain = home.resolve("objects");
            folders.make(plain, home);
            Path escaped = home.resolve("escaped");
            // Decided once, by the folder: a storage may be moved to another kind of disk.
            folds = folded
                    || Files.isDirectory(escaped, LinkOption.NOFOLLOW_LINKS)
                    || (FoldedNames.areIn(plain) && Folders.isEmpty(plain));
            this.objects = folds ? escaped : plain;
            folders.make(objects, home);
            Path temporary = home.resolve("unfinished");
            folders.make(temporary, home);
            boolean usesLinks = links && Unfinished.knowsLinks(temporary, folders);
            this.unfinished = new Unfinished(temporary, folders, usesLinks);
            this.check = new DiskCheck(objects, temporary, folds);
        } catch (IOException e) {
            throw new StorageException("open the storage in " + root, e);
        }
        this.paths = new KeyPaths(objects, folds);
    }

    @Override
    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        Path object = paths.resolve("put", key);
        // Before there is a file: an upload that slept until nobody looks for it any more is told so by its first read.
        byte[] buffer = new byte[BUFFER_BYTES];
        int first = source.read(buffer);
        Path file = unfinished.newFile(key);
        IOException broken;
        try {
            broken = receive(buffer, first, source, file);
            if (broken == null) {
                publish(key, file, object);
            }
        } catch (IOException e) {
            String why = e instanceof FileAlreadyExistsException ? ": its place is taken already" : "";
            StorageException failed = new StorageException("put " + key + why, e);
            remove(file, failed);
            throw failed;
        }
        if (broken != null) {
            StorageException left = new StorageException("put " + key + ": remove what a broken source left", broken);
            if (!remove(file, left)) {
                throw left;
            }
            throw broken;
        }
        return null;
    }

    /** Returns what the source threw, and throws what the disk did. */
    private @Nullable IOException receive(byte[] buffer, int first, InputStream source, Path file) throws IOException {
        try (FileChannel channel = folders.create(file)) {
            int read = first;
            while (read >= 0) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                try {
                    read = source.read(buffer);
                } catch (IOException e) {
                    return e;
                }
            }
            folders.sync(channel, file);
            return null;
        }
    }

    private void publish(String key, Path file, Path object) throws IOException {
        Path folder = Folders.of(object);
        paths.look(folder);
        folders.make(folder, objects);
        unfinished.publish(key, file, object);
        folders.sync(folder);
    }

    private static boolean remove(Path file, StorageException failure) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
        Path object = paths.resolve("open", key);
        try {
            if (paths.object(object).isEmpty()) {
                return Optional.empty();
            }
            FileChannel channel = FileChannel.open(object, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            try {
                long size = channel.size();
                long from = Math.min(range.offset(), size);
                return Optional.of(new ObjectStream(channel, from, from + Math.min(range.length(), size - from)));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            // Deleted since it was looked up.
            return Optional.empty();
        } catch (IOException e) {
            throw new StorageException("open " + key, e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        Path object = paths.resolve("stat", key);
        try {
            return paths.object(object)
                    .map(found -> new ObjectInfo(
                            key, found.size(), found.lastModifiedTime().toInstant()));
        } catch (IOException e) {
            throw new StorageException("stat " + key, e);
        }
    }

    /** Removes temporary files of the key, too: a loss of power can bring one back that was another name of the object. */
    @Override
    public void delete(String key) {
        remove("delete", key);
    }

    @Override
    public void purge(String key) {
        remove("purge", key);
    }

    private void remove(String act, String key) {
        Path object = paths.resolve(act, key);
        Path folder = Folders.of(object);
        try {
            // First: a put that lost its file cannot publish it any more.
            unfinished.removeAll(key);
            if (paths.look(folder).filter(BasicFileAttributes::isDirectory).isEmpty()) {
                return;
            }
            if (paths.object(object).isPresent()) {
                Files.deleteIfExists(object);
            }
            // Also where nothing was there: a delete before this one may have failed here.
            folders.sync(folder);
        } catch (IOException e) {
            throw new StorageException(act + " " + key, e);
        }
    }

    /** Reads each folder that comes into question whole, and again for every thousand of its entries that are listed. */
    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        int slash = prefix.lastIndexOf('/');
        Path folder = slash < 0 ? objects : paths.resolve("list", prefix.substring(0, slash));
        try {
            if (paths.look(folder).filter(BasicFileAttributes::isDirectory).isEmpty()) {
                return List.of();
            }
            return new Listing(paths, prefix, after, limit).of(folder, prefix.substring(0, slash + 1));
        } catch (IOException e) {
            throw new StorageException("list " + prefix, e);
        }
    }

    /** Gives the temporary files, whose names do not tell their keys. */
    @Override
    public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
        try {
            return unfinished.list(after, limit);
        } catch (IOException e) {
            throw new StorageException("list what is unfinished", e);
        }
    }

    @Override
    public void abort(UnfinishedPut put) {
        try {
            unfinished.remove(put.id());
        } catch (IOException e) {
            throw new StorageException("abort an unfinished put", e);
        }
    }

    /** Looks at the folders, the file system, its space, and whether it tells upper and lower case apart. */
    @Override
    public List<Step> looks(Probe probe) {
        return check.looks();
    }

    /** Returns none: all is tried by the methods that every storage has. */
    @Override
    public List<Step> trials(Probe probe) {
        return List.of();
    }

    @Override
    public Optional<String> cure(Act act, Exception failure) {
        return check.cure(failure);
    }

    /** Does nothing: no file stays open between calls. */
    @Override
    public void close() {}
}
