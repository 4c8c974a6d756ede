package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.RecordingStorage;
import dev.filestore.SettableClock;
import dev.filestore.SpiCalls;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.examples.batch.Arguments.UsageException;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another application's table, in H2, and its objects. */
class AdopterTest {

    private static final byte[] PDF = "%PDF-1.7\nall there is\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
    private static final String ALL =
            "select id, path as \"key\", title as name, user_no as owner, mime as content_type, bytes as size, created_at from files";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22Z"));
    private final MemoryMetadata rows = new MemoryMetadata();
    private final MemoryStorage storage = new MemoryStorage(clock);
    private final FileStore store =
            FileStore.builder().storage(storage).metadata(rows).clock(clock).build();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Connection connection;
    private Path report;

    @BeforeEach
    void makeTable() throws SQLException {
        connection = DriverManager.getConnection("jdbc:h2:mem:");
        report = folder.resolve("report.tsv");
        run("create table files (id bigint, path varchar(2000), title varchar(2000), user_no int, mime varchar(100),"
                + " bytes bigint, created_at timestamp, zoned timestamp with time zone, code varchar(100))");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        store.close();
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void object(String key, byte[] bytes) throws IOException {
        storage.put(key, new ObjectHeaders("", ""), new ByteArrayInputStream(bytes), bytes.length);
    }

    private void file(int id, String key) throws SQLException, IOException {
        object(key, PDF);
        row(id, key, "문서 " + id + ".pdf", "application/pdf", PDF.length);
    }

    private void row(int id, String key, String title, String mime, int bytes) throws SQLException {
        run("insert into files values (" + id + ", '" + key + "', '" + title + "', 7, '" + mime + "', " + bytes
                + ", timestamp '2019-11-05 08:15:30.123456', timestamp with time zone '2019-11-05 08:15:30.5+09:00', 'c"
                + id + "')");
    }

    private boolean adopt(String query, String... options) throws Exception {
        return adopt(store, query, options);
    }

    private boolean adopt(FileStore into, String query, String... options) throws Exception {
        List<String> args = new ArrayList<>(List.of("adopt", "--query", query, "--report", report.toString()));
        args.addAll(List.of(options));
        Files.deleteIfExists(report);
        AdoptArguments arguments = Objects.requireNonNull(AdoptArguments.parse(args.toArray(String[]::new)));
        printed.reset();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        try (OldRows old = OldRows.read(connection, query);
                AdoptReport told = AdoptReport.begin(
                        arguments.report(), out, new Ticker(out, false, () -> 0), arguments.shown())) {
            return new Adopter(into, arguments, told, out).run(old);
        }
    }

    private List<String> printed() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> reported() throws IOException {
        return Files.readAllLines(report);
    }

    @Test
    void run_withoutApply_writesNothing() throws Exception {
        file(11, "a/b c/1.pdf");
        file(12, "a/2.pdf");

        assertThat(adopt(ALL)).isTrue();

        assertThat(rows.listByKey("", "", 10)).isEmpty();
        assertThat(printed())
                .containsExactly(
                        "2 of 2 rows looked at",
                        "2 adoptable",
                        "Nothing was written: this was a dry run. --apply adopts what can be.");
        assertThat(reported())
                .containsExactlyInAnyOrder(
                        "outcome\tref\tid\tkey\tdetail",
                        "adoptable\t11\t11\ta/b c/1.pdf\t",
                        "adoptable\t12\t12\ta/2.pdf\t");
    }

    @Test
    void run_apply_keepsIdsNamesOwnersAndTimes_andGoesOnWhereItWas() throws Exception {
        file(11, "a/1.pdf");
        file(900, "a/2.pdf");

        assertThat(adopt(ALL + " where id = 11", "--apply")).isTrue();
        assertThat(printed()).containsExactly("1 of 1 rows looked at", "1 adopted");
        assertThat(adopt(ALL, "--apply")).isTrue();
        assertThat(printed()).containsExactly("2 of 2 rows looked at", "1 adopted", "1 adopted_before");

        StoredFile file = store.find(900).orElseThrow();
        assertThat(file.originalFilename()).isEqualTo("문서 900.pdf");
        assertThat(file.owner()).isEqualTo("7");
        assertThat(file.uploadedAt()).isEqualTo(Instant.parse("2019-11-05T08:15:30.123456Z"));
        assertThat(store.list(FileQuery.of("7")).total()).isEqualTo(2);
        assertThat(store.upload(UploadRequest.of("a.pdf", new ByteArrayInputStream(PDF))
                                .withOwner("7"))
                        .id())
                .isGreaterThan(900);
    }

    @Test
    void run_somethingWrong_isListedCountedAndReported() throws Exception {
        file(1, "a/1.pdf");
        row(2, "a/2.pdf", "a.pdf", "application/pdf", 1);
        object("a/3.html", "<html>".getBytes(StandardCharsets.US_ASCII));
        row(3, "a/3.html", "a.html", "text/html", 6);
        file(4, "/a/4.pdf");
        object("a/5.pdf", PDF);
        row(5, "a/5.pdf", "dir/in\u202eside.pdf", "image/jpg", PDF.length);
        file(6, "a/6.pdf");
        file(7, "a/6.pdf".replace("6", "7"));
        run("update files set path = 'a/6.pdf' where id = 7");
        run("update files set user_no = null where id = 1");

        assertThat(adopt(ALL, "--threads", "1", "--apply")).isFalse();

        assertThat(printed())
                .containsExactly(
                        "invalid_row: 1, key a/1.pdf, owner is null",
                        "object_missing: 2, key a/2.pdf, there is no object of that key",
                        "type_not_allowed: 3, key a/3.html, The declared type text/html is not allowed;"
                                + printed().get(2).split(";", 2)[1],
                        "key_not_allowed: 4, key /a/4.pdf, " + printed().get(3).split(", ", 3)[2],
                        "other_name: 5, key a/5.pdf, inside.pdf instead of dir/in\u202eside.pdf",
                        "other_type: 5, key a/5.pdf, application/pdf instead of image/jpg",
                        "key_twice: 6, key a/6.pdf, another row has the same key: a file has an object of its own",
                        "key_twice: 7, key a/6.pdf, another row has the same key: a file has an object of its own",
                        "7 of 7 rows looked at",
                        "1 adopted",
                        "1 invalid_row",
                        "1 key_not_allowed",
                        "2 key_twice",
                        "1 object_missing",
                        "1 type_not_allowed",
                        "1 with another name than was recorded",
                        "1 with another type than was recorded");
        assertThat(reported())
                .hasSize(8)
                .contains("adopted\t5\t5\ta/5.pdf\tother_name: inside.pdf instead of dir/in\u202eside.pdf;"
                        + " other_type: application/pdf instead of image/jpg");
    }

    @Test
    void run_manyOfAKind_showsSomeAndReportsAll() throws Exception {
        for (int i = 1; i <= 30; i++) {
            row(i, "gone/" + i, "a.pdf", "application/pdf", 1);
        }

        assertThat(adopt(ALL, "--show", "3")).isFalse();

        assertThat(printed().stream().filter(line -> line.startsWith("object_missing: ")))
                .hasSize(3);
        assertThat(printed()).contains("30 object_missing");
        assertThat(reported()).hasSize(31);
    }

    @Test
    void run_quick_readsNoByte() throws Exception {
        object("a.pdf", new byte[] {1});
        row(1, "a.pdf", "a.pdf", "application/pdf", 1);

        assertThat(adopt(ALL, "--quick")).isTrue();
        assertThat(printed()).contains("1 adoptable");
        assertThat(adopt(ALL)).isFalse();
        assertThat(printed()).contains("1 type_not_allowed");
    }

    @Test
    void run_leastColumns_takesTheNameFromTheKeyAndTellsTheNewId() throws Exception {
        file(1, "a/보고서.pdf");

        assertThat(adopt(
                        "select code as ref, path as \"KEY\", user_no as owner, zoned as created_at from files",
                        "--apply"))
                .isTrue();

        StoredFile file = store.list(FileQuery.of("7")).files().get(0);
        assertThat(file.originalFilename()).isEqualTo("보고서.pdf");
        assertThat(file.uploadedAt()).isEqualTo(Instant.parse("2019-11-04T23:15:30.5Z"));
        assertThat(reported()).contains("adopted\tc1\t" + file.id() + "\ta/보고서.pdf\t");
    }

    @Test
    void run_storageFails_tellsItAndCanBeRepeated() throws Exception {
        file(1, "a.pdf");
        file(2, "b.pdf");
        adopt(ALL + " where id = 1", "--apply");
        SpiCalls calls = new SpiCalls();
        calls.fail("open", SpiCalls.Fault.BEFORE);
        FileStore broken = FileStore.builder()
                .storage(new RecordingStorage(storage, calls))
                .metadata(rows)
                .clock(clock)
                .build();

        assertThat(adopt(broken, ALL, "--apply")).isFalse();
        assertThat(printed())
                .contains("1 adopted_before", "1 failed", "failed: 2, key b.pdf, open b.pdf: failed on purpose");

        assertThat(adopt(ALL, "--apply")).isTrue();
        assertThat(printed()).contains("1 adopted", "1 adopted_before");
    }

    @Test
    void run_stopped_saysWhatIsLeft() throws Exception {
        file(1, "a.pdf");
        AdoptArguments arguments = Objects.requireNonNull(AdoptArguments.parse("adopt", "--query", ALL));
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        AdoptReport told = AdoptReport.begin(null, out, new Ticker(out, false, () -> 0), 1);
        try (OldRows old = OldRows.read(connection, ALL)) {
            Adopter adopter = new Adopter(store, arguments, told, out);
            adopter.stop();
            adopter.run(old);
        }
        assertThat(printed()).contains("0 of 1 rows looked at", "1 not reached; run the same command to go on");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select path as \"key\" from files | the column owner is missing",
                "select path, user_no as owner from files | there is no column PATH; give it one of the names ref, id, key",
                "select path as \"key\", user_no as owner, code as created_at from files | created_at must be a timestamp",
                "select path as \"key\", title as \"key\", user_no as owner from files | the column key comes twice",
            })
    void read_columnsThatAreNotKnown_isWrongUsage(String query, String message) throws SQLException, IOException {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> OldRows.read(connection, query).close())
                .withMessageContaining(message);
    }

    @Test
    void read_manyRows_givesEachOnceAndTheHighestId() throws Exception {
        run("insert into files (id, path, user_no) select x, 'k' || x, 7 from system_range(1, 5000)");
        try (OldRows old = OldRows.read(connection, "select id, path as \"key\", user_no as owner from files")) {
            assertThat(old.count()).isEqualTo(5_000);
            assertThat(old.highestId()).isEqualTo(5_000);
            List<String> keys = new ArrayList<>();
            for (OldRow row = old.next(); row != null; row = old.next()) {
                assertThat(row.isTwice()).isFalse();
                keys.add(String.valueOf(row.key()));
            }
            assertThat(keys).hasSize(5_000).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @CsvSource({"abc", "0", "-3", "4.5", "4611686018427387904", "9223372036854775808"})
    void request_idThatIsNone_isTold(String id) {
        OldRow row = new OldRow(3, null, id, "k", null, "7", null, null, null, null, null, false);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(row::toRequest)
                .withMessage("id is a whole number from 1 to 4611686018427387903, found " + id);
    }
}
