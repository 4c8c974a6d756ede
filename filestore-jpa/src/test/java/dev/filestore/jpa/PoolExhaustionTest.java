package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.FileContent;
import dev.filestore.FileQuery;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.MetadataException;
import dev.filestore.ObjectInfo;
import dev.filestore.ProbeSource;
import dev.filestore.SettableClock;
import dev.filestore.StorageBackend;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryStorage;
import jakarta.persistence.EntityManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The host's pool has few connections, or none to give. No operation holds one while bytes move, nor while it waits for
 * another, so that a pool of one is enough for any number of them.
 */
@Timeout(120)
class PoolExhaustionTest {

    private static final byte[] PDF = "%PDF-1.7\nall there is\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22Z"));
    private final MemoryStorage objects = new MemoryStorage();
    private final AtomicInteger storageCalls = new AtomicInteger();
    private final List<Connection> taken = new ArrayList<>();
    private Runnable afterPut = () -> {};
    private HikariDataSource pool;
    private EntityManagerFactory entities;
    private JpaMetadataRepository rows;
    private FileStore store;

    private void open(String kind, int connections, Duration patience, boolean alone) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(patience.toMillis());
        pool = new HikariDataSource(config);
        entities = Factories.validated(pool);
        rows = new JpaMetadataRepository(entities);
        store = FileStore.builder()
                .storage(alone ? watched() : objects)
                .metadata(rows)
                .clock(clock)
                .build();
    }

    @AfterEach
    void close() {
        entities.close();
        pool.close();
    }

    /** A storage that is only called while no connection is out. */
    private StorageBackend watched() {
        return (StorageBackend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {StorageBackend.class}, (proxy, method, arguments) -> {
                    storageCalls.incrementAndGet();
                    assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .as("connections held in " + method.getName())
                            .isZero();
                    try {
                        return method.invoke(objects, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (method.getName().equals("put")) {
                            afterPut.run();
                        }
                    }
                });
    }

    private UploadRequest pdf(Runnable whileReading) {
        return UploadRequest.of("a.pdf", new ProbeSource(PDF).beforeEnd(whileReading))
                .withOwner("123");
    }

    private StoredFile upload() {
        return store.upload(pdf(() -> {}));
    }

    private List<StoredFile> files() {
        return store.list(FileQuery.all().withOwner("123")).files();
    }

    private static byte[] bytes(FileContent content) throws IOException {
        try (content;
                InputStream in = content.stream()) {
            return in.readAllBytes();
        }
    }

    private void assertOneToOneInTheEnd(int files) {
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofHours(7));
            store.sweep();
        }
        List<FileRow> left = rows.listByKey("", "", 1000);
        assertThat(left).hasSize(files).allMatch(row -> row.state() == FileState.AVAILABLE);
        assertThat(objects.list("", "", 1000).stream().map(ObjectInfo::key))
                .containsExactlyElementsOf(left.stream().map(FileRow::key).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void everyOperation_oneConnection_holdsNoneWhileBytesMove(String kind) throws Exception {
        open(kind, 1, Duration.ofMillis(500), true);
        StoredFile file = store.upload(pdf(() -> {
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            // The lease is extended on the next read.
            clock.advance(Duration.ofMinutes(10));
        }));
        assertThat(bytes(store.open(file.id()))).isEqualTo(PDF);
        assertThat(store.find(file.id())).contains(file);
        assertThat(files()).containsExactly(file);
        store.verify(file.id());
        store.expireAt(file.id(), clock.instant().plusSeconds(60));
        store.keep(file.id());
        store.delete(file.id());
        store.upload(pdf(() -> {}).withTtl(Duration.ofHours(1)));
        assertThatThrownBy(() -> store.upload(
                UploadRequest.of("a.pdf", ProbeSource.failingAt(PDF, 20)).withOwner("123")));
        assertOneToOneInTheEnd(0);
        assertThat(storageCalls).hasValueGreaterThan(5);
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void everyOperation_allTakenByTheHost_failsInTimeAndChangesNothing(String kind) throws Exception {
        open(kind, 2, Duration.ofMillis(250), true);
        StoredFile file = upload();
        int calls = storageCalls.get();
        try (Connection one = pool.getConnection();
                Connection other = pool.getConnection()) {
            assertThat(one).isNotSameAs(other);
            assertFailsInTime(this::upload);
            assertFailsInTime(() -> store.find(file.id()));
            assertFailsInTime(() -> store.open(file.id()));
            assertFailsInTime(this::files);
            assertFailsInTime(() -> store.delete(file.id()));
            assertFailsInTime(() -> store.expireAt(file.id(), clock.instant().plusSeconds(60)));
            assertFailsInTime(store::sweep);
        }
        assertThat(storageCalls).as("calls of the storage").hasValue(calls);
        assertThat(files()).containsExactly(file);
        assertThat(bytes(store.open(file.id()))).isEqualTo(PDF);
        store.delete(file.id());
        assertOneToOneInTheEnd(0);
    }

    private static void assertFailsInTime(ThrowingCallable act) {
        long started = System.nanoTime();
        assertThatThrownBy(act).isInstanceOf(MetadataException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(BOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void upload_connectionsTakenWhileBytesMove_failsAndIsRemovedByTheSweep(String kind) throws Exception {
        open(kind, 1, Duration.ofMillis(250), true);
        assertThatThrownBy(() -> store.upload(pdf(this::takeAConnection))).isInstanceOf(MetadataException.class);
        assertThat(objects.list("", "", 10))
                .as("no bytes are committed without a lease")
                .isEmpty();
        taken.remove(0).close();
        afterPut = this::takeAConnection;
        assertThatThrownBy(this::upload).isInstanceOf(MetadataException.class);
        assertThat(objects.list("", "", 10))
                .as("bytes are there that no reader sees")
                .hasSize(1);
        taken.remove(0).close();
        afterPut = () -> {};
        assertThat(files()).isEmpty();
        upload();
        assertOneToOneInTheEnd(1);
    }

    private void takeAConnection() {
        try {
            taken.add(pool.getConnection());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void upload_manyAtOnceOverOneConnection_allComplete(String kind) throws Exception {
        open(kind, 1, Duration.ofSeconds(60), false);
        int uploads = 24;
        // No upload ends before all have begun: one that kept its connection meanwhile would be waited for in vain.
        CyclicBarrier allUnderWay = new CyclicBarrier(uploads);
        ExecutorService threads = Executors.newFixedThreadPool(uploads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < uploads; i++) {
                boolean deleted = i % 3 == 0;
                String name = i + ".pdf";
                running.add(threads.submit(() -> {
                    StoredFile file = store.upload(
                            UploadRequest.of(name, new ProbeSource(PDF).beforeEnd(() -> await(allUnderWay)))
                                    .withOwner("123"));
                    assertThat(bytes(store.open(file.id()))).isEqualTo(PDF);
                    store.sweep();
                    if (deleted) {
                        store.delete(file.id());
                    }
                    return null;
                }));
            }
            for (Future<?> upload : running) {
                upload.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertOneToOneInTheEnd(uploads - uploads / 3);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
