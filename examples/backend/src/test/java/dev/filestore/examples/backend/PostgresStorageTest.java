package dev.filestore.examples.backend;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.jpa.Databases;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresStorageTest extends DatabaseStorageContract {

    private static final HikariDataSource POOL = new HikariDataSource();

    @BeforeAll
    static void open() throws SQLException {
        Databases.Database database = Databases.postgres();
        POOL.setJdbcUrl(database.url());
        POOL.setUsername(database.user());
        POOL.setPassword(database.password());
        Sql.run(POOL, Sql.script());
    }

    @AfterAll
    static void close() {
        POOL.close();
    }

    @Override
    DataSource database() {
        return POOL;
    }
}
