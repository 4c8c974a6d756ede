package dev.filestore.examples.fuzzing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What lies in the source tree, wherever in it this is run. */
public final class Folders {

    private Folders() {}

    /** The finds that are kept of a target. */
    public static List<Path> finds(String target) {
        return files("examples/fuzzing/src/test/resources/finds/" + target);
    }

    /** The files of all types that real programs wrote. */
    public static List<Path> corpus() {
        return Stream.of("accepted", "refused")
                .flatMap(folder -> files("filestore-core/src/test/resources/corpus/" + folder).stream())
                .toList();
    }

    public static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files in a folder, which may be absent, of the source tree. */
    private static List<Path> files(String folder) {
        for (Path above = Path.of("").toAbsolutePath(); above != null; above = above.getParent()) {
            if (Files.isDirectory(above.resolve("examples/fuzzing/src"))) {
                Path found = above.resolve(folder);
                if (!Files.isDirectory(found)) {
                    return List.of();
                }
                try (Stream<Path> files = Files.list(found)) {
                    return files.filter(Files::isRegularFile).sorted().toList();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new IllegalStateException("this is run within the source tree");
    }
}
