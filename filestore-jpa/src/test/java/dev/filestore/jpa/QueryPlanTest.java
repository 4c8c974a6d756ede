package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.RowQuery;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every statement of the repository finds its rows by an index, on a table of many rows and fresh statistics. */
class QueryPlanTest {

    private static final int ROWS = 10_000;
    private static final Instant START = Instant.parse("2026-02-26T14:30:22Z");
    private static final String OWNER = "file_uploads_owner";
    private static final String CATEGORY = "file_uploads_category";
    private static final String DUE = "file_uploads_due";
    private static final String KEY = "file_uploads_file_key";

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void statements_onManyRows_useTheirIndex(String kind) throws Exception {
        Databases.Database database = Databases.of(kind).withTable();
        fill(database);
        Plans check = Plans.of(database);
        try (EntityManagerFactory factory = Factories.factory(check.dataSource, "none")) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory);
            FileRow row = rows.find(2_500).orElseThrow();
            check.uses("primary");
            rows.findByKey(row.key());
            check.uses(KEY);
            rows.listByKey("uploads/user-7/", "", 1_000);
            check.uses(KEY);
            rows.listByKey("", row.key(), 100);
            check.uses(KEY);
            rows.listByKey("uploads/", row.key(), 100);
            check.uses(KEY);

            RowQuery mine = new RowQuery("user-7", null, START);
            RowQuery myImages = new RowQuery("user-7", Category.IMAGE, START);
            RowQuery all = new RowQuery(null, null, START);
            RowQuery allImages = new RowQuery(null, Category.IMAGE, START);
            RowQuery.Position middle = new RowQuery.Position(START.plusSeconds(ROWS / 2), ROWS / 2);
            Map<RowQuery, String> indexes =
                    Map.of(mine, OWNER, myImages, CATEGORY, all, "primary", allImages, "primary");
            for (RowQuery query : indexes.keySet()) {
                String index = indexes.get(query);
                rows.list(query, null, 0, 21);
                check.uses(index, "primary");
                rows.list(query, null, 20, 21);
                check.uses(index, "primary");
                rows.list(query, middle, 0, 21);
                check.uses(index, "primary");
            }
            rows.count(mine);
            check.uses("file_uploads_");
            rows.count(myImages);
            check.uses(CATEGORY);
            rows.listByOwner("user-7", null, 50);
            check.uses(OWNER, OWNER, OWNER, OWNER);
            rows.listByOwner("user-7", middle, 50);
            check.uses(OWNER, OWNER, OWNER, OWNER);
            assertThat(rows.due(START, 50).rows()).isEqualTo(50);
            check.uses(DUE);
            List<FileRow> claimed = rows.claimDue(START, START.plusSeconds(ROWS * 2L), 50);
            assertThat(claimed).hasSize(50);
            check.uses(DUE, "primary");
            FileRow changed = rows.compareAndSet(row.withDueAt(START)).orElseThrow();
            check.uses("primary");
            assertThat(rows.remove(changed)).isTrue();
            check.uses("primary");
        }
    }

    /** Of 100 users 100 files each, a second apart; one in 20 has expired or is due in some other way. */
    private static void fill(Databases.Database database) throws SQLException {
        String url = database.kind().equals("mariadb") ? database.url() + "?useBulkStmts=true" : database.url();
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                PreparedStatement insert = connection.prepareStatement("""
                        insert into file_uploads (user_id, file_key, file_key_bytes, original_filename, file_size,
                            content_type, category, uploaded_at, expires_at, due_at, state, version, attempts,
                            pending_events, sha256, s3_url, cdn_url)
                        values (?, ?, ?, 'screenshot of yesterday.png', 1, 'image/png', ?, ?, ?, ?, ?, 0, 0, 'NONE', ?, ?, ?)""")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < ROWS; i++) {
                String owner = "user-" + i % 100;
                String key = "uploads/" + owner + "/" + i + "_screenshot_of_yesterday.png";
                boolean due = i % 20 == 0;
                LocalDateTime time = LocalDateTime.ofEpochSecond(START.getEpochSecond() + i, 0, ZoneOffset.UTC);
                Object[] values = {
                    owner,
                    key,
                    FileUpload.bytes(key),
                    List.of("image", "video", "document").get(i % 3),
                    time,
                    due ? time : null,
                    due ? time.minusSeconds(ROWS) : null,
                    (i % 50 == 0 ? FileState.DELETING : FileState.AVAILABLE).name(),
                    "0".repeat(64),
                    "https://softfactory-uploads.s3.us-east-1.amazonaws.com/" + key,
                    "https://d123abc456.cloudfront.net/" + key
                };
                for (int j = 0; j < values.length; j++) {
                    insert.setObject(j + 1, values[j]);
                }
                insert.addBatch();
                if (i % 1000 == 999) {
                    insert.executeBatch();
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                for (String analyze : ANALYZE.get(database.kind())) {
                    statement.execute(analyze);
                }
            }
        }
    }

    /**
     * Fresh statistics. PostgreSQL marks pages as seen by all only once their commits are on disk, hence the checkpoint;
     * and takes the disk for an SSD, which it does not by itself.
     */
    private static final Map<String, List<String>> ANALYZE = Map.of(
            "h2", List.of("analyze sample_size 0"),
            "postgresql",
                    List.of(
                            "checkpoint",
                            "vacuum analyze file_uploads",
                            "do $$ begin execute format('alter database %I set random_page_cost = 1.1', current_database()); end $$"),
            "mariadb", List.of("analyze table file_uploads"));
}
