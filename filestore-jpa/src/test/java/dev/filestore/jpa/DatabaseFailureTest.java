package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.MetadataException;
import dev.filestore.MetadataRepository;
import dev.filestore.PendingEvents;
import dev.filestore.RowQuery;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database refuses or leaves unanswered comes out as one kind of exception, and leaves nothing open. */
class DatabaseFailureTest {

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");

    private static FileRow row(String key, String name) {
        return new FileRow(
                0,
                0,
                FileState.PENDING,
                NOW,
                0,
                "123",
                key,
                name,
                0,
                "image/png",
                Category.IMAGE,
                null,
                null,
                null,
                null,
                NOW,
                null,
                PendingEvents.NONE);
    }

    /** Each call of the repository, by how its message begins. */
    private static final Map<String, Consumer<MetadataRepository>> CALLS = Map.of(
            "insert key", rows -> rows.insert(row("key", "secret.png")),
            "find 42", rows -> rows.find(42),
            "find key", rows -> rows.findByKey("key"),
            "change 42", rows -> rows.compareAndSet(row("key", "secret.png").withIdentity(42, 0)),
            "remove 42", rows -> rows.remove(row("key", "secret.png").withIdentity(42, 0)),
            "list", rows -> rows.list(new RowQuery("123", null, NOW), null, 0, 10),
            "count", rows -> rows.count(new RowQuery("123", null, NOW)),
            "claim", rows -> rows.claimDue(NOW, NOW.plusSeconds(1), 10),
            "list by key", rows -> rows.listByKey("", "", 10),
            "list by owner", rows -> rows.listByOwner("123", null, 10));

    private static void assertAllFail(MetadataRepository rows) {
        CALLS.forEach((act, call) -> assertThatThrownBy(() -> call.accept(rows))
                .isInstanceOf(MetadataException.class)
                .hasMessage(act + ": the database failed")
                .hasRootCauseInstanceOf(SQLException.class)
                .cause()
                .isNotInstanceOf(MetadataException.class));
    }

    @Test
    void everyCall_noConnectionToBeHad_isMetadataException() {
        RecordingDataSource dataSource = new RecordingDataSource(
                new Databases.Database("h2", "jdbc:h2:mem:absent;IFEXISTS=TRUE", "sa", ""), (sql, bindings) -> {});
        Configuration configuration = new Configuration();
        JpaMetadataRepository.entities().forEach(configuration::addAnnotatedClass);
        configuration.getProperties().put("hibernate.connection.datasource", dataSource);
        configuration.setProperty("hibernate.boot.allow_jdbc_metadata_access", "false");
        configuration.setProperty("jakarta.persistence.database-product-name", "H2");
        try (EntityManagerFactory factory = configuration.buildSessionFactory()) {
            assertAllFail(new JpaMetadataRepository(factory));
        }
    }

    @Test
    void everyCall_noTable_isMetadataExceptionAndGivesTheConnectionBack() {
        try (HikariDataSource pool = Factories.pool(Databases.h2(), 1);
                EntityManagerFactory factory = Factories.factory(pool, "none")) {
            assertAllFail(new JpaMetadataRepository(factory));
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void everyChange_commitUnanswered_isMetadataException() throws SQLException {
        boolean[] broken = {false};
        RecordingDataSource dataSource = new RecordingDataSource(Databases.h2().withTable(), (sql, bindings) -> {
            if (broken[0] && sql.equals("commit")) {
                throw new SQLException("the connection broke", "08007");
            }
        });
        try (EntityManagerFactory factory = Factories.factory(dataSource, "none")) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory);
            broken[0] = true;
            assertAllFail(rows);
        }
    }

