package dev.filestore.examples.batch;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The files below a folder, in the order of their paths.
 *
 * @param files the regular files; what is only linked to belongs elsewhere and is left out
 * @param unreadable the folders and files that could not be looked at, each with the reason
 */
record LocalFiles(List<LocalFile> files, List<Outcome> unreadable) {

    /** A file as it was when the tree was walked. */
    record LocalFile(Path path, long size) {}

    static LocalFiles below(Path folder) throws IOException {
        List<LocalFile> files = new ArrayList<>();
        List<Outcome> unreadable = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().indexOf('\uFFFD') >= 0) {
                    unreadable.add(
                            new Outcome(file, Outcome.Kind.FAILED, "the locale cannot tell its name; LC_ALL=C.UTF-8"));
                } else if (attributes.isRegularFile()) {
                    files.add(new LocalFile(file, attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                unreadable.add(new Outcome(file, Outcome.Kind.FAILED, e.toString()));
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(Comparator.comparing(LocalFile::path));
        return new LocalFiles(List.copyOf(files), List.copyOf(unreadable));
    }

    long bytes() {
        return files.stream().mapToLong(LocalFile::size).sum();
    }
}
