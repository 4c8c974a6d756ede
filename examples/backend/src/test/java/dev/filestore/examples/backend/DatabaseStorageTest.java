package dev.filestore.examples.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.ByteRange;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.ProbeSource;
import dev.filestore.StorageException;
import dev.filestore.jpa.Databases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wiring of {@link DatabaseStorage}: what the contract kit cannot know of. */
class DatabaseStorageTest {

    private static final ObjectHeaders HEADERS = new ObjectHeaders("application/pdf", "attachment");

    private final HikariDataSource pool = new HikariDataSource();
    private DatabaseStorage storage;

    @BeforeEach
    void open() {
        Databases.Database database = Databases.h2();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(1);
        pool.setConnectionTimeout(250);
        Sql.run(pool, Sql.script());
        storage = new DatabaseStorage(pool);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private void put(String key, byte[] bytes) throws IOException {
        storage.put(key, HEADERS, new ByteArrayInputStream(bytes), bytes.length);
    }

    private byte[] read(String key) throws IOException {
        try (InputStream in = storage.open(key, ByteRange.ALL, null).orElseThrow()) {
            return in.readAllBytes();
        }
    }

    @Test
    void put_poolWithoutAutoCommit_isKept() throws IOException, SQLException {
        Databases.Database database = Databases.h2();
        try (HikariDataSource forgetful = new HikariDataSource()) {
            forgetful.setJdbcUrl(database.url());
            forgetful.setUsername(database.user());
            forgetful.setAutoCommit(false);
            database.run(Sql.script());
            storage = new DatabaseStorage(forgetful);
            put("a", new byte[] {1, 2});

            storage = new DatabaseStorage(forgetful);

            assertThat(read("a")).containsExactly(1, 2);
        }
    }

    @Test
    void putAndOpen_betweenTwoReads_holdNoConnection() throws IOException {
        byte[] bytes = new byte[3 * DatabaseStorage.CHUNK_BYTES];
        storage.put(
                "a",
                HEADERS,
                new ProbeSource(bytes)
                        .beforeEnd(() -> assertThat(storage.stat("a")).isEmpty()),
                -1);

        try (InputStream in = storage.open("a", ByteRange.ALL, null).orElseThrow()) {
            in.skipNBytes(bytes.length / 2);

            // All with the one connection that there is.
            assertThat(storage.stat("a")).isPresent();
            assertThat(in.readAllBytes()).hasSize(bytes.length - bytes.length / 2);
        }
    }

    @Test
    void open_objectInChunksOfAnotherSize_givesItsBytes() throws IOException {
        put("a", new byte[] {1, 2, 3, 4, 5, 6, 7});
        String insert = "INSERT INTO blob_chunks SELECT blob_id, %1$d, SUBSTRING(bytes FROM %1$d + 1 FOR %2$d)"
                + " FROM blob_chunks WHERE first_byte = 0";
        Sql.run(pool, insert.formatted(2, 4));
        Sql.run(pool, insert.formatted(6, 1));
        Sql.run(pool, "UPDATE blob_chunks SET bytes = SUBSTRING(bytes FROM 1 FOR 2) WHERE first_byte = 0");

        assertThat(read("a")).containsExactly(1, 2, 3, 4, 5, 6, 7);
        try (InputStream in = storage.open("a", new ByteRange(3, 3), null).orElseThrow()) {
            assertThat(in.readAllBytes()).containsExactly(4, 5, 6);
        }
    }

    @Test
    void open_objectDeletedWhileItIsRead_failsAndTellsNoEnd() throws IOException {
        put("a", new byte[2 * DatabaseStorage.CHUNK_BYTES]);
        try (InputStream in = storage.open("a", ByteRange.ALL, null).orElseThrow()) {
            in.skipNBytes(10);
            storage.delete("a");

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(in::readAllBytes)
                    .withMessageContaining(String.valueOf(DatabaseStorage.CHUNK_BYTES));
        }
        assertThat(Sql.strings(pool, "SELECT blob_id FROM blob_chunks")).isEmpty();
    }

    @Test
    void list_entries_tellTheirSizes() throws IOException {
        put("a/1", new byte[1]);
        put("a/2", new byte[2]);

        assertThat(storage.list("a/", "", 10)).extracting(ObjectInfo::size).containsExactly(1L, 2L);
    }

    @Test
    void anyCall_databaseIsAway_failsWithActKeyAndCause() {
        pool.close();

        for (Runnable call : List.<Runnable>of(
                () -> storage.stat("a/b"),
                () -> storage.open("a/b", ByteRange.ALL, null),
                () -> storage.delete("a/b"),
                () -> storage.purge("a/b"),
                () -> storage.list("a/b", "", 1),
                () -> storage.listUnfinished("a/b", "", 1))) {
            assertThatExceptionOfType(StorageException.class)
                    .isThrownBy(call::run)
                    .withMessageMatching("(stat|open|delete|purge|list|list what is unfinished below) a/b")
                    .withCauseInstanceOf(SQLException.class);
        }
    }

    @Test
    void put_databaseGoesWhileTheSourceBreaks_saysThatSomethingIsLeft() {
        byte[] bytes = new byte[DatabaseStorage.CHUNK_BYTES + 1];
        ProbeSource source = ProbeSource.failingAt(bytes, bytes.length).beforeFailure(pool::close);

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> storage.put("a", HEADERS, source, -1))
                .withMessageContaining("put a: remove what a broken source left")
                .withCause(source.failure())
                .satisfies(e -> assertThat(e.getSuppressed()).hasOnlyElementsOfType(SQLException.class));
    }

    @Test
    void put_largeSource_isWrittenInChunks() throws IOException {
        byte[] bytes = new byte[2 * DatabaseStorage.CHUNK_BYTES + 5];
        Arrays.fill(bytes, (byte) 7);
        put("a", bytes);

        assertThat(Sql.strings(pool, "SELECT OCTET_LENGTH(bytes) FROM blob_chunks ORDER BY first_byte"))
                .containsExactly("262144", "262144", "5");
        assertThat(read("a")).isEqualTo(bytes);
    }
}
