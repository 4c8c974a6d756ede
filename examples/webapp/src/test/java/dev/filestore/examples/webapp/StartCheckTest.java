package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.FileStore;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.examples.environment.Settings;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartCheckTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(printed, true, StandardCharsets.UTF_8);

    private static FileStore store(StorageBackend storage) {
        return FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .build();
    }

    /** A storage, before whose calls of one method something is done. */
    private static StorageBackend before(String call, Runnable act) {
        StorageBackend storage = new MemoryStorage();
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (self, method, args) -> {
                    if (method.getName().equals(call)) {
                        act.run();
                    }
                    try {
                        return method.invoke(storage, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        StorageBackend unreadable = before("open", () -> {
            throw new StorageException("open of the test", null);
        });

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
        StorageBackend slow = before("put", () -> {
            asked.countDown();
            await(closing);
            throw new StorageException("put of the test", null);
        });
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
