package dev.filestore.jpa;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.FileContent;
import dev.filestore.FileRow;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.ObjectInfo;
import dev.filestore.SettableClock;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryStorage;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** An application with a table of its own beside that of the files, and a clock that stands until it is moved. */
final class InvoiceApp implements AutoCloseable {

    static final Duration TTL = Duration.ofHours(1);

    /** When a sweep looks at a file of that TTL, should clocks differ. */
    static final Duration SWEPT_AFTER = TTL.plusMinutes(5);

    static final String INVOICES = """
            create table invoices (id bigint primary key, title varchar(255) not null, file_id bigint)""";

    private static final byte[] PDF = "%PDF-1.7\nall there is\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);

    final Databases.Database database;
    final HikariDataSource pool;
    final EntityManagerFactory factory;
    final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22.123456Z"));
    final MemoryStorage storage = new MemoryStorage();
    final MetadataRepository rows;
    final FileStore store;
    final TransactionalFiles files = new TransactionalFiles(clock);
    private final AtomicLong invoices = new AtomicLong();

    InvoiceApp(String kind) throws SQLException {
        database = Databases.of(kind).withTable();
        database.run(INVOICES);
        pool = Factories.pool(database, 10);
        factory = Factories.validated(pool, Invoice.class);
        rows = new JpaMetadataRepository(factory);
        store = builder().build();
    }

    FileStore.Builder builder() {
        return FileStore.builder().storage(storage).metadata(rows).clock(clock);
    }

    static UploadRequest pdf(String owner) {
        return UploadRequest.of("document.pdf", new ByteArrayInputStream(PDF)).withOwner(owner);
    }

    /** A temporary file, as a form uploads it before it is saved. */
    StoredFile temporary(String owner) {
        return store.upload(pdf(owner).withTtl(TTL));
    }

    StoredFile permanent(String owner) {
        return store.upload(pdf(owner));
    }

    FileRow row(StoredFile file) {
        return rows.find(file.id()).orElseThrow();
    }

    Invoice invoice(Long fileId) {
        return new Invoice(invoices.incrementAndGet(), "for the year", fileId);
    }

    long countInvoicesOf(StoredFile file) {
        return inTransaction(em -> em.createQuery("select count(i) from Invoice i where i.fileId = :file", Long.class)
                .setParameter("file", file.id())
                .getSingleResult());
    }

    <T> T inTransaction(Function<EntityManager, T> work) {
        try (EntityManager em = factory.createEntityManager()) {
            em.getTransaction().begin();
            T result = work.apply(em);
            em.getTransaction().commit();
            return result;
        }
    }

    void commit(Consumer<EntityManager> work) {
        inTransaction(em -> {
            work.accept(em);
            return em;
        });
    }

    void rollBack(Consumer<EntityManager> work) {
        try (EntityManager em = factory.createEntityManager()) {
            em.getTransaction().begin();
            work.accept(em);
            em.getTransaction().rollback();
        }
    }

    boolean isReadable(StoredFile file) {
        Optional<StoredFile> found = store.find(file.id());
        if (found.isEmpty()) {
            return false;
        }
        try (FileContent content = store.open(file.id())) {
            return content.stream().readAllBytes().length == PDF.length;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether anything is left of the file after all graces, whatever sweeps there are. */
    boolean isGoneInTheEnd(StoredFile file) {
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofHours(7));
            store.sweep();
        }
        List<String> objects =
                storage.list(file.key(), "", 1).stream().map(ObjectInfo::key).toList();
        return objects.isEmpty() && rows.find(file.id()).isEmpty();
    }

    @Override
    public void close() {
        factory.close();
        pool.close();
    }
}
