package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.ByteRange;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.StorageException;
import dev.filestore.examples.environment.Settings;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartCheckTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(printed, true, StandardCharsets.UTF_8);

    private static FileStore store(MemoryStorage storage) {
        return FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .build();
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void begin_allIsWell_printsNothing() throws InterruptedException {
        try (FileStore store = store(new MemoryStorage());
                StartCheck check = StartCheck.begin(store, err)) {
            check.join();
        }

        assertThat(printed()).isEmpty();
    }

    @Test
    void begin_somethingIsWrong_printsThatAloneWithItsCure() throws InterruptedException {
        MemoryStorage unreadable = new MemoryStorage() {
            @Override
            public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
                throw new StorageException("open of the test", null);
            }
        };

        try (FileStore store = store(unreadable);
                StartCheck check = StartCheck.begin(store, err)) {
            check.join();
        }

        assertThat(printed())
                .startsWith("The check at the start found:")
                .contains("FAILED   storage: read ", "open of the test", "may be used by this program")
                .doesNotContain("OK ", "storage: put");
    }

    @Test
    void close_checkIsUnderWay_printsNothingAnyMore() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        MemoryStorage slow = new MemoryStorage() {
            @Override
            public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) {
                asked.countDown();
                try {
                    closing.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new StorageException("put of the test", null);
            }
        };
        FileStore store = store(slow);
        StartCheck check = StartCheck.begin(store, err);
        asked.await();

        Thread closer = new Thread(check::close);
        closer.start();
        while (!check.isClosed()) {
            Thread.onSpinWait();
        }
        closing.countDown();
        closer.join();
        check.join();

        assertThat(printed()).isEmpty();
        store.close();
    }

    @ParameterizedTest
    @CsvSource({"AWS_S3_BUCKET, true", "DATABASE_URL, true", "PORT, false"})
    void isFor_whatCanBeSetWrong(String name, boolean expected) {
        assertThat(StartCheck.isFor(Settings.load(folder.resolve("none"), Map.of(name, "1"))))
                .isEqualTo(expected);
    }
}
