package dev.filestore.examples.reliability.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.FileMissingException;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.MetadataException;
import dev.filestore.SettableClock;
import dev.filestore.StoredFile;
import dev.filestore.TcpProxy;
import dev.filestore.TcpProxy.Direction;
import dev.filestore.TcpProxy.Ending;
import dev.filestore.TcpProxy.Fault;
import dev.filestore.TcpProxy.Then;
import dev.filestore.UploadRequest;
import dev.filestore.jpa.Databases;
import dev.filestore.jpa.JpaMetadataRepository;
import dev.filestore.memory.MemoryStorage;
import jakarta.persistence.EntityManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.hibernate.cfg.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The network between the application and its database goes bad at every message of every operation, also where nobody
 * can know whether a commit was made.
 */
@Timeout(300)
class DatabaseNetworkIT {

    private static final byte[] PDF = "%PDF-1.7\nall there is\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);

    /** What a call on a silent database takes at most: with the timeouts below some seconds, without them for ever. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22Z"));
    private final MemoryStorage storage = new MemoryStorage();
    private Databases.Database database;
    private TcpProxy network;
    private HikariDataSource pool;
    private EntityManagerFactory entities;
    private JpaMetadataRepository rows;
    private FileStore store;

    @BeforeEach
    void start() throws SQLException {
        database = Databases.postgres().withTable();
        network = new TcpProxy(port(database.url()));
        pool = pool(database, network.port());
        Configuration hibernate = new Configuration();
        JpaMetadataRepository.entities().forEach(hibernate::addAnnotatedClass);
        hibernate.getProperties().put("hibernate.connection.datasource", pool);
        entities = hibernate.buildSessionFactory();
        rows = rows(entities, pool);
        store = FileStore.builder().storage(storage).metadata(rows).clock(clock).build();
    }

    JpaMetadataRepository rows(EntityManagerFactory factory, DataSource connections) {
        return new JpaMetadataRepository(factory);
    }

    @AfterEach
    void stop() {
        store.close();
        entities.close();
        pool.close();
        network.close();
    }

    private static int port(String url) {
        return Integer.parseInt(url.replaceFirst(".*//[^/]*:(\\d+)/.*", "$1"));
    }

    /** As docs/database.md says, with less patience. */
    private static HikariDataSource pool(Databases.Database database, int port) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + port + "/"));
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        // The same bytes each time.
        config.addDataSourceProperty("prepareThreshold", "0");
        config.addDataSourceProperty("socketTimeout", "1");
        config.addDataSourceProperty("connectTimeout", "1");
        config.addDataSourceProperty("loginTimeout", "1");
        return new HikariDataSource(config);
    }

    private StoredFile upload() {
        return upload(null);
    }

    private StoredFile upload(@Nullable Duration ttl) {
        UploadRequest request =
                UploadRequest.of("a.pdf", new ByteArrayInputStream(PDF)).withOwner("123");
        return store.upload(ttl == null ? request : request.withTtl(ttl));
    }

    private List<StoredFile> files() {
        return store.list(FileQuery.all().withOwner("123")).files();
    }

    /** What an operation says to the database, so that it can be cut there. */
    private List<CutPoint> points(Runnable prepare, Runnable act) {
        prepare.run();
        network.forget();
        act.run();
        List<CutPoint> points = CutPoint.of(network.turns());
        assertThat(points).hasSizeGreaterThan(6);
        return points;
    }

    /** One case after the other, each in the same world, which the one before left as it should. */
    private Stream<DynamicTest> cases(List<CutPoint> points, Case act) {
        return points.stream()
                .flatMap(point -> Stream.of(Ending.LOST, Ending.END)
                        .limit(point.isInTheMiddle() ? 2 : 1)
                        .map(ending -> DynamicTest.dynamicTest(point.name() + " " + ending, () -> {
                            files().forEach(file -> store.delete(file.id()));
                            // A connection that works, from which the bytes are counted as they were the first time.
                            act.run(() -> network.set(point.fault(ending, Then.WELL)));
                        })));
    }

    private interface Case {
        void run(Runnable fault) throws IOException;
    }

    private void heal() {
        assertThat(network.struck()).as("the fault struck").isPositive();
        network.heal();
        network.awaitServer();
    }

    private void assertTrueInTheEnd(int files) throws IOException {
        Aftermath.sweepToTheEnd(store, clock, rows);
        Aftermath.assertOneToOne(rows, storage, "");
        assertThat(files()).hasSize(files);
        for (StoredFile file : files()) {
            assertThat(Aftermath.read(store, file.id())).isEqualTo(PDF);
        }
    }

    @TestFactory
    Stream<DynamicTest> upload_cutAnywhere_isWholeOrGone() {
        List<Integer> stored = new ArrayList<>();
        Stream<DynamicTest> cases = cases(points(this::files, this::upload), fault -> {
            fault.run();
            // The answer to the last commit may be all that was lost: then the file is there, and that is no lie.
            assertThatThrownBy(this::upload).isInstanceOf(MetadataException.class);
            heal();
            int there = files().size();
            stored.add(there);
            assertThat(there).isLessThanOrEqualTo(1);
            assertTrueInTheEnd(there);
            upload();
            assertTrueInTheEnd(there + 1);
        });
        return Stream.concat(
                cases,
                Stream.of(DynamicTest.dynamicTest(
                        "both came to pass", () -> assertThat(stored).contains(0, 1))));
    }

    @TestFactory
    Stream<DynamicTest> delete_cutAnywhere_isThereOrGone() {
        List<Integer> left = new ArrayList<>();
        AtomicLong first = new AtomicLong();
        List<CutPoint> points = points(() -> first.set(upload().id()), () -> store.delete(first.get()));
        Stream<DynamicTest> cases = cases(points, fault -> {
            long id = upload().id();
            fault.run();
            assertThatThrownBy(() -> store.delete(id)).isInstanceOf(MetadataException.class);
            heal();
            int there = files().size();
            left.add(there);
            if (there == 1) {
                assertThat(Aftermath.read(store, id)).isEqualTo(PDF);
                store.delete(id);
            }
            assertThat(store.find(id)).isEmpty();
            assertTrueInTheEnd(0);
            assertThatThrownBy(() -> store.delete(id)).isInstanceOf(FileMissingException.class);
        });
        return Stream.concat(
                cases,
                Stream.of(DynamicTest.dynamicTest(
                        "both came to pass", () -> assertThat(left).contains(0, 1))));
    }

    @TestFactory
    Stream<DynamicTest> sweep_cutAnywhere_isFinishedByTheNext() {
        Runnable expire = () -> {
            upload(Duration.ofHours(1));
            upload(Duration.ofHours(1));
            clock.advance(Duration.ofHours(2));
        };
        return cases(points(expire, store::sweep), fault -> {
            expire.run();
            long kept = upload().id();
            fault.run();
            try {
                // A row may be put off, and the failure of another told.
                assertThat(store.sweep().failed()).isLessThanOrEqualTo(1);
            } catch (MetadataException e) {
                assertThat(e).hasMessageContaining("the database failed");
            }
            heal();
            assertThat(files()).extracting(StoredFile::id).containsExactly(kept);
            assertTrueInTheEnd(1);
        });
    }

    @TestFactory
    Stream<DynamicTest> readAndList_cutAnywhere_failAndWorkAgain() {
        AtomicLong id = new AtomicLong();
        Runnable ask = () -> {
            assertThat(store.find(id.get())).isPresent();
            assertThat(files()).hasSize(1);
        };
        return cases(points(() -> id.set(upload().id()), ask), fault -> {
            id.set(upload().id());
            fault.run();
            assertThatThrownBy(ask::run).isInstanceOf(MetadataException.class);
            heal();
            ask.run();
        });
    }

    @TestFactory
    Stream<DynamicTest> upload_serverFallsSilent_endsInTimeAndIsWholeOrGone() {
        return points(this::files, this::upload).stream()
                .filter(CutPoint::isInTheMiddle)
                .map(point -> DynamicTest.dynamicTest(point.name(), () -> {
                    files();
                    network.set(point.fault(Ending.SWALLOW, Then.AGAIN));
                    assertInTime(() -> assertThatThrownBy(this::upload).isInstanceOf(MetadataException.class));
                    heal();
                    int there = files().size();
                    assertThat(there).isLessThanOrEqualTo(1);
                    assertTrueInTheEnd(there);
                    files().forEach(file -> store.delete(file.id()));
                    assertTrueInTheEnd(0);
                }));
    }

    @Test
    void anyCall_serverSilentFromTheStart_failsInTimeAndWorksAgain() throws IOException {
        long id = upload().id();
        network.set(new Fault(Direction.TO_SERVER, 0, Ending.SWALLOW, Then.AGAIN));
        assertInTime(() -> assertThatThrownBy(this::upload).isInstanceOf(MetadataException.class));
        assertInTime(() -> assertThatThrownBy(() -> store.find(id)).isInstanceOf(MetadataException.class));
        assertInTime(() -> assertThatThrownBy(() -> store.delete(id)).isInstanceOf(MetadataException.class));
        assertInTime(() -> assertThatThrownBy(store::sweep).isInstanceOf(MetadataException.class));
        heal();
        assertTrueInTheEnd(1);
    }

    @Test
    void anyCall_nobodyListens_failsInTimeAndWorksAgain() throws IOException {
        long id = upload().id();
        network.refuse();
        network.breakAll();
        assertInTime(() -> assertThatThrownBy(this::upload).isInstanceOf(MetadataException.class));
        assertInTime(() -> assertThatThrownBy(() -> store.delete(id)).isInstanceOf(MetadataException.class));
        assertInTime(() -> assertThatThrownBy(this::files).isInstanceOf(MetadataException.class));
        network.heal();
        assertTrueInTheEnd(1);
    }

    private static void assertInTime(Runnable act) {
        long started = System.nanoTime();
        act.run();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(BOUND);
    }
}
