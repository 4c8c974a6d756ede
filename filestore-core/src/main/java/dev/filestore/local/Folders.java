package dev.filestore.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes folders and files that only their owner can read, and that a loss of power does not take away. */
final class Folders {

    /** Bounds the memory of folders that are known to last. */
    private static final int MAX_KNOWN = 10_000;

    private final Sync sync;
    private final boolean posix;
    private final Set<Path> lasting = ConcurrentHashMap.newKeySet();

    /** Brings what was written to a file or folder to the disk itself. */
    @FunctionalInterface
    interface Sync {

        /** The one of the operating system. */
        Sync DISK = (channel, path) -> channel.force(true);

        void sync(FileChannel channel, Path path) throws IOException;
    }

    Folders(Path anyPath, Sync sync) {
        this.posix = anyPath.getFileSystem().supportedFileAttributeViews().contains("posix");
        this.sync = sync;
    }

    /** The folder in which something is that is not the root of a file system. */
    static Path of(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    /** Makes the entries of a folder last. */
    void sync(Path folder) throws IOException {
        // Windows opens no folders; there the journal of the file system has to do.
        if (posix) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                sync.sync(channel, folder);
            }
        }
    }

    /** Makes the bytes of a file last. */
    void sync(FileChannel channel, Path file) throws IOException {
        sync.sync(channel, file);
    }

    /** Makes the root, which may be a symbolic link and lie behind others. */
    Path makeRoot(Path root) throws IOException {
        Path absolute = root.toAbsolutePath();
        if (!Files.isDirectory(absolute)) {
            Path parent = absolute.getParent();
            if (parent != null) {
                makeRoot(parent);
            }
            makeUnlessThere(absolute);
            if (parent != null) {
                sync(parent);
            }
        }
        return absolute.toRealPath();
    }

    /**
     * Makes a folder and those above it, up to one that exists and lasts.
     *
     * @param folder below {@code root}
     * @param root a folder that is there
     */
    void make(Path folder, Path root) throws IOException {
        if (folder.equals(root) || (lasting.contains(folder) && isFolder(folder))) {
            return;
        }
        Path parent = of(folder);
        make(parent, root);
        makeUnlessThere(folder);
        // Also where it was there: whoever made it may not have come to this yet.
        sync(parent);
        if (lasting.size() >= MAX_KNOWN) {
            lasting.clear();
        }
        lasting.add(folder);
    }

    private void makeUnlessThere(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, ownerOnly("rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!isFolder(folder)) {
                throw e;
            }
        }
    }

    static boolean isEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        }
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Makes a file that was not there, to write it. */
    FileChannel create(Path file) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return FileChannel.open(file, options, ownerOnly("rw-------"));
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
