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
import org.junit.jupiter.api.AfterAll;
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
