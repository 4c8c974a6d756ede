package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.PendingEvents;
import dev.filestore.RowQuery;
import dev.filestore.StoredCounts;
import jakarta.persistence.EntityManagerFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads, adoptions of older files, deletes, sweeps, lists and folds of one owner's files, all at once: the counts are right afterwards. */
class FileCountsRacesTest {

    private static final int THREADS = 4;
    private static final int TURNS = 150;
    private static final int SOME = 300;
    private static final Instant START = Instant.parse("2026-02-26T14:30:22Z");
    private static final List<StoredCounts.Scope> SCOPES = List.of(
            new StoredCounts.Scope("123", null),
            new StoredCounts.Scope("123", Category.IMAGE),
            new StoredCounts.Scope("123", Category.VIDEO));

    /** A minute for each act: a file is folded sixty acts after it was uploaded. */
    private final AtomicInteger minutes = new AtomicInteger();

    /** Held by uploads under way: none takes as long as the sixty minutes after which it would come too late. */
    private final ReadWriteLock time = new ReentrantReadWriteLock();

    private final AtomicInteger keys = new AtomicInteger();
    private final ConcurrentLinkedQueue<FileRow> files = new ConcurrentLinkedQueue<>();
    private JpaMetadataRepository rows;
    private Folds folds;
    private EntityManagerFactory factory;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void counts_afterEverythingAtOnce_areRight(String kind) throws Exception {
        Databases.Database database = Databases.of(kind).withTable();
        try (HikariDataSource pool = Factories.pool(database, THREADS + 1);
                EntityManagerFactory opened = Factories.validated(pool)) {
            factory = opened;
            rows = new JpaMetadataRepository(factory);
            folds = new Folds(new Transactions(factory));
            for (int i = 0; i < SOME; i++) {
                upload(START.minus(Duration.ofDays(2)));
            }
            SCOPES.forEach(scope -> folds.begin(scope, START.minus(Duration.ofDays(2))));
            List<Callable<Integer>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(worker(new Random(i)));
            }
            ExecutorService executor = Executors.newFixedThreadPool(THREADS);
            try {
                for (Future<Integer> done : executor.invokeAll(threads)) {
                    assertThat(done.get()).isEqualTo(TURNS);
                }
            } finally {
                executor.shutdownNow();
            }
            while (sweep() > 0) {
                // What the deletes have left.
            }
            for (StoredCounts.Scope scope : SCOPES) {
                assertThat(rows.compare(scope)).hasValueSatisfying(found -> {
                    assertThat(found.until()).isAfter(START);
                    assertThat(found.stored()).as(scope.toString()).isEqualTo(found.actual());
                });
                long visible = files.stream()
                        .filter(row ->
                                scope.category() == null || scope.category().equals(row.category()))
                        .count();
                assertThat(rows.count(query(scope))).isEqualTo(visible);
            }
        }
    }

    private Instant now() {
        return START.plus(Duration.ofMinutes(minutes.get()));
    }

    private RowQuery query(StoredCounts.Scope scope) {
        return new RowQuery(scope.owner(), scope.category(), now());
    }

    private Callable<Integer> worker(Random random) {
        return () -> {
            int turn = 0;
            for (; turn < TURNS; turn++) {
                pass();
                switch (random.nextInt(7)) {
                    case 0, 1 -> upload();
                    case 2, 3 -> delete();
                    case 4 -> sweep();
                    case 5 -> adopt();
                    default -> fold(SCOPES.get(random.nextInt(SCOPES.size())));
                }
            }
            return turn;
        };
    }

    private void pass() {
        time.writeLock().lock();
        try {
            minutes.incrementAndGet();
        } finally {
            time.writeLock().unlock();
        }
    }

    private void upload() {
        time.readLock().lock();
        try {
            upload(now());
        } finally {
            time.readLock().unlock();
        }
    }

    private void upload(Instant uploadedAt) {
        files.add(rows.insert(row(uploadedAt)).orElseThrow());
    }

    /** A file that is older than what the folds have counted by then. */
    private void adopt() {
        Instant before = START.minus(Duration.ofDays(1));
        files.add(rows.insertAdopted(row(before), id -> null).orElseThrow());
    }

    private FileRow row(Instant uploadedAt) {
        int number = keys.incrementAndGet();
        Category category = number % 2 == 0 ? Category.IMAGE : Category.VIDEO;
        return new FileRow(
                0,
                0,
                FileState.AVAILABLE,
                null,
                0,
                "123",
                "key-" + number,
                "a.png",
                1,
                "image/png",
                category,
                "0".repeat(64),
                null,
                null,
                null,
                uploadedAt,
                null,
                PendingEvents.NONE);
    }

    /** Leaves the removal of every second row to a sweep. */
    private void delete() {
        FileRow row = files.poll();
        if (row != null) {
            FileRow due = rows.compareAndSet(row.withDueAt(START)).orElseThrow();
            if (row.id() % 2 == 0) {
                // A sweep that was as quick has changed the row.
                rows.remove(due);
            }
        }
    }

    /** Returns how many rows it took. */
    private int sweep() {
        List<FileRow> due = rows.claimDue(START.plusSeconds(1), START.plusSeconds(1), 3);
        due.forEach(rows::remove);
        return due.size();
    }

    private void fold(StoredCounts.Scope scope) {
        Optional<FileCount> stored = new Transactions(factory).run("find", em -> Folds.find(em, scope));
        folds.fold(stored.orElseThrow(), now());
        rows.count(query(scope));
    }
}
