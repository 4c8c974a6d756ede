package dev.filestore.examples.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.FileStore;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.api.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    private static final int THREADS = 4;
    private static final int UPLOADS = 10;

    /** A change takes long enough to meet another. */
    private static final int SPINS = 5_000;

    @TempDir
    private Path folder;

    /** Sees how many changes are under way at once. */
    public static final class Turnstile implements Trigger {

        static final AtomicInteger INSIDE = new AtomicInteger();
        static final AtomicInteger MOST = new AtomicInteger();

        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {
            MOST.accumulateAndGet(INSIDE.incrementAndGet(), Math::max);
            for (int i = 0; i < SPINS; i++) {
                Thread.onSpinWait();
            }
            INSIDE.decrementAndGet();
        }
    }

    /** Of two changes at once, a kill can leave H2 with one in the table and not in its indexes. */
    @Test
    void open_h2_changesRowsOneAfterTheOther() throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("rows") + ";WRITE_DELAY=0";
        Settings settings =
                Settings.load(folder.resolve("none"), Map.of("DATA_DIR", folder.toString(), "DATABASE_URL", url));
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try (Backends backends = Backends.open(settings);
                Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                FileStore store = FileStore.builder()
                        .storage(new MemoryStorage())
                        .metadata(backends.metadata())
                        .build()) {
            statement.execute("create trigger turnstile before insert, update on file_uploads for each row call '"
                    + Turnstile.class.getName() + "'");
            List<Future<?>> uploads = new ArrayList<>();
            for (int i = 0; i < THREADS * UPLOADS; i++) {
                UploadRequest request = pdf("a" + i + ".pdf");
                uploads.add(pool.submit(() -> store.upload(request)));
            }
            for (Future<?> upload : uploads) {
                upload.get();
            }
        } finally {
            pool.shutdown();
        }

        assertThat(Turnstile.MOST).hasValue(1);
    }

    private static UploadRequest pdf(String name) {
        byte[] bytes = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        return UploadRequest.of(name, () -> new ByteArrayInputStream(bytes)).withOwner("kim");
    }
}
