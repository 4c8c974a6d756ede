package dev.filestore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.BreakingOffContract;
import dev.filestore.ByteRange;
import dev.filestore.StorageBackend;
import dev.filestore.StorageBackendContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest extends StorageBackendContract implements BreakingOffContract {

    @TempDir
    Path root;

    private LocalStorage storage;

    @BeforeEach
    void open() {
        storage = open(root);
    }

    /** Where the operating system tells: no test may leave a file of the storage open. */
    @AfterEach
    void noFileIsOpen() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return;
        }
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                try {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    // Closed by another thread of this process.
                }
            }
        }
        assertThat(open).noneMatch(path -> path.startsWith(root.toAbsolutePath().toString()));
    }

    LocalStorage open(Path folder) {
        return new LocalStorage(folder);
    }

    @Override
    protected StorageBackend backend() {
        return storage;
    }

    /** What a file system tells of a file does not survive a restored backup. */
    @Override
    protected boolean hasTags() {
        return false;
    }

    @Override
    protected List<String> leftovers(String prefix) {
        try (Stream<Path> files = Files.list(root.resolve("unfinished"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected boolean leaveUnfinished(String key) {
        return killPut(key);
    }

    /** Its temporary files are named by the digests of their keys. */
    @Override
    protected boolean tellsKeyOfUnfinished() {
        return false;
    }

    /** The name of the folder that holds the objects. */
    String objects() {
        return "objects";
    }

    @Override
    protected boolean refusesKeyBelowObject() {
        return true;
    }

    @Override
    public InputStream openBreakingOff(byte[] content, int at) throws IOException {
        String key = key("cut");
        storage.delete(key);
        store(key, content);
        InputStream in = storage.open(key, ByteRange.ALL, null).orElseThrow();
        try (FileChannel channel = FileChannel.open(root.resolve(objects()).resolve(key), StandardOpenOption.WRITE)) {
            channel.truncate(at);
        }
        return in;
    }
}
