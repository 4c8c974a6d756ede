package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.Audit;
import dev.filestore.AuditFinding;
import dev.filestore.AuditReport;
import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.MetadataException;
import dev.filestore.RowQuery;
import dev.filestore.StoredCounts;
import dev.filestore.memory.MemoryStorage;
import jakarta.persistence.EntityManagerFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The counts that are kept of an owner of many files: right whatever happens at the same time, or comes to an end. */
class FileCountsTest {

    private static final int FILES = 100;
    private static final int MANY = 1_200;
    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");
    private static final Instant EARLIER = NOW.minus(Duration.ofDays(1));
    private static final StoredCounts.Scope ALL = new StoredCounts.Scope(ManyRows.HEAVY, null);
    private static final StoredCounts.Scope IMAGES = new StoredCounts.Scope(ManyRows.HEAVY, Category.IMAGE);

    private Databases.Database database;
    private HikariDataSource pool;
    private EntityManagerFactory factory;
    private JpaMetadataRepository rows;
    private Folds folds;

    /** What happens just before a statement that begins so is executed on the watched repository, once. */
    private final AtomicReference<String> awaited = new AtomicReference<>();

    private Runnable meanwhile = () -> {};
    private EntityManagerFactory watchedFactory;
    private JpaMetadataRepository watched;
    private Folds watchedFolds;

    private void open(String kind, int files) throws SQLException {
        database = Databases.of(kind);
        new ManyRows(database).growTo(10L * files);
        pool = Factories.pool(database, 5);
        factory = Factories.validated(pool);
        rows = new JpaMetadataRepository(factory);
        folds = new Folds(new Transactions(factory));
        watchedFactory = Factories.factory(new RecordingDataSource(database, this::executing), "none");
        watched = new JpaMetadataRepository(watchedFactory);
        watchedFolds = new Folds(new Transactions(watchedFactory));
    }

    @AfterEach
    void close() {
        watchedFactory.close();
        factory.close();
        pool.close();
    }

    private void executing(String sql, List<RecordingDataSource.Binding> bindings) {
        String start = awaited.get();
        if (start != null && sql.startsWith(start) && awaited.compareAndSet(start, null)) {
            meanwhile.run();
        }
    }

    private void before(String statement, Runnable act) {
        meanwhile = act;
        awaited.set(statement);
    }

    private static RowQuery query(StoredCounts.Scope scope, Instant now) {
        return new RowQuery(scope.owner(), scope.category(), now);
    }

    private FileCount stored(StoredCounts.Scope scope) {
        return new Transactions(factory)
                .run("find", em -> Folds.find(em, scope))
                .orElseThrow();
    }

    /** A count that was made a while ago and has counted nothing. */
    private FileCount begun(StoredCounts.Scope scope) {
        folds.begin(scope, EARLIER);
        return stored(scope);
    }

    private FileCount folded(StoredCounts.Scope scope) {
        folds.fold(begun(scope), NOW);
        return stored(scope);
    }

    private FileRow row(int number) {
        return rows.findByKey("uploads/%09d_document.pdf".formatted(number)).orElseThrow();
    }

    private static FileRow deleting(FileRow row) {
        return new FileRow(
                row.id(),
                row.version(),
                FileState.DELETING,
                NOW,
                0,
                row.owner(),
                row.key(),
                row.originalFilename(),
                row.size(),
                row.contentType(),
                row.category(),
                row.sha256(),
                row.objectTag(),
                row.url(),
                row.cdnUrl(),
                row.uploadedAt(),
                row.expiresAt(),
                row.pendingEvents());
    }

