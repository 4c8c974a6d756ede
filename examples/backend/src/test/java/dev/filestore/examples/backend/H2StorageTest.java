package dev.filestore.examples.backend;

import dev.filestore.jpa.Databases;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class H2StorageTest extends DatabaseStorageContract {

    private static JdbcConnectionPool pool;

    @BeforeAll
    static void open() {
        Databases.Database database = Databases.h2();
        pool = JdbcConnectionPool.create(database.url(), database.user(), database.password());
        Sql.run(pool, Sql.script());
    }

    @AfterAll
    static void close() {
        pool.dispose();
    }

    @Override
    DataSource database() {
        return pool;
    }
}
