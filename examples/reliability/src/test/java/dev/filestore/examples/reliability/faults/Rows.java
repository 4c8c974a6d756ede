package dev.filestore.examples.reliability.faults;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.MetadataRepository;
import dev.filestore.jpa.Databases;
import dev.filestore.jpa.JpaMetadataRepository;
import jakarta.persistence.EntityManagerFactory;
import java.sql.SQLException;
import org.hibernate.cfg.Configuration;

/** The rows of a new database, through Hibernate and a pool. */
final class Rows implements AutoCloseable {

    private final Databases.Database database;
    private final HikariDataSource pool;
    private final EntityManagerFactory entities;
    private final MetadataRepository repository;

    Rows(Databases.Database empty) throws SQLException {
        database = empty.withTable();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(4);
        pool = new HikariDataSource(config);
        Configuration hibernate = new Configuration();
        JpaMetadataRepository.entities().forEach(hibernate::addAnnotatedClass);
        hibernate.getProperties().put("hibernate.connection.datasource", pool);
        hibernate.setProperty("hibernate.hbm2ddl.auto", "validate");
        entities = hibernate.buildSessionFactory();
        repository = new JpaMetadataRepository(entities);
    }

    MetadataRepository repository() {
        return repository;
    }

    void clear() {
        try {
            database.run("delete from file_uploads");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        repository.close();
        entities.close();
        pool.close();
    }
}
