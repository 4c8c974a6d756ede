package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.FileMissingException;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.MetadataException;
import dev.filestore.MetadataRepository;
import dev.filestore.SettableClock;
import dev.filestore.StoredFile;
import dev.filestore.SweepReport;
import jakarta.persistence.EntityManager;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A caller's transaction, open, and others who want the same file meanwhile. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransactionalFilesRaces {

    private final InvoiceApp app;
    private final TransactionalFiles files;
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    TransactionalFilesRaces(String kind) throws SQLException {
        app = new InvoiceApp(kind);
        files = app.files;
    }

    @AfterAll
    void closeApp() {
        other.shutdownNow();
        app.close();
    }

    @BeforeEach
    void sweepWhatOtherTestsLeft() {
        app.clock.advance(Duration.ofDays(1));
        app.store.sweep();
    }

    /** Whether a sweep passes over the rows that others hold, see {@link H2MetadataTest}. */
    private boolean passesOverLockedRows() {
        return !app.database.kind().equals("h2")
                || !System.getProperty("filestore.hibernate").startsWith("6.");
    }

    /** Starts what must wait for the transaction of this thread, and returns when it does. */
    private Future<?> startBlocked(Runnable work) {
        Future<?> running = other.submit(work);
        try (Connection connection = app.database.connect();
                Statement statement = connection.createStatement()) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            boolean waits = false;
            while (!waits) {
                assertThat(running.isDone()).as("it did not wait").isFalse();
                assertThat(System.nanoTime()).isLessThan(deadline);
                try (ResultSet rows = statement.executeQuery(countOfWaiting(app.database.kind()))) {
                    rows.next();
                    waits = rows.getInt(1) > 0;
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return running;
    }

    /** How each database tells how many transactions wait for a lock. */
    private static String countOfWaiting(String kind) {
        return switch (kind) {
            case "h2" -> "select count(*) from information_schema.sessions where blocker_id is not null";
            case "postgresql" -> "select count(*) from pg_locks where not granted";
            // Its table of transactions would be a copy that is not renewed while it is being looked at.
            default ->
                "select variable_value from information_schema.global_status"
                        + " where variable_name = 'innodb_row_lock_current_waits'";
        };
    }

    private static void assertFails(Future<?> running, Class<? extends Throwable> reason) {
        assertThatThrownBy(() -> running.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(reason);
    }

    @Test
    void keep_expiryBeforeTheCommit_isPassedOverAndStays() {
        StoredFile file = app.temporary("bob");
        app.commit(em -> {
            files.keep(em, file.id());
            app.clock.advance(InvoiceApp.SWEPT_AFTER);
            assertThat(app.store.find(file.id())).isEmpty();
            if (passesOverLockedRows()) {
                assertThat(app.store.sweep()).isEqualTo(new SweepReport(0, 0, 0, 0));
            } else {
                assertThatThrownBy(app.store::sweep).isInstanceOf(MetadataException.class);
            }
        });
        assertThat(app.isReadable(file)).isTrue();
        assertThat(app.store.sweep()).isEqualTo(new SweepReport(0, 0, 0, 0));
        assertThat(app.isReadable(file)).isTrue();
    }

    @Test
    void keep_expiryBeforeTheRollback_isSwept() {
        StoredFile file = app.temporary("bob");
        app.rollBack(em -> {
            files.keep(em, file.id());
            app.clock.advance(InvoiceApp.SWEPT_AFTER);
        });
        assertThat(app.store.sweep().expired()).isOne();
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }

    /** A repository that does something before the first change of a row. */
    private MetadataRepository beforeTheFirstChange(Runnable act) {
        boolean[] done = {false};
        return (MetadataRepository) Proxy.newProxyInstance(
                MetadataRepository.class.getClassLoader(),
                new Class<?>[] {MetadataRepository.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("compareAndSet") && !done[0]) {
                        done[0] = true;
                        act.run();
                    }
                    try {
                        return method.invoke(app.rows, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** A store on a node whose clock is so far ahead that it takes temporary files for over. */
    private FileStore ahead(MetadataRepository metadata) {
        return app.builder()
                .metadata(metadata)
                .clock(new SettableClock(app.clock.instant().plus(InvoiceApp.SWEPT_AFTER)))
                .build();
    }

    @Test
    void keep_betweenClaimAndChangeOfASweep_wins() {
        StoredFile file = app.temporary("bob");
        FileStore sweeper = ahead(beforeTheFirstChange(() -> app.commit(em -> files.keep(em, file.id()))));
        assertThat(sweeper.sweep()).isEqualTo(new SweepReport(0, 0, 0, 0));
        assertThat(app.isReadable(file)).isTrue();
        assertThat(app.row(file).expiresAt()).isNull();
        assertThat(app.row(file).dueAt()).isNull();
    }

    @Test
    void keep_afterASweepGaveTheFileUp_isMissing() {
        StoredFile file = app.temporary("bob");
        ahead(app.rows).sweep();
        app.commit(em -> assertThatThrownBy(() -> files.keep(em, file.id())).isInstanceOf(FileMissingException.class));
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }

    @Test
    void keep_whileASweepTakesTheRow_waitsAndWins() throws Exception {
        StoredFile file = app.temporary("bob");
        FileRow before = app.row(file);
        Future<?> keeping;
        try (EntityManager sweeper = app.factory.createEntityManager()) {
            sweeper.getTransaction().begin();
            sweeper.createQuery("update FileUpload f set f.version = f.version + 1, f.dueAt = :lease where f.id = :id")
                    .setParameter("lease", app.clock.instant().plusSeconds(300))
                    .setParameter("id", file.id())
                    .executeUpdate();
            keeping = startBlocked(() -> app.commit(em -> files.keep(em, file.id())));
            sweeper.getTransaction().commit();
        }
        keeping.get(20, TimeUnit.SECONDS);
        assertThat(app.row(file).version()).isEqualTo(before.version() + 2);
        assertThat(app.row(file).expiresAt()).isNull();
        assertThat(app.row(file).dueAt()).isNull();
    }

    @Test
    void discard_whileKept_waitsAndWins() throws Exception {
        StoredFile file = app.temporary("bob");
        Future<?> discarding = app.inTransaction(em -> {
            files.keep(em, file.id());
            return startBlocked(() -> app.commit(second -> files.discard(second, file.id())));
        });
        discarding.get(20, TimeUnit.SECONDS);
        assertThat(app.row(file).state()).isEqualTo(FileState.DELETING);
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }

    @Test
    void keep_whileDiscarded_waitsAndIsMissing() {
        StoredFile file = app.temporary("bob");
        Future<?> keeping = app.inTransaction(em -> {
            files.discard(em, file.id());
            return startBlocked(() -> app.commit(second -> files.keep(second, file.id())));
        });
        assertFails(keeping, FileMissingException.class);
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }

    @Test
    void keep_whileDiscardedInVain_waitsAndWins() throws Exception {
        StoredFile file = app.temporary("bob");
        Future<?>[] keeping = new Future<?>[1];
        app.rollBack(em -> {
            files.discard(em, file.id());
            keeping[0] = startBlocked(() -> app.commit(second -> files.keep(second, file.id())));
        });
        keeping[0].get(20, TimeUnit.SECONDS);
        assertThat(app.row(file).expiresAt()).isNull();
        assertThat(app.isReadable(file)).isTrue();
    }

    @Test
    void keepTwice_atOnce_bothSucceed() throws Exception {
        StoredFile file = app.temporary("bob");
        Future<?> second = app.inTransaction(em -> {
            files.keep(em, file.id());
            return startBlocked(() -> app.commit(rival -> files.keep(rival, file.id())));
        });
        second.get(20, TimeUnit.SECONDS);
        assertThat(app.row(file).expiresAt()).isNull();
    }

    @Test
    void discardTwice_atOnce_bothSucceed() throws Exception {
        StoredFile file = app.permanent("bob");
        Future<?> second = app.inTransaction(em -> {
            files.discard(em, file.id());
            return startBlocked(() -> app.commit(rival -> files.discard(rival, file.id())));
        });
        second.get(20, TimeUnit.SECONDS);
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }

    @Test
    void deleteOfTheStore_whileKept_waitsAndDeletes() throws Exception {
        StoredFile file = app.temporary("bob");
        Future<?> deleting = app.inTransaction(em -> {
            files.keep(em, file.id());
            return startBlocked(() -> app.store.delete(file.id()));
        });
        deleting.get(20, TimeUnit.SECONDS);
        assertThat(app.isReadable(file)).isFalse();
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }

    @Test
    void discard_whileTheStoreDeletes_isLeftToIt() throws Exception {
        StoredFile file = app.permanent("bob");
        FileStore deleter = app.builder()
                .metadata(beforeTheFirstChange(() -> app.commit(em -> files.discard(em, file.id()))))
                .build();
        deleter.delete(file.id());
        assertThat(app.isReadable(file)).isFalse();
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }
}