    @ParameterizedTest
    @CsvSource({"40001, 4, 5", "40P01, 4, 5", "40001, 5, 5", "40003, 1, 1", "08007, 1, 1", "HYT00, 1, 1"})
    void compareAndSet_failsWithSqlState_isRepeatedOnlyIfTheDatabaseTookItBack(
            String sqlState, int failures, int attempts) throws SQLException {
        int[] count = {0};
        RecordingDataSource dataSource = new RecordingDataSource(Databases.h2().withTable(), (sql, bindings) -> {
            if (sql.startsWith("update") && ++count[0] <= failures) {
                throw new SQLException("gave way", sqlState);
            }
        });
        try (EntityManagerFactory factory = Factories.factory(dataSource, "none")) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory);
            FileRow row = rows.insert(row("key", "a.png")).orElseThrow();
            if (failures < attempts) {
                assertThat(rows.compareAndSet(row)).isPresent();
            } else {
                assertThatThrownBy(() -> rows.compareAndSet(row)).isInstanceOf(MetadataException.class);
                assertThat(rows.find(row.id())).contains(row);
            }
            assertThat(count[0]).isEqualTo(attempts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void insert_whatNoColumnHolds_isFailureAndNotATakenKey(String kind) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        database.run("alter table file_uploads add constraint small check (file_size < 10)");
        try (HikariDataSource pool = Factories.pool(database, 2);
                EntityManagerFactory factory = Factories.validated(pool)) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory);
            FileRow large = row("large", "a.png");
            FileRow tooLarge = rows.insert(large).orElseThrow();
            assertThat(rows.remove(tooLarge)).isTrue();
            for (FileRow refused : new FileRow[] {
                row("k".repeat(1025), "a.png"), row("name", "n".repeat(256)), ofSize(row("large", "a.png"), 10)
            }) {
                assertThatThrownBy(() -> rows.insert(refused))
                        .isInstanceOf(MetadataException.class)
                        .hasMessage("insert " + refused.key() + ": the database failed");
                assertThat(rows.findByKey(refused.key())).isEmpty();
            }
        }
    }

    private static FileRow ofSize(FileRow row, long size) {
        return new FileRow(
                0,
                0,
                row.state(),
                NOW,
                0,
                row.owner(),
                row.key(),
                row.originalFilename(),
                size,
                row.contentType(),
                row.category(),
                null,
                null,
                null,
                null,
                NOW,
                null,
                PendingEvents.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void compareAndSet_rowLockedForTooLong_isMetadataException(String kind) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        String impatient = switch (kind) {
            case "h2" -> database.url() + ";LOCK_TIMEOUT=100";
            case "postgresql" -> database.url() + "&options=-c%20lock_timeout=100";
            default -> database.url() + "?sessionVariables=innodb_lock_wait_timeout=1";
        };
        Databases.Database hasty = new Databases.Database(kind, impatient, database.user(), database.password());
        try (HikariDataSource pool = Factories.pool(hasty, 2);
                EntityManagerFactory factory = Factories.validated(pool);
                Connection other = database.connect()) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory);
            FileRow row = rows.insert(row("key", "a.png")).orElseThrow();
            other.setAutoCommit(false);
            try (PreparedStatement lock = other.prepareStatement("select id from file_uploads for update")) {
                lock.executeQuery().next();
            }
            assertThatThrownBy(() -> rows.compareAndSet(row.withDueAt(null)))
                    .isInstanceOf(MetadataException.class)
                    .hasMessage("change " + row.id() + ": the database failed");
            other.rollback();
            assertThat(rows.compareAndSet(row.withDueAt(null))).isPresent();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void find_rowChangedByAnother_isAsTheDatabaseHasIt() throws SQLException {
        Databases.Database database = Databases.h2().withTable();
        try (HikariDataSource pool = Factories.pool(database, 2);
                EntityManagerFactory factory = Factories.validated(pool)) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory);
            FileRow row = rows.insert(row("key", "a.png")).orElseThrow();
            assertThat(rows.find(row.id())).contains(row);
            database.run("update file_uploads set version = 7");
            assertThat(rows.find(row.id())).contains(row.withIdentity(row.id(), 7));
            assertThat(rows.findByKey("key")).contains(row.withIdentity(row.id(), 7));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3_url = 'no address'", "category = 'No Category'", "state = 'LOST'", "state = 'AVAILABLE'"})
    void claimDue_oneRowMadeUnreadableByHand_passesItOver(String change) throws SQLException {
        Databases.Database database = Databases.h2().withTable();
        try (HikariDataSource pool = Factories.pool(database, 2);
                EntityManagerFactory factory = Factories.validated(pool);
                Connection connection = pool.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update file_uploads set " + change + " where file_key = 'odd'")) {
            MetadataRepository rows = new JpaMetadataRepository(factory);
            rows.insert(row("odd", "a.png"));
            FileRow good = rows.insert(row("good", "a.png")).orElseThrow();
            assertThat(update.executeUpdate()).isEqualTo(1);

            assertThat(rows.claimDue(NOW, NOW.plusSeconds(60), 10))
                    .extracting(FileRow::id)
                    .containsExactly(good.id());
            assertThat(rows.claimDue(NOW, NOW.plusSeconds(60), 10)).isEmpty();
        }
    }
}
