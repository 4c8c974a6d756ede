package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.CheckReport;
import dev.filestore.CheckReport.Finding;
import dev.filestore.CheckReport.Status;
import dev.filestore.FileStore;
import dev.filestore.MetadataException;
import dev.filestore.SweepReport;
import dev.filestore.memory.MemoryStorage;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a check tells of a database, and that its cures cure. */
class DatabaseCheckTest {

    private static CheckReport check(HikariDataSource pool) {
        return check(pool, Clock.systemUTC());
    }

    private static CheckReport check(HikariDataSource pool, Clock clock) {
        try (EntityManagerFactory factory = Factories.factory(pool, "none");
                FileStore store = FileStore.builder()
                        .storage(new MemoryStorage())
                        .metadata(new JpaMetadataRepository(factory))
                        .clock(clock)
                        .build()) {
            return store.check();
        }
    }

    private static CheckReport check(Databases.Database database) {
        try (HikariDataSource pool = Factories.pool(database, 2)) {
            return check(pool);
        }
    }

    private static Finding finding(CheckReport report, String name) {
        return report.findings().stream()
                .filter(finding -> finding.check().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in\n" + report));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void check_tableOfTheScript_isWellAndLeavesAnInvisibleRowForASweep(String kind) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        try (HikariDataSource pool = Factories.pool(database, 2);
                EntityManagerFactory factory = Factories.factory(pool, "none")) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory, pool);
            FileStore store = FileStore.builder()
                    .storage(new MemoryStorage())
                    .metadata(rows)
                    .build();

            CheckReport report = store.check();

