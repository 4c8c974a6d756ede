package dev.filestore.examples.reliability.audit;

import static dev.filestore.AuditFinding.Kind.MISSING_OBJECT;
import static dev.filestore.AuditFinding.Kind.ORPHAN_OBJECT;
import static dev.filestore.AuditFinding.Kind.OVERDUE;
import static dev.filestore.AuditFinding.Kind.STALE_UPLOAD;
import static dev.filestore.AuditFinding.Kind.WRONG_SIZE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Audit;
import dev.filestore.AuditFinding;
import dev.filestore.AuditReport;
import dev.filestore.FileContent;
import dev.filestore.FileStore;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.Settings;
import dev.filestore.jpa.Databases;
import dev.filestore.s3.S3ProxyServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** Every kind of fault, planted past the store, is found, removed where it may be, and nothing else is touched. */
class AuditOnServersIT {

    private static final int FILES = 40;
    private static final byte[] CONTENT = "%PDF-1.7\nall there is\n".getBytes(StandardCharsets.US_ASCII);
    private static final String ORPHAN = "uploads/9/문서 \ud83d\ude00.pdf";

    @TempDir
    private Path home;

    /** Ways past the store to its bytes. */
    private interface Bytes {

        void write(String key, byte[] content) throws IOException;

        void delete(String key) throws IOException;

        void leaveUpload() throws IOException;
    }

    @Test
    void audit_onS3ProxyAndPostgres_findsAndRemovesWhatWasPlanted() throws Exception {
        Databases.Database database = Databases.of("postgresql");
        try (S3ProxyServer server = S3ProxyServer.inMemory()) {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "AWS_S3_BUCKET", S3ProxyServer.BUCKET,
                    "AWS_S3_REGION", S3ProxyServer.REGION,
                    "AWS_ENDPOINT_URL_S3", server.endpoint().toString(),
                    "AWS_ACCESS_KEY_ID", S3ProxyServer.ACCESS_KEY_ID,
                    "AWS_SECRET_ACCESS_KEY", S3ProxyServer.SECRET_ACCESS_KEY));
            settings.put("DATABASE_URL", database.url());
            settings.put("DATABASE_USER", database.user());
            settings.put("DATABASE_PASSWORD", database.password());
            check(settings, database, new Bytes() {
                @Override
                public void write(String key, byte[] content) {
                    server.client()
                            .putObject(
                                    request ->
                                            request.bucket(S3ProxyServer.BUCKET).key(key),
                                    RequestBody.fromBytes(content));
                }

                @Override
                public void delete(String key) {
                    server.client()
                            .deleteObject(request ->
                                    request.bucket(S3ProxyServer.BUCKET).key(key));
                }

                @Override
                public void leaveUpload() {
                    server.client()
                            .createMultipartUpload(request ->
                                    request.bucket(S3ProxyServer.BUCKET).key("uploads/9/left.pdf"));
                }
            });
            assertThat(server.client()
                            .listMultipartUploads(request -> request.bucket(S3ProxyServer.BUCKET))
                            .uploads())
                    .isEmpty();
        }
    }

    @Test
    void audit_onDiskAndH2_findsAndRemovesWhatWasPlanted() throws Exception {
        Databases.Database database =
                new Databases.Database("h2", "jdbc:h2:" + home.resolve("files-db") + ";WRITE_DELAY=0", "sa", "");
        Path files = home.resolve("files");
        Map<String, String> settings = Map.of(
                "DATA_DIR", home.toString(),
                "DATABASE_URL", database.url(),
                "DATABASE_USER", database.user(),
                "DATABASE_PASSWORD", database.password());
        check(settings, database, new Bytes() {
            @Override
            public void write(String key, byte[] content) throws IOException {
                Path object = files.resolve("objects").resolve(key);
                Files.createDirectories(object.getParent());
                Files.write(object, content);
            }

            @Override
            public void delete(String key) throws IOException {
                Files.delete(files.resolve("objects").resolve(key));
            }

            @Override
            public void leaveUpload() throws IOException {
                Path left = Files.write(files.resolve("unfinished/left-behind"), CONTENT);
                Files.setLastModifiedTime(left, FileTime.from(Instant.now()));
            }
        });
        assertThat(files.resolve("unfinished")).isEmptyDirectory();
    }

    private void check(Map<String, String> settings, Databases.Database database, Bytes bytes) throws Exception {
        try (Backends backends = Backends.open(Settings.load(home.resolve("none"), settings))) {
            List<StoredFile> files = new ArrayList<>();
            FileStore store = at(backends, Duration.ZERO);
            for (int i = 0; i < FILES; i++) {
                files.add(store.upload(UploadRequest.of("a" + i + ".pdf", new ByteArrayInputStream(CONTENT))
                        .withOwner("kim")));
            }
            assertThat(store.audit(Audit.of("uploads/")).isClean()).isTrue();

            bytes.write(ORPHAN, CONTENT);
            StoredFile missing = files.remove(3);
            bytes.delete(missing.key());
            StoredFile wrong = files.remove(7);
            bytes.delete(wrong.key());
            bytes.write(wrong.key(), new byte[] {1});
            bytes.leaveUpload();
            StoredFile overdue = files.get(11);
            update(database, "update file_uploads set due_at = uploaded_at where id = " + overdue.id());

            assertThat(at(backends, Duration.ZERO).audit(Audit.of("")).found())
                    .as("young orphans and uploads do not count")
                    .containsEntry(ORPHAN_OBJECT, 0L)
                    .containsEntry(STALE_UPLOAD, 0L)
                    .containsEntry(MISSING_OBJECT, 1L);

            List<AuditFinding> findings = new ArrayList<>();
            FileStore later = at(backends, Duration.ofHours(25));
            AuditReport report = later.audit(Audit.of("uploads/")
                    .withFindings(findings::add)
                    .withApply(Set.of(ORPHAN_OBJECT, MISSING_OBJECT, STALE_UPLOAD), 10));

            assertThat(findings)
                    .extracting(AuditFinding::kind)
                    .containsExactlyInAnyOrder(ORPHAN_OBJECT, MISSING_OBJECT, WRONG_SIZE, STALE_UPLOAD, OVERDUE);
            assertThat(findings).extracting(AuditFinding::key).contains(ORPHAN, missing.key(), wrong.key());
            assertThat(report.applied()).isEqualTo(3);
            assertThat(report.failed()).isZero();
            assertThat(report.stop()).isNull();

            for (int hours = 26; hours <= 30; hours += 2) {
                assertThat(at(backends, Duration.ofHours(hours)).sweep().failed())
                        .isZero();
            }
            AuditReport after = at(backends, Duration.ofHours(31)).audit(Audit.of(""));
            assertThat(after).isEqualTo(new AuditReport(FILES - 1, FILES - 1, 0, Map.of(WRONG_SIZE, 1L), 0, 0, null));
            for (StoredFile file : files) {
                try (FileContent content = later.open(file.id())) {
                    assertThat(content.stream().readAllBytes()).isEqualTo(CONTENT);
                }
            }
        }
    }

    /** Stores of one process at several times: none is closed, since each would close what all share. */
    private static FileStore at(Backends backends, Duration later) {
        return backends.builder().clock(Clock.offset(Clock.systemUTC(), later)).build();
    }

    private static void update(Databases.Database database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
