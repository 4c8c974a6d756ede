package dev.filestore.jpa;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import javax.sql.DataSource;
import org.hibernate.cfg.Configuration;

/** How the tests come to an entity manager factory. */
final class Factories {

    private Factories() {}

    static HikariDataSource pool(Databases.Database database, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    /** Starts only if Hibernate finds the table as it expects it. */
    static EntityManagerFactory validated(DataSource dataSource, Class<?>... ownEntities) {
        return factory(dataSource, "validate", ownEntities);
    }

    /** A repository whose statements are proven: the first insert has been made, and its row is gone. */
    static JpaMetadataRepository withPlainStatements(EntityManagerFactory factory, DataSource dataSource) {
        JpaMetadataRepository rows = new JpaMetadataRepository(factory, dataSource);
        rows.remove(rows.insert(StatementCountTest.row("first")).orElseThrow());
        return rows;
    }

    static EntityManagerFactory factory(DataSource dataSource, String schemaAction, Class<?>... ownEntities) {
        Configuration configuration = new Configuration();
        JpaMetadataRepository.entities().forEach(configuration::addAnnotatedClass);
        List.of(ownEntities).forEach(configuration::addAnnotatedClass);
        configuration.getProperties().put("hibernate.connection.datasource", dataSource);
        configuration.setProperty("hibernate.hbm2ddl.auto", schemaAction);
        return configuration.buildSessionFactory();
    }
}
