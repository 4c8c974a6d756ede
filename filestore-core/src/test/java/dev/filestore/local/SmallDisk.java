package dev.filestore.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * A file system of its own that is small, in memory, and mounted for this process: see {@link FullDiskTest}. One page of
 * 4,096 bytes holds the bytes of a file; each file, folder and further name of a file takes an inode.
 */
final class SmallDisk implements AutoCloseable {

    static final int PAGE = 4096;

    private static final int PAGES = 512;
    private static final int INODES = 64;

    private final Path mount;
    private int fillers;

    SmallDisk() throws IOException {
        this(Files.createTempDirectory("small-disk"));
    }

    /** Mounts it on a folder, which goes with it. */
    SmallDisk(Path folder) throws IOException {
        mount = folder;
        run("mount", "-t", "tmpfs", "-o", "size=" + PAGES * PAGE + ",nr_inodes=" + INODES, "tmpfs", mount.toString());
        Files.createDirectory(fillers());
    }

    /** The folder of a storage. */
    Path root() {
        return mount.resolve("storage");
    }

    private Path fillers() {
        return mount.resolve("fillers");
    }

    /** Fills all but so many pages. */
    void leavePages(int pages) throws IOException {
        try (OutputStream out = Files.newOutputStream(
                fillers().resolve("pages"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            long left = freePages() - pages;
            if (left < 0) {
                throw new IllegalStateException("there are only " + freePages() + " pages");
            }
            for (; left > 0; left--) {
                out.write(new byte[PAGE]);
            }
        }
    }

    /** How many pages can still be filled. */
    long freePages() throws IOException {
        return Files.getFileStore(mount).getUsableSpace() / PAGE;
    }

    /** Makes files until so many more can be made. */
    void leaveInodes(int inodes) throws IOException {
        int left = freeInodes() - inodes;
        if (left < 0) {
            throw new IllegalStateException("there are only " + freeInodes() + " inodes");
        }
        for (; left > 0; left--) {
            Files.createFile(fillers().resolve("inode-" + fillers++));
        }
    }

    /** How many files can still be made. */
    int freeInodes() throws IOException {
        return Integer.parseInt(run("stat", "-f", "-c", "%d", mount.toString()).strip());
    }

    /** Gives back all that was filled. */
    void empty() throws IOException {
        try (var files = Files.newDirectoryStream(fillers())) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** Lets nobody write, or all again. */
    void readOnly(boolean readOnly) throws IOException {
        run("mount", "-o", "remount," + (readOnly ? "ro" : "rw"), mount.toString());
    }

    @Override
    public void close() throws IOException {
        run("umount", mount.toString());
        Files.delete(mount);
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return output;
    }
}
