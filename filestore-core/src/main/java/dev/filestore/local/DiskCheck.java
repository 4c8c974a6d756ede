package dev.filestore.local;

import dev.filestore.CheckReport.Finding;
import dev.filestore.Checkable.Step;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks at the folders of a storage and at the disk below them, without writing. */
final class DiskCheck {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final long TOO_LITTLE = 64 * MEBIBYTE;
    private static final long LITTLE = 1024 * MEBIBYTE;

    private final Path objects;
    private final Path unfinished;
    private final boolean escapes;

    /** @param escapes whether upper case is escaped in the names below {@code objects} */
    DiskCheck(Path objects, Path unfinished, boolean escapes) {
        this.objects = objects;
        this.unfinished = unfinished;
        this.escapes = escapes;
    }

    List<Step> looks() {
        return List.of(
                new Step("disk: folders", true, () -> List.of(folders())),
                new Step("disk: one file system", false, () -> List.of(oneFileSystem())),
                new Step(
                        "disk: space", false, () -> List.of(space(store(objects).getUsableSpace()))),
                new Step("disk: letter case", false, () -> List.of(letterCase(FoldedNames.areIn(objects)))));
    }

    private Finding folders() throws IOException {
        String check = "disk: folders";
        for (Path folder : List.of(objects, unfinished)) {
            if (!Files.isDirectory(folder)) {
                return Finding.failed(
                        check,
                        folder + " is no folder any more",
                        "Mount the disk, or make the folder: mkdir -p " + folder);
            }
            if (store(folder).isReadOnly()) {
                return Finding.failed(
                        check,
                        "the file system of " + folder + " is mounted read-only",
                        "See in dmesg whether the disk is broken; then mount -o remount,rw its mount point");
            }
            if (!Files.isWritable(folder) || !Files.isReadable(folder) || !Files.isExecutable(folder)) {
                return Finding.failed(check, folder + " may not be read and written", owner(folder));
            }
        }
        return Finding.ok(check, objects + " can be read and written");
    }

    private static String owner(Path folder) {
        return "Give it to the user of this process: chown -R " + System.getProperty("user.name") + " " + folder
                + " && chmod -R u+rwX " + folder;
    }

    private Finding oneFileSystem() throws IOException {
        String check = "disk: one file system";
        return store(objects).equals(store(unfinished))
                ? Finding.ok(check, "a finished file gets its place at once")
                : Finding.failed(
                        check,
                        unfinished + " is on another file system than " + objects
                                + ", and files cannot get their place at once",
                        "Mount the folder above both, " + Folders.of(objects) + ", and nothing inside of it");
    }

    Finding space(long bytes) {
        String check = "disk: space";
        String found = String.format(Locale.ROOT, "%,d MiB are free for %s", bytes / MEBIBYTE, objects);
        String cure = "Free some or enlarge the disk: df -h " + objects;
        return bytes < TOO_LITTLE
                ? Finding.failed(check, found, cure)
                : bytes < LITTLE ? Finding.warning(check, found, cure) : Finding.ok(check, found);
    }

    Finding letterCase(boolean folding) {
        String check = "disk: letter case";
        if (escapes) {
            return Finding.ok(check, "upper case is escaped in the names of files, as the disk needs it, or needed it");
        }
        return folding
                ? Finding.warning(
                        check,
                        "the disk takes upper and lower case for the same, and holds objects of one that did not: two keys can be one file",
                        "Keep " + Folders.of(objects)
                                + " on a disk that tells them apart; a storage that starts empty on this disk escapes upper case")
                : Finding.ok(check, "the disk tells upper and lower case apart");
    }

    private static FileStore store(Path folder) throws IOException {
        return Files.getFileStore(folder);
    }

    /** What the operating system's reason means. */
    Optional<String> cure(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AccessDeniedException) {
                return Optional.of(owner(Folders.of(objects)));
            }
            if (cause instanceof FileSystemException disk) {
                String reason = String.valueOf(disk.getReason());
                return Optional.of(
                        "The disk said \"" + reason + "\": see df -h, df -i and mount for " + Folders.of(objects));
            }
        }
        return Optional.empty();
    }
}