    private void assertStored(StoredCounts.Scope scope, long expected) {
        assertThat(rows.compare(scope)).hasValueSatisfying(found -> {
            assertThat(found.stored()).isEqualTo(expected);
            assertThat(found.actual()).isEqualTo(expected);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void count_manyFiles_isKeptAndStaysRight(String kind) throws Exception {
        open(kind, MANY);
        assertThat(rows.count(query(ALL, EARLIER))).isEqualTo(MANY);
        assertThat(rows.count(query(IMAGES, EARLIER))).isEqualTo(400);
        assertThat(rows.scopes(null, 10)).containsExactly(ALL);
        assertStored(ALL, 0);
        rows.count(query(ALL, EARLIER.plus(Folds.SEEN).minusMillis(1)));
        assertStored(ALL, 0);
        rows.count(query(ALL, NOW));
        assertStored(ALL, MANY);
        folds.begin(IMAGES, EARLIER);
        assertThat(rows.count(query(IMAGES, NOW))).isEqualTo(400);
        folds.fold(stored(IMAGES), NOW);
        assertStored(IMAGES, 400);

        FileRow image = row(30);
        FileRow deleting = rows.compareAndSet(deleting(image)).orElseThrow();
        rows.compareAndSet(deleting(row(40)));
        assertThat(rows.count(query(ALL, NOW))).isEqualTo(MANY - 2);
        assertThat(rows.count(query(IMAGES, NOW))).isEqualTo(399);
        assertStored(ALL, MANY);
        assertThat(rows.remove(deleting)).isTrue();
        assertThat(rows.remove(row(60))).isTrue();
        assertThat(rows.count(query(ALL, NOW))).isEqualTo(MANY - 3);
        assertThat(rows.count(query(IMAGES, NOW))).isEqualTo(398);
        assertStored(ALL, MANY - 2);
        assertStored(IMAGES, 398);
        database.run("update file_uploads set expires_at = timestamp '2021-01-01 00:00:00' where user_id = 'heavy'"
                + " and mod(id, 7) = 0");
        assertThat(rows.count(query(ALL, NOW))).isEqualTo(visible("user_id = 'heavy'"));
        assertThat(rows.count(query(IMAGES, NOW))).isEqualTo(visible("user_id = 'heavy' and category = 'image'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void count_fileAdoptedFromBeforeAndAfterWhatIsCounted_isRight(String kind) throws Exception {
        open(kind, FILES);
        FileCount counted = folded(ALL);
        assertStored(ALL, FILES);

        adopt("adopted-1", counted.countedUntil().minusSeconds(1));
        adopt("adopted-2", counted.countedUntil());

        assertStored(ALL, FILES + 1);
        assertThat(rows.count(query(ALL, NOW))).isEqualTo(FILES + 2);
    }

    private void adopt(String key, Instant uploadedAt) {
        FileRow like = row(30);
        FileRow row = new FileRow(
                0,
                0,
                FileState.AVAILABLE,
                null,
                0,
                like.owner(),
                key,
                like.originalFilename(),
                1,
                like.contentType(),
                like.category(),
                "0".repeat(64),
                null,
                null,
                null,
                uploadedAt,
                null,
                like.pendingEvents());
        assertThat(rows.insertAdopted(row, id -> null)).isPresent();
    }

    private long visible(String condition) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var found = statement.executeQuery("select count(*) from file_uploads where state = 'AVAILABLE' and "
                        + condition + " and (expires_at is null or expires_at > timestamp '2026-02-26 14:30:22')")) {
            found.next();
            return found.getLong(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void remove_whileAFoldHasSeenTheRow_isCountedOffAfterIt(String kind) throws Exception {
        open(kind, FILES);
        FileCount begun = begun(ALL);
        before("update file_counts", () -> folds.fold(begun, NOW));

        assertThat(watched.remove(row(50))).isTrue();

        assertThat(awaited).hasNullValue();
        assertStored(ALL, FILES - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void remove_whileAFoldHasTheLock_waitsAndIsCountedOff(String kind) throws Exception {
        open(kind, FILES);
        FileCount begun = begun(ALL);
        FileRow row = row(50);
        List<CompletableFuture<Boolean>> removals = new ArrayList<>();
        before("update file_counts", () -> removals.add(CompletableFuture.supplyAsync(() -> rows.remove(row))));

        watchedFolds.fold(begun, NOW);

        assertThat(removals)
                .singleElement()
                .satisfies(removal -> assertThat(removal.join()).isTrue());
        assertStored(ALL, FILES - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void fold_whoseTransactionDies_hasDoneNothing(String kind) throws Exception {
        open(kind, FILES);
        FileCount begun = begun(ALL);
        for (String statement : List.of("select (", "update file_counts", "commit")) {
            before(statement, () -> {
                throw new IllegalStateException("killed");
            });
            assertThatThrownBy(() -> watchedFolds.fold(begun, NOW)).isInstanceOf(MetadataException.class);
            assertThat(awaited).hasNullValue();
            assertStored(ALL, 0);
            assertThat(rows.count(query(ALL, EARLIER))).isEqualTo(FILES);
        }
        watchedFolds.fold(begun, NOW);
        assertStored(ALL, FILES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void fold_ofACountThatHasMovedOn_doesNothing(String kind) throws Exception {
        open(kind, FILES);
        FileCount begun = begun(ALL);
        folds.fold(begun, NOW.minusSeconds(900));
        folds.fold(begun, NOW);
        assertThat(stored(ALL).countedUntil()).isEqualTo(NOW.minusSeconds(900).minus(Folds.SETTLED));
        assertStored(ALL, FILES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void remove_lastRowOfTheOwner_takesTheCountsAlong(String kind) throws Exception {
        open(kind, FILES);
        folded(ALL);
        folded(IMAGES);
        List<FileRow> left = rows.listByOwner(ManyRows.HEAVY, null, FILES);
        assertThat(left).hasSize(FILES);
        database.run("delete from file_uploads where user_id = 'heavy' and id > "
                + left.get(1).id());
        database.run("update file_counts set files = case category when 'image' then 0 else 2 end");
        rows.remove(left.get(0));
        assertThat(rows.scopes(null, 10)).hasSize(2);
        rows.remove(left.get(1));
        assertThat(rows.scopes(null, 10)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void audit_wrongCount_isFoundAndMended(String kind) throws Exception {
        open(kind, FILES);
        folded(IMAGES);
        folded(ALL);
        FileStore store =
                FileStore.builder().storage(new MemoryStorage()).metadata(rows).build();
        List<AuditFinding> findings = new ArrayList<>();
        Audit audit = Audit.of("elsewhere/").withFindings(findings::add);
        assertThat(store.audit(audit).isClean()).isTrue();
        database.run("update file_counts set files = files - 7 where category = 'image'");
        assertThat(rows.count(query(IMAGES, NOW))).isEqualTo(33 - 7);

        AuditReport report = store.audit(audit.withApply(Set.of(AuditFinding.Kind.WRONG_COUNT), 10));

        assertThat(report.applied()).isOne();
        assertThat(findings)
                .extracting(
                        AuditFinding::kind, AuditFinding::recordedSize, AuditFinding::actualSize, AuditFinding::count)
                .containsExactly(tuple(AuditFinding.Kind.WRONG_COUNT, 26L, 33L, IMAGES));
        assertThat(rows.count(query(IMAGES, NOW))).isEqualTo(33);
        assertThat(store.audit(audit).isClean()).isTrue();
        assertThat(rows.scopes(null, 1)).containsExactly(ALL);
        assertThat(rows.scopes(ALL, 10)).containsExactly(IMAGES);
        assertThat(rows.compare(new StoredCounts.Scope("nobody", null))).isEqualTo(Optional.empty());
        assertThat(rows.reset(new StoredCounts.Scope("nobody", null))).isFalse();
    }
}
