package dev.filestore.examples.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.Audit;
import dev.filestore.AuditFinding;
import dev.filestore.FileContent;
import dev.filestore.FileMissingException;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.ProbeSource;
import dev.filestore.SettableClock;
import dev.filestore.SourceException;
import dev.filestore.StorageBackend;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.Verification;
import dev.filestore.jpa.Databases;
import dev.filestore.jpa.JpaMetadataRepository;
import jakarta.persistence.EntityManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole store whose rows and bytes are in one database. */
class DatabaseStoreTest {

    private final SettableClock clock = new SettableClock(Instant.now());
    private final JdbcDataSource database = new JdbcDataSource();
    private EntityManagerFactory entities;
    private StorageBackend storage;
    private FileStore store;

    @BeforeEach
    void open() throws SQLException {
        Databases.Database made = Databases.h2().withTable();
        made.run(Sql.script());
        database.setURL(made.url());
        database.setUser(made.user());
        entities = entities(database);
        storage = new DatabaseStorage(database);
        store = FileStore.builder()
                .storage(storage)
                .metadata(new JpaMetadataRepository(entities))
                .clock(clock)
                .build();
    }

    @AfterEach
    void close() {
        store.close();
        entities.close();
    }

    private static EntityManagerFactory entities(DataSource database) {
        Configuration hibernate = new Configuration();
        JpaMetadataRepository.entities().forEach(hibernate::addAnnotatedClass);
        hibernate.getProperties().put("hibernate.connection.datasource", database);
        return hibernate.buildSessionFactory();
    }

    private static byte[] pdf(int size) {
        byte[] bytes = new byte[size];
        byte[] start = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        byte[] end = "\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(start, 0, bytes, 0, start.length);
        System.arraycopy(end, 0, bytes, size - end.length, end.length);
        return bytes;
    }

    private StoredFile upload(byte[] bytes) {
        return store.upload(UploadRequest.of("report.pdf", new ByteArrayInputStream(bytes))
                .withOwner("123")
                .withTtl(Duration.ofHours(1)));
    }

    private List<String> objects() {
        return storage.list("", "", 10).stream().map(ObjectInfo::key).toList();
    }

    private List<AuditFinding.Kind> audit(Audit audit) {
        List<AuditFinding.Kind> found = new ArrayList<>();
        store.audit(audit.withFindings(finding -> found.add(finding.kind())));
        return found;
    }

    @Test
    void check_ofSuchAStore_findsNothingWrong() {
        assertThat(store.check().isOk()).isTrue();
        assertThat(objects()).isEmpty();
    }

    @Test
    void file_uploadedReadAndDeleted_leavesNothing() throws IOException {
        byte[] bytes = pdf(2 * DatabaseStorage.CHUNK_BYTES + 1);
        StoredFile file = upload(bytes);
        try (FileContent content = store.open(file.id())) {
            assertThat(Arrays.equals(content.stream().readAllBytes(), bytes)).isTrue();
        }
        assertThat(store.verify(file.id())).isEqualTo(Verification.INTACT);

        store.delete(file.id());

        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> store.open(file.id()));
        assertThat(objects()).isEmpty();
    }

    @Test
    void upload_sourceBreaksOff_leavesNeitherRowNorBytes() {
        byte[] bytes = pdf(DatabaseStorage.CHUNK_BYTES + 1);
        ProbeSource source = ProbeSource.failingAt(bytes, bytes.length);

        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() ->
                        store.upload(UploadRequest.of("report.pdf", source).withOwner("123")));

        assertThat(objects()).isEmpty();
        assertThat(Sql.strings(database, "SELECT id FROM blobs")).isEmpty();
        assertThat(Sql.strings(database, "SELECT id FROM file_uploads")).isEmpty();
    }

    @Test
    void sweep_expiredFile_removesItsBytes() {
        upload(pdf(1_000));
        clock.advance(Duration.ofHours(2));

        assertThat(store.sweep().expired()).isEqualTo(1);

        assertThat(objects()).isEmpty();
    }

    @Test
    void audit_objectThatNoRowNames_isFoundAndRemoved() throws IOException {
        upload(pdf(1_000));
        assertThat(audit(Audit.of("uploads/"))).isEmpty();
        ObjectHeaders headers = new ObjectHeaders("application/pdf", "attachment");
        storage.put("uploads/123/orphan.pdf", headers, new ByteArrayInputStream(pdf(20)), 20);
        clock.advance(Duration.ofMinutes(30));

        assertThat(audit(Audit.of("uploads/"))).as("within the grace").isEmpty();

        Set<AuditFinding.Kind> orphans = Set.of(AuditFinding.Kind.ORPHAN_OBJECT);
        clock.advance(Duration.ofMinutes(29));
        clock.advance(Duration.ofMinutes(30));
        Audit applied = Audit.of("uploads/").withGrace(Duration.ofHours(1)).withApply(orphans, 10);
        assertThat(audit(applied)).containsExactlyElementsOf(orphans);
        assertThat(objects()).hasSize(1).noneMatch(key -> key.endsWith("orphan.pdf"));
    }
}
