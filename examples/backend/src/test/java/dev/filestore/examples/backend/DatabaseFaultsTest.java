package dev.filestore.examples.backend;

import dev.filestore.FaultContract;
import dev.filestore.FaultStack;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.StorageBackend;
import dev.filestore.jpa.Databases;
import dev.filestore.memory.MemoryMetadata;
import java.sql.SQLException;
import java.util.List;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The promise of a store over {@link DatabaseStorage}, with every way in which each of its calls can go wrong. */
class DatabaseFaultsTest extends FaultContract {

    private static JdbcConnectionPool pool;
    private static FaultStack stack;

    @BeforeAll
    static void open() throws SQLException {
        Databases.Database database = Databases.h2();
        database.run(Sql.script());
        pool = JdbcConnectionPool.create(database.url(), database.user(), database.password());
        stack = new Stack(new DatabaseStorage(pool), new MemoryMetadata());
        // The store warns of each thing that goes wrong, with its trace.
        ((ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger(FileStore.class))
                .setLevel(ch.qos.logback.classic.Level.OFF);
    }

    @AfterAll
    static void close() {
        pool.dispose();
    }

    @Override
    protected FaultStack stack() {
        return stack;
    }

    @Override
    protected int leastCases() {
        return 2_000;
    }

    private record Stack(StorageBackend storage, MetadataRepository metadata) implements FaultStack {

        @Override
        public String name() {
            return "database-memory";
        }

        @Override
        public List<String> unfinished() {
            return Sql.strings(pool, "SELECT id FROM blobs WHERE object_key IS NULL");
        }

        @Override
        public int oneInPairs() {
            return 1_001;
        }

        @Override
        public void clear() {
            Sql.run(pool, "DELETE FROM blobs");
            metadata.listByKey("", "", 1_000).forEach(metadata::remove);
        }
    }
}
