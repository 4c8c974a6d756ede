package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.MetadataException;
import dev.filestore.PendingEvents;
import jakarta.persistence.EntityManagerFactory;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows written by plain statements, and read by the factory. That both write alike, the contract kit shows. */
class PlainStatementsTest {

    /** A time of day that Berlin did not have: its clocks went from two to three. */
    private static final Instant IN_THE_GAP = Instant.parse("2026-03-29T02:30:00.123456Z");

    private static FileRow row(String key) {
        return new FileRow(
                0,
                0,
                FileState.AVAILABLE,
                IN_THE_GAP.plusSeconds(1),
                2,
                "Jörg ",
                key,
                "Überweisung 😀.png",
                1L << 40,
                "image/png",
                Category.IMAGE,
                "0".repeat(64),
                "\"tag\"",
                URI.create("https://bucket.example.com/key"),
                URI.create("https://cdn.example.com/key"),
                IN_THE_GAP,
                IN_THE_GAP.plusSeconds(2),
                PendingEvents.STORED);
    }

    private static EntityManagerFactory factory(HikariDataSource pool, Map<String, String> settings) {
        Configuration configuration = new Configuration();
        JpaMetadataRepository.entities().forEach(configuration::addAnnotatedClass);
        configuration.getProperties().put("hibernate.connection.datasource", pool);
        settings.forEach(configuration::setProperty);
        return configuration.buildSessionFactory();
    }

