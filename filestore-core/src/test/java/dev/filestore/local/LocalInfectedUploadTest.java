package dev.filestore.local;

import dev.filestore.InfectedUploadContract;
import dev.filestore.StorageBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class LocalInfectedUploadTest extends InfectedUploadContract {

    @TempDir
    private Path root;

    private LocalStorage storage;

    @BeforeEach
    void open() {
        storage = new LocalStorage(root);
    }

    @Override
    protected StorageBackend storage() {
        return storage;
    }

    @Override
    protected int partSizeBytes() {
        return 1 << 20;
    }

    @Override
    protected List<String> leftovers() {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