            assertThat(report.of(Status.OK)).as(report::toString).hasSameSizeAs(report.findings());
            assertThat(report.findings())
                    .extracting(Finding::check)
                    .contains(
                            "database: connection",
                            "database: clock",
                            "database: table file_uploads",
                            "database: table file_counts",
                            "database: index file_uploads_file_key",
                            "database: index file_uploads_due",
                            "database: index file_uploads_owner",
                            "database: index file_uploads_category",
                            "database: index file_uploads_expiry",
                            "database: index primary key of file_uploads",
                            "database: index primary key of file_counts",
                            "database: remove");
            assertThat(finding(report, "database: connection").found()).isEqualTo(kind + " answered");
            assertThat(rows.listByKey("", "", 10)).hasSize(1);
            FileStore later = FileStore.builder()
                    .storage(new MemoryStorage())
                    .metadata(rows)
                    .clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(61)))
                    .build();
            assertThat(later.sweep()).isEqualTo(new SweepReport(0, 0, 0, 0));
            assertThat(rows.listByKey("", "", 10)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h2, file_uploads_due",
        "h2, file_uploads_owner",
        "postgresql, file_uploads_due",
        "postgresql, file_uploads_expiry",
        "postgresql, file_uploads_category",
        "mariadb, file_uploads_due",
        "mariadb, file_uploads_category"
    })
    void check_indexIsMissing_warnsWithTheStatementThatMakesIt(String kind, String index) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        database.run("drop index " + index + (kind.equals("mariadb") ? " on file_uploads" : ""));

        CheckReport report = check(database);

        Finding found = finding(report, "database: index " + index);
        assertThat(report.of(Status.WARNING)).containsExactly(found);
        assertThat(report.isOk()).isTrue();
        assertThat(found.cure().orElseThrow()).startsWith("create index " + index + " on file_uploads (");
        assertThat(Databases.script(kind)).contains(found.cure().orElseThrow());
        database.run(found.cure().orElseThrow().replaceAll(";$", ""));
        assertThat(check(database).of(Status.OK)).hasSameSizeAs(report.findings());
    }

    @ParameterizedTest
    @CsvSource({
        "h2, alter table file_uploads drop constraint file_uploads_file_key",
        "postgresql, alter table file_uploads drop constraint file_uploads_file_key",
        "mariadb, alter table file_uploads drop index file_uploads_file_key"
    })
    void check_keysAreNotUnique_failsWithTheConstraint(String kind, String drop) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        database.run(drop);

        Finding found = finding(check(database), "database: index file_uploads_file_key");

        assertThat(found.status()).isEqualTo(Status.FAILED);
        assertThat(found.cure())
                .contains("alter table file_uploads add constraint file_uploads_file_key unique (file_key_bytes);");
        database.run(found.cure().orElseThrow().replaceAll(";$", ""));
        assertThat(check(database).isOk()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void check_columnIsMissing_failsWithTheStatementThatAddsIt(String kind) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        database.run("alter table file_uploads drop column object_tag");

        CheckReport report = check(database);

        Finding found = finding(report, "database: column file_uploads.object_tag");
        assertThat(found.status()).isEqualTo(Status.FAILED);
        assertThat(found.cure().orElseThrow())
                .startsWith("alter table file_uploads add column object_tag varchar(255)");
        assertThat(finding(report, "database: insert").status()).isEqualTo(Status.FAILED);
        assertThat(finding(report, "database: insert").cure()).contains("Add the column that database: tables names");
        assertThat(finding(report, "storage: put").status()).isEqualTo(Status.UNKNOWN);
        database.run(found.cure().orElseThrow().replaceAll(";$", ""));
        assertThat(check(database).isOk()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void check_noTable_failsWithTheScript(String kind) throws SQLException {
        CheckReport report = check(Databases.of(kind));

        Finding found = finding(report, "database: table file_uploads");
        assertThat(found.status()).isEqualTo(Status.FAILED);
        assertThat(found.cure().orElseThrow()).contains("dev/filestore/jpa/schema/" + kind + ".sql");
        assertThat(finding(report, "database: insert").cure().orElseThrow()).contains("dev/filestore/jpa/schema");
    }

    @ParameterizedTest
    @CsvSource({"h2, 60, WARNING", "postgresql, 60, WARNING", "mariadb, -60, WARNING", "postgresql, -600, FAILED"})
    void check_clocksDiffer_saysByHowMuch(String kind, long seconds, Status status) throws SQLException {
        try (HikariDataSource pool = Factories.pool(Databases.of(kind).withTable(), 2)) {
            CheckReport report = check(pool, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(seconds)));

            Finding found = finding(report, "database: clock");
            assertThat(found.status()).isEqualTo(status);
            // A second may have passed between the two looks.
            assertThat(found.found())
                    .matches("this machine's clock is (59|60|61|599|600|601) s " + (seconds < 0 ? "behind" : "ahead"));
        }
    }

    @Test
    void check_sessionInAnotherTimeZone_readsTheSameTime() throws SQLException {
        Databases.Database database = Databases.mariadb().withTable();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setConnectionInitSql("set time_zone = '+09:00'");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            assertThat(finding(check(pool), "database: clock").status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void check_partialIndexOfOtherRows_isNotTakenForTheIndex() throws SQLException {
        Databases.Database database = Databases.postgres().withTable();
        database.run("drop index file_uploads_owner");
        database.run("create index file_uploads_owner on file_uploads"
                + " (user_id, state, uploaded_at, id, expires_at) where state = 'AVAILABLE'");

        assertThat(finding(check(database), "database: index file_uploads_owner")
                        .status())
                .isEqualTo(Status.WARNING);
    }

    @Test
    void check_indexOfAnotherNameOrWithMoreColumns_serves() throws SQLException {
        Databases.Database database = Databases.postgres().withTable();
        database.run("drop index file_uploads_due");
        database.run("create index my_own on file_uploads (due_at, id, state)");

        assertThat(finding(check(database), "database: index file_uploads_due").status())
                .isEqualTo(Status.OK);
    }

    @Test
    void check_foldingCollation_warnsWithTheStatementThatMendsIt() throws SQLException {
        Databases.Database database = Databases.mariadb().withTable();
        database.run("alter table file_uploads convert to character set utf8mb4 collate utf8mb4_general_ci");

        Finding found = finding(check(database), "database: collation of file_uploads");

        assertThat(found.status()).isEqualTo(Status.WARNING);
        assertThat(found.found()).contains("utf8mb4_general_ci");
        database.run(found.cure().orElseThrow().replaceAll(";$", ""));
        assertThat(finding(check(database), "database: collation of file_uploads")
                        .status())
                .isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "h2, create user worker password ''; grant select on file_uploads to worker; grant select on file_counts to worker",
        "postgresql, create role worker login; grant select on file_uploads to worker; grant select on file_counts to worker",
        "mariadb, ''"
    })
    void check_rightToWriteIsMissing_namesTheGrant(String kind, String grants) throws SQLException {
        if (kind.equals("mariadb")) {
            // The server of the tests knows no users: only its refusal is looked at.
            assertThat(DatabaseCheck.cure(new MetadataException("insert", new SQLException("x", "42000", 1142)))
                            .orElseThrow())
                    .startsWith("grant select, insert, update, delete on file_uploads");
            return;
        }
        Databases.Database database = Databases.of(kind).withTable();
        database.run(grants.replace("; ", ";\n"));
        CheckReport report = check(new Databases.Database(kind, database.url().replaceAll("[?;].*", ""), "worker", ""));

        Finding found = finding(report, "database: insert");
        assertThat(found.status()).isEqualTo(Status.FAILED);
        assertThat(found.cure().orElseThrow()).startsWith("grant select, insert, update, delete on file_uploads");
        assertThat(finding(report, "database: table file_uploads").status()).isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void check_databaseGoesAway_failsAtTheConnectionOnly(String kind) throws Exception {
        HikariDataSource pool = Factories.pool(Databases.of(kind).withTable(), 1);
        try (EntityManagerFactory factory = Factories.factory(pool, "none")) {
            FileStore store = FileStore.builder()
                    .storage(new MemoryStorage())
                    .metadata(new JpaMetadataRepository(factory))
                    .build();
            pool.close();

            CheckReport report = store.check();

            assertThat(report.of(Status.FAILED)).extracting(Finding::check).containsExactly("database: connection");
            assertThat(report.of(Status.FAILED).get(0).cure().orElseThrow()).contains("No connection");
            assertThat(report.of(Status.OK)).isEmpty();
        }
    }

    @Test
    void check_noConnectionIsFree_failsAtTheDeadline() throws Exception {
        try (HikariDataSource pool = Factories.pool(Databases.h2().withTable(), 1);
                EntityManagerFactory factory = Factories.factory(pool, "none");
                Connection taken = pool.getConnection()) {
            FileStore store = FileStore.builder()
                    .storage(new MemoryStorage())
                    .metadata(new JpaMetadataRepository(factory))
                    .build();

            CheckReport report = store.check(Duration.ofMillis(200));

            assertThat(taken.isClosed()).isFalse();
            assertThat(finding(report, "database: connection").found()).isEqualTo("no answer within 200 ms");
            assertThat(finding(report, "database: connection").cure().orElseThrow())
                    .contains("pool of connections");
            assertThat(report.of(Status.FAILED)).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "28P01, 0, set user and password",
        "28000, 1045, set user and password",
        "3D000, 0, create it",
        "42000, 1049, create it",
        "25006, 0, not to a replica",
        "HY000, 1290, not to a replica",
        "08001, 0, No connection",
        "40P01, 7, 'SQL state 40P01, code 7'"
    })
    void cure_ofARefusal_isForAnOperator(String state, int code, String cure) {
        assertThat(DatabaseCheck.cure(new MetadataException("find 1", new SQLException("x", state, code)))
                        .orElseThrow())
                .contains(cure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb", "mysql"})
    void script_takenApart_isWholly(String kind) {
        SchemaScript script = new SchemaScript(kind);

        assertThat(script.tables().keySet()).containsExactly("file_uploads", "file_counts");
        assertThat(script.tables().get("file_uploads")).hasSize(19);
        assertThat(script.tables().get("file_counts")).hasSize(5);
        assertThat(script.indexes()).hasSize(7);
        assertThat(List.copyOf(script.indexes()).get(0).columns()).containsExactly("id");
    }
}