    @ParameterizedTest
    @CsvSource({
        "h2, UTC", "h2, Asia/Kolkata",
        "postgresql, UTC", "postgresql, Asia/Kolkata",
        "mariadb, UTC", "mariadb, Asia/Kolkata"
    })
    void rows_whateverTheTimeZones_areTheSameByEitherWay(String kind, String zoneOfHibernate) throws SQLException {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        Databases.Database database = Databases.of(kind).withTable();
        try (HikariDataSource pool = Factories.pool(database, 2);
                EntityManagerFactory factory = factory(pool, Map.of("hibernate.jdbc.time_zone", zoneOfHibernate))) {
            JpaMetadataRepository persistence = new JpaMetadataRepository(factory);
            JpaMetadataRepository plain = Factories.withPlainStatements(factory, pool);

            FileRow one = persistence.insert(row("one")).orElseThrow();
            FileRow two = plain.insert(row("two")).orElseThrow();
            assertThat(persistence.find(two.id())).contains(two);
            assertThat(plain.find(two.id())).contains(two);
            assertThat(plain.find(one.id())).contains(one);
            assertThat(two).isEqualTo(row("two").withIdentity(two.id(), 0));
            assertThat(textOfTimes(database, "two")).isEqualTo(textOfTimes(database, "one"));

            FileRow changed = persistence.compareAndSet(one.withDueAt(null)).orElseThrow();
            assertThat(plain.compareAndSet(two.withDueAt(IN_THE_GAP))).isPresent();
            assertThat(plain.find(one.id())).contains(changed);
            assertThat(plain.compareAndSet(changed.withDueAt(IN_THE_GAP))).isPresent();
            assertThat(persistence.find(one.id()))
                    .contains(changed.withDueAt(IN_THE_GAP).withIdentity(one.id(), 2));
            assertThat(textOfTimes(database, "two")).isEqualTo(textOfTimes(database, "one"));
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static List<String> textOfTimes(Databases.Database database, String key) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select cast(uploaded_at as char(40)), cast(due_at as char(40)),"
                        + " cast(expires_at as char(40)) from file_uploads where file_key = '" + key + "'")) {
            assertThat(rows.next()).isTrue();
            return List.of(rows.getString(1), rows.getString(2), rows.getString(3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void connections_thatWaitForCommits_commitAndComeBackAsTheyWere(String kind) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        try (HikariDataSource pool = Factories.pool(database, 1);
                HikariDataSource waiting = waiting(database);
                EntityManagerFactory factory = factory(pool, Map.of())) {
            JpaMetadataRepository rows = Factories.withPlainStatements(factory, waiting);
            FileRow row = rows.insert(row("key")).orElseThrow();
            assertThat(rows.insert(row("key"))).isEmpty();
            FileRow changed = rows.compareAndSet(row.withDueAt(null)).orElseThrow();
            assertThat(rows.compareAndSet(row.withDueAt(null))).isEmpty();
            assertThat(rows.find(row.id())).contains(changed);
            assertThat(waiting.getHikariPoolMXBean().getActiveConnections()).isZero();
            try (Connection connection = waiting.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
            }
        }
    }

    private static HikariDataSource waiting(Databases.Database database) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(1);
        pool.setAutoCommit(false);
        return pool;
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void insert_dataSourceOfAnotherDatabase_failsAndWritesNothingThere(String kind) throws SQLException {
        Databases.Database other = Databases.of(kind).withTable();
        try (HikariDataSource pool = Factories.pool(Databases.of(kind).withTable(), 2);
                HikariDataSource wrong = Factories.pool(other, 1);
                EntityManagerFactory factory = factory(pool, Map.of())) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory, wrong);
            for (String key : List.of("one", "two")) {
                assertThatThrownBy(() -> rows.insert(row(key)))
                        .isInstanceOf(MetadataException.class)
                        .hasMessageStartingWith("insert " + key + ": the data source does not find the row");
            }
            try (EntityManagerFactory there = factory(wrong, Map.of())) {
                assertThat(new JpaMetadataRepository(there).findByKey("one")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void insert_factoryWithASchemaOfItsOwn_failsAndWritesNothingToTheDefault(String kind) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        database.run("create schema files");
        try (HikariDataSource pool = Factories.pool(database, 2);
                EntityManagerFactory factory = factory(
                        pool, Map.of("hibernate.default_schema", "files", "hibernate.hbm2ddl.auto", "create"))) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory, pool);
            assertThatThrownBy(() -> rows.insert(row("key")))
                    .isInstanceOf(MetadataException.class)
                    .hasMessageStartingWith("insert key: the data source does not find the row");
            try (EntityManagerFactory inDefault = factory(pool, Map.of())) {
                assertThat(new JpaMetadataRepository(inDefault).findByKey("key"))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void insert_columnOfAnotherName_failsWithTheDatabasesReason(String kind) throws SQLException {
        Databases.Database database = Databases.of(kind);
        try (HikariDataSource pool = Factories.pool(database, 2);
                EntityManagerFactory factory = factory(
                        pool,
                        Map.of(
                                "hibernate.hbm2ddl.auto",
                                "create",
                                "hibernate.physical_naming_strategy",
                                Prefixed.class.getName()))) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory, pool);
            assertThatThrownBy(() -> rows.insert(StatementCountTest.row("key")))
                    .isInstanceOf(MetadataException.class)
                    .hasMessage("insert key: the database failed")
                    .hasRootCauseInstanceOf(SQLException.class);
            assertThat(rows.findByKey("key")).isPresent();
        }
    }

    /** How a host may name its columns. */
    public static final class Prefixed extends org.hibernate.boot.model.naming.PhysicalNamingStrategyStandardImpl {
        private static final long serialVersionUID = 1L;

        @Override
        public org.hibernate.boot.model.naming.Identifier toPhysicalColumnName(
                org.hibernate.boot.model.naming.Identifier name,
                org.hibernate.engine.jdbc.env.spi.JdbcEnvironment context) {
            return org.hibernate.boot.model.naming.Identifier.toIdentifier("c_" + name.getText());
        }
    }

    @ParameterizedTest
    @CsvSource({"40001, 4, 5", "40P01, 4, 5", "40001, 5, 5", "40003, 1, 1", "08007, 1, 1"})
    void change_failsWithSqlState_isRepeatedOnlyIfTheDatabaseTookItBack(String sqlState, int failures, int attempts)
            throws SQLException {
        List<String> failed = new ArrayList<>();
        boolean[] failing = {false};
        RecordingDataSource dataSource = new RecordingDataSource(Databases.h2().withTable(), (sql, bindings) -> {
            if (failing[0] && failed.size() < failures) {
                failed.add(sql);
                throw new SQLException("gave way", sqlState);
            }
        });
        try (EntityManagerFactory factory = Factories.factory(dataSource, "none")) {
            JpaMetadataRepository rows = Factories.withPlainStatements(factory, dataSource);
            FileRow row = rows.insert(row("key")).orElseThrow();
            for (String act : List.of("insert new", "change " + row.id())) {
                failing[0] = true;
                failed.clear();
                Runnable call = act.startsWith("insert")
                        ? () -> assertThat(rows.insert(row("new"))).isPresent()
                        : () -> assertThat(rows.compareAndSet(row)).isPresent();
                if (failures < attempts) {
                    call.run();
                } else {
                    assertThatThrownBy(call::run)
                            .isInstanceOf(MetadataException.class)
                            .hasMessage(act + ": the database failed")
                            .hasRootCauseMessage("gave way");
                }
                failing[0] = false;
                assertThat(failed).hasSize(failures);
            }
        }
    }
}
