package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.Caller;
import dev.filestore.FileMissingException;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.NotAuthorizedException;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.FlushModeType;
import jakarta.persistence.PersistenceException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** How keeping and discarding fit into what else the caller's transaction and its entity manager do. */
abstract class CallersTransactionContract {

    private static final Caller BOB = Caller.user("bob");

    private final InvoiceApp app;
    private final TransactionalFiles files;

    CallersTransactionContract(InvoiceApp app) {
        this.app = app;
        this.files = app.files;
    }

    private StoredFile save(UploadRequest request, Caller caller, FileStore store, EntityManagerFactory factory) {
        StoredFile file = store.as(caller).upload(request.withTtl(Duration.ofHours(1)));
        try (EntityManager em = factory.createEntityManager()) {
            em.getTransaction().begin();
            em.persist(new Invoice(2026, "for the year", file.id()));
            files.keep(em, caller, file.id());
            em.getTransaction().commit();
        }
        return file;
    }

    @Test
    void savedAsInTheDocument_isPermanent() {
        StoredFile file = save(InvoiceApp.pdf("bob"), BOB, app.store, app.factory);
        assertThat(app.row(file).expiresAt()).isNull();
        assertThat(app.countInvoicesOf(file)).isOne();
        app.commit(em -> em.remove(em.find(Invoice.class, 2026L)));
    }

    @Test
    void noTransaction_isRefused() {
        StoredFile file = app.temporary("bob");
        try (EntityManager em = app.factory.createEntityManager()) {
            List<ThrowingCallable> calls =
                    List.of(() -> files.keep(em, file.id()), () -> files.discard(em, BOB, file.id()));
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("transaction");
            }
        }
    }

    @Test
    void refusal_caught_letsTheTransactionGoOn() {
        StoredFile foreign = app.permanent("alice");
        StoredFile own = app.temporary("bob");
        app.commit(em -> {
            em.persist(app.invoice(own.id()));
            assertThatThrownBy(() -> files.keep(em, BOB, foreign.id())).isInstanceOf(NotAuthorizedException.class);
            assertThatThrownBy(() -> files.discard(em, -1)).isInstanceOf(FileMissingException.class);
            files.keep(em, BOB, own.id());
        });
        assertThat(app.row(own).expiresAt()).isNull();
        assertThat(app.countInvoicesOf(own)).isOne();
    }

    @Test
    void fileUploadedSinceTheTransactionLooked_isFound() {
        StoredFile[] file = new StoredFile[1];
        app.commit(em -> {
            em.createQuery("select count(i) from Invoice i", Long.class).getSingleResult();
            file[0] = app.temporary("bob");
            files.keep(em, BOB, file[0].id());
        });
        assertThat(app.row(file[0]).expiresAt()).isNull();
    }

    @Test
    void fileDeletedSinceTheTransactionLooked_isMissing() {
        StoredFile file = app.permanent("bob");
        app.commit(em -> {
            assertThat(em.find(FileUpload.class, file.id())).isNotNull();
            app.store.delete(file.id());
            assertThatThrownBy(() -> files.keep(em, BOB, file.id())).isInstanceOf(FileMissingException.class);
        });
        assertThat(app.isReadable(file)).isFalse();
    }

    @Test
    void staleRowInThePersistenceContext_isNeitherBelievedNorWrittenBack() {
        StoredFile file = app.temporary("bob");
        FileRow leased = app.inTransaction(em -> {
            assertThat(em.find(FileUpload.class, file.id())).isNotNull();
            FileRow changed = app.rows
                    .compareAndSet(app.row(file).withDueAt(app.clock.instant().plusSeconds(5)))
                    .orElseThrow();
            files.keep(em, file.id());
            return changed;
        });
        assertThat(app.row(file).version()).isEqualTo(leased.version() + 1);
        assertThat(app.row(file).expiresAt()).isNull();
        app.commit(em -> {
            assertThat(em.find(FileUpload.class, file.id())).isNotNull();
            files.discard(em, file.id());
            em.flush();
        });
        assertThat(app.row(file).state()).isEqualTo(FileState.DELETING);
    }

    @Test
    void pendingChanges_whateverTheFlushMode_areCommittedWithIt() {
        for (FlushModeType mode : FlushModeType.values()) {
            StoredFile file = app.temporary("bob");
            StoredFile old = app.permanent("bob");
            app.commit(em -> {
                em.setFlushMode(mode);
                Invoice invoice = app.invoice(old.id());
                em.persist(invoice);
                files.keep(em, file.id());
                invoice.setFileId(file.id());
                files.discard(em, old.id());
            });
            assertThat(app.countInvoicesOf(file)).isOne();
            assertThat(app.row(file).expiresAt()).isNull();
            assertThat(app.isReadable(old)).isFalse();
        }
    }

    @Test
    void callersOwnFailure_atTheCommit_takesItBack() {
        StoredFile file = app.temporary("bob");
        Invoice taken = app.invoice(null);
        app.commit(em -> em.persist(taken));
        assertThatThrownBy(() -> app.commit(em -> {
                    files.keep(em, file.id());
                    em.createNativeQuery("insert into invoices select * from invoices")
                            .executeUpdate();
                }))
                .isInstanceOf(PersistenceException.class);
        assertThat(app.row(file).expiresAt()).isNotNull();
        assertThat(app.isReadable(file)).isTrue();
    }
}
