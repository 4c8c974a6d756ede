package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Audit;
import dev.filestore.AuditFinding;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.UploadRequest;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program adopts another application's files, on H2 and the disk, and is killed and run again. */
class KilledAdoptIT {

    /** So many that no run is near its end when it is killed. */
    private static final int FILES = 1_500;

    private static final int KILLS = 3;
    private static final String QUERY = "select id, path as \"key\", title as name, user_no as owner, bytes as size,"
            + " created_at from files order by id";

    @TempDir
    private Path home;

    private String oldDatabase;

    private void makeWhatTheOtherApplicationHad(int files) throws IOException, SQLException {
        oldDatabase = "jdbc:h2:file:" + home.resolve("old") + ";DB_CLOSE_ON_EXIT=FALSE";
        try (Connection connection = DriverManager.getConnection(oldDatabase);
                Statement statement = connection.createStatement()) {
            statement.execute("create table files (id bigint primary key, path varchar(900), title varchar(255),"
                    + " user_no int, bytes bigint, created_at timestamp)");
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into files values (?, ?, ?, ?, ?, timestamp '2019-11-05 08:15:30')")) {
                for (int i = 1; i <= files; i++) {
                    insert.setLong(1, 3L * i);
                    insert.setString(2, key(i));
                    insert.setString(3, "문서 " + i + ".pdf");
                    insert.setInt(4, i % 7);
                    insert.setLong(5, content(i).length);
                    insert.executeUpdate();
                }
            }
        }
        for (int i = 1; i <= files; i++) {
            Path object = home.resolve("data/files/objects").resolve(key(i));
            Files.createDirectories(object.getParent());
            Files.write(object, content(i));
            Files.setLastModifiedTime(object, FileTime.from(Instant.parse("2019-11-05T08:15:31Z")));
        }
    }

    private static String key(int i) {
        return "2019/" + i % 11 + "/" + i + ".pdf";
    }

    private static byte[] content(int i) {
        byte[] bytes = new byte[i % 50 == 0 ? 500_000 : 2_000];
        new Random(i).nextBytes(bytes);
        byte[] start = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(start, 0, bytes, 0, start.length);
        return bytes;
    }

    @Test
    void adopt_killedAgainAndAgain_endsWithEachFileOnceAndUnderItsId() throws Exception {
        makeWhatTheOtherApplicationHad(FILES);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 1; kill <= KILLS; kill++) {
            Path report = home.resolve("report-" + kill);
            Process process = program("adopt", "--query", QUERY, "--apply", "--report", report.toString());
            long wanted = 8_192L * kill;
            while ((!Files.exists(report) || Files.size(report) < wanted)
                    && !process.waitFor(5, TimeUnit.MILLISECONDS)) {
                // Only as far as it is to come this time: a report is written in blocks of 8 KiB.
            }
            boolean ended = process.waitFor(random.nextInt(20), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            assertThat(ended)
                    .as("ended before kill %d, seed %d:%n%s", kill, seed, log())
                    .isFalse();
        }
        assertThat(exitOf("adopt", "--query", QUERY, "--apply")).as(log()).isZero();
        assertThat(log()).contains(FILES + " of " + FILES + " rows looked at", " adopted_before");
        assertThat(exitOf("adopt", "--query", QUERY, "--apply")).isZero();
        assertThat(log()).contains(FILES + " adopted_before");

        try (Backends backends = backends();
                FileStore store = backends.builder()
                        .clock(Clock.offset(Clock.systemUTC(), Duration.ofDays(2)))
                        .build()) {
            assertThat(store.sweep().removed()).isZero();
            List<AuditFinding> findings = new ArrayList<>();
            store.audit(Audit.of("").withFindings(findings::add));
            assertThat(findings).isEmpty();
            List<FileRow> rows = backends.metadata().listByKey("", "", 2 * FILES);
            assertThat(rows).hasSize(FILES).allMatch(row -> row.state() == FileState.AVAILABLE);
            for (FileRow row : rows) {
                int i = (int) (row.id() / 3);
                assertThat(row.key()).isEqualTo(key(i));
                assertThat(row.originalFilename()).isEqualTo("문서 " + i + ".pdf");
            }
            assertThat(Files.readAllBytes(home.resolve("data/files/objects").resolve(key(50))))
                    .isEqualTo(content(50));
            assertThat(store.upload(UploadRequest.of("a.pdf", new ByteArrayInputStream(content(1)))
                                    .withOwner("1"))
                            .id())
                    .isGreaterThan(3L * FILES);
        }
    }

    @Test
    void adopt_dryRunAndWrongUsage_sayWhatTheyDidByTheirStatus() throws Exception {
        makeWhatTheOtherApplicationHad(3);
        assertThat(exitOf("adopt", "--query", QUERY, "--quick")).as(log()).isZero();
        assertThat(log()).contains("3 adoptable", "Nothing was written");
        Files.delete(home.resolve("data/files/objects").resolve(key(1)));
        assertThat(exitOf("adopt", "--query", QUERY, "--quick")).isEqualTo(1);
        assertThat(log()).contains("object_missing: 3, key " + key(1));
        assertThat(exitOf("adopt", "--query", "select nonsense from nowhere")).isEqualTo(2);
        assertThat(log()).contains("--query: the database says: ");
        try (Backends backends = backends()) {
            assertThat(backends.metadata().listByKey("", "", 1)).isEmpty();
        }
    }

    private Backends backends() {
        return Backends.open(Settings.load(
                home.resolve("none"), Map.of("DATA_DIR", home.resolve("data").toString())));
    }

    private Process program(String... args) throws IOException {
        ProcessBuilder builder = BatchProcess.in(home, args);
        builder.environment().put("SOURCE_DATABASE_URL", oldDatabase);
        return builder.start();
    }

    private int exitOf(String... args) throws Exception {
        return program(args).waitFor();
    }

    private String log() throws IOException {
        return Files.readString(home.resolve("log"));
    }
}
