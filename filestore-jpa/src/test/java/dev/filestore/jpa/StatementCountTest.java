package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.PendingEvents;
import dev.filestore.RowQuery;
import jakarta.persistence.EntityManagerFactory;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each call is one short transaction of as few statements as can be. */
class StatementCountTest {

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");

    private final List<String> executed = new ArrayList<>();
    private final RecordingDataSource dataSource;
    private final EntityManagerFactory factory;
    private final JpaMetadataRepository rows;

    StatementCountTest() throws SQLException {
        dataSource = new RecordingDataSource(
                Databases.h2().withTable(), (sql, bindings) -> executed.add(sql.substring(0, 6)));
        factory = Factories.factory(dataSource, "none");
        rows = new JpaMetadataRepository(factory);
        executed.clear();
    }

    @AfterEach
    void closeFactory() {
        factory.close();
    }

    static FileRow row(String key) {
        return row(key, FileState.PENDING);
    }

    static FileRow row(String key, FileState state) {
        return new FileRow(
                0,
                0,
                state,
                NOW,
                0,
                "123",
                key,
                "a.png",
                0,
                "image/png",
                Category.IMAGE,
                state == FileState.PENDING ? null : "0".repeat(64),
                null,
                null,
                null,
                NOW,
                null,
                PendingEvents.NONE);
    }

    private FileRow inserted() {
        FileRow row = rows.insert(row("key")).orElseThrow();
        executed.clear();
        return row;
    }

    @Test
    void insert_newKey_isOneInsert() {
        rows.insert(row("key"));
        assertThat(executed).containsExactly("insert", "commit");
    }

    @Test
    void plainStatements_afterTheFirstInsert_areOneEachAndNoCommit() {
        JpaMetadataRepository plain = new JpaMetadataRepository(factory, dataSource);
        plain.insert(row("first"));
        assertThat(executed).containsExactly("insert", "commit", "select");
        executed.clear();
        FileRow row = plain.insert(row("key")).orElseThrow();
        plain.compareAndSet(row);
        plain.compareAndSet(row);
        plain.find(row.id());
        assertThat(executed).containsExactly("insert", "update", "update", "select");
    }

    @Test
    void insert_takenKey_isOneInsertAndOneSelect() {
        inserted();
        rows.insert(row("key"));
        assertThat(executed).containsExactly("insert", "rollba", "select", "commit");
    }

    @Test
    void find_everyTime_isOneSelect() {
        FileRow row = inserted();
        rows.find(row.id());
        rows.find(row.id());
        rows.findByKey("key");
        assertThat(executed).containsExactly("select", "commit", "select", "commit", "select", "commit");
    }

    @Test
    void compareAndSet_freshOrStale_isOneUpdate() {
        FileRow row = inserted();
        assertThat(rows.compareAndSet(row)).isPresent();
        assertThat(rows.compareAndSet(row)).isEmpty();
        assertThat(executed).containsExactly("update", "commit", "update", "commit");
    }

    @Test
    void remove_freshOrStale_isOneDeleteAndOneUpdateOfTheCounts() {
        FileRow row = inserted();
        assertThat(rows.remove(row)).isTrue();
        assertThat(rows.remove(row)).isFalse();
        assertThat(executed).containsExactly("delete", "update", "commit", "delete", "commit");
    }

    @Test
    void list_always_isOneSelectOfTheIdsAndOneOfTheRows() {
        rows.insert(row("key", FileState.AVAILABLE));
        executed.clear();
        RowQuery query = new RowQuery("123", null, NOW);
        rows.list(query, null, 0, 10);
        rows.list(query, new RowQuery.Position(NOW.plusSeconds(1), 7), 0, 10);
        rows.list(query, null, 1, 10);
        assertThat(executed)
                .containsExactly("select", "select", "commit", "select", "select", "commit", "select", "commit");
    }

    @Test
    void listByKey_always_isOneSelect() {
        inserted();
        rows.listByKey("", "", 10);
        assertThat(executed).containsExactly("select", "commit");
    }

    @Test
    void listByOwner_always_isOneSelectForEachState() {
        inserted();
        rows.listByOwner("123", null, 10);
        assertThat(executed).containsExactly("select", "select", "select", "select", "commit");
    }

    @Test
    void count_fewFiles_looksForAStoredCountAndCounts() {
        inserted();
        rows.count(new RowQuery("123", null, NOW));
        rows.count(new RowQuery(null, null, NOW));
        assertThat(executed).containsExactly("select", "select", "commit", "select", "commit");
    }

    @Test
    void claimDue_dueRows_isOneSelectAndOneUpdateInOneTransaction() {
        inserted();
        rows.insert(row("key-2"));
        executed.clear();
        assertThat(rows.claimDue(NOW, NOW.plusSeconds(60), 10)).hasSize(2);
        assertThat(rows.claimDue(NOW, NOW.plusSeconds(60), 10)).isEmpty();
        assertThat(executed).containsExactly("select", "update", "commit", "select", "commit");
    }
}
