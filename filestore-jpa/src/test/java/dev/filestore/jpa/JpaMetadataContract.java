package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.FileRow;
import dev.filestore.MetadataRepository;
import dev.filestore.MetadataRepositoryContract;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract kit on a table made by the script of the database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JpaMetadataContract extends MetadataRepositoryContract {

    protected final Databases.Database database;
    private final EntityManagerFactory factory;
    private final JpaMetadataRepository repository;

    /** How the repository inserts and changes rows. */
    enum Writes {
        PERSISTENCE,
        PLAIN_STATEMENTS
    }

    JpaMetadataContract(Databases.Database empty, Writes writes) throws SQLException {
        database = empty.withTable();
        HikariDataSource pool = Factories.pool(database, 20);
        factory = Factories.validated(pool);
        repository = writes == Writes.PERSISTENCE
                ? new JpaMetadataRepository(factory)
                : Factories.withPlainStatements(factory, pool);
    }

    @Override
    protected final MetadataRepository repository() {
        return repository;
    }

    @AfterAll
    void closeFactory() {
        repository.close();
        assertThat(factory.isOpen()).isTrue();
        factory.close();
    }

    @Test
    void reserveIds_whereIdsWereRestartedFarAbove_lowersNothing() throws SQLException {
        long far = inserted(pending("before")).id() + 1_000_000;
        restartIds(far);
        repository.reserveIds(far - 1_000);
        assertThat(inserted(pending("after")).id()).isEqualTo(far);
    }

    @Test
    void reserveIds_ofManyNumbersAtOnce_theHighestStays() throws Exception {
        long first = inserted(pending("before")).id() + 1;
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 8; i > 0; i--) {
            long highest = first + 10L * i;
            calls.add(() -> {
                repository.reserveIds(highest);
                return true;
            });
        }
        atOnce(calls);
        assertThat(inserted(pending("after")).id()).isEqualTo(first + 81);
    }

    /** In the words of docs/migrating.md. */
    private void restartIds(long first) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            boolean mariaDb = connection.getMetaData().getDatabaseProductName().equals("MariaDB");
            statement.execute(
                    mariaDb
                            ? "alter table file_uploads auto_increment = " + first
                            : "alter table file_uploads alter column id restart with " + first);
        }
    }

    @Override
    protected final boolean whileLocked(FileRow row, Runnable action) {
        try (Connection connection = database.connect();
                PreparedStatement lock =
                        connection.prepareStatement("select id from file_uploads where id = ? for update")) {
            connection.setAutoCommit(false);
            lock.setLong(1, row.id());
            assertThat(lock.executeQuery().next()).isTrue();
            action.run();
            connection.rollback();
            return true;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
