package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import dev.filestore.Caller;
import dev.filestore.FileRow;
import dev.filestore.FileStore;
import dev.filestore.NotAuthorizedException;
import dev.filestore.StoredFile;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import jakarta.transaction.RollbackException;
import jakarta.transaction.TransactionManager;
import java.util.Map;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.xa.PGXADataSource;

/** Files kept and discarded in a JTA transaction, while the store has a resource-local factory beside it. */
class JtaTransactionTest {

    private static final Caller BOB = Caller.user("bob");

    private final TransactionManager transactions = com.arjuna.ats.jta.TransactionManager.transactionManager();

    /** Nothing is written to the disk, and no port is opened. */
    @BeforeAll
    static void configureTransactions() throws Exception {
        arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier("test");
        arjPropertyManager.getCoordinatorEnvironmentBean().setTransactionStatusManagerEnable(false);
        for (String store : new String[] {null, "communicationStore", "stateStore"}) {
            BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store)
                    .setObjectStoreType(VolatileStore.class.getName());
        }
    }

    private static XADataSource xa(Databases.Database database) throws Exception {
        switch (database.kind()) {
            case "h2" -> {
                JdbcDataSource source = new JdbcDataSource();
                source.setURL(database.url());
                source.setUser(database.user());
                source.setPassword(database.password());
                return source;
            }
            case "postgresql" -> {
                PGXADataSource source = new PGXADataSource();
                source.setUrl(database.url());
                source.setUser(database.user());
                source.setPassword(database.password());
                return source;
            }
            default -> {
                MariaDbDataSource source = new MariaDbDataSource(database.url());
                source.setUser(database.user());
                source.setPassword(database.password());
                return source;
            }
        }
    }

    static EntityManagerFactory jta(EnlistingDataSource dataSource) {
        return Persistence.createEntityManagerFactory(
                "invoices", Map.of("jakarta.persistence.jtaDataSource", dataSource));
    }

    private interface Work {
        void run(EntityManager em) throws Exception;
    }

    private void inTransaction(EntityManagerFactory factory, Work work) throws Exception {
        transactions.begin();
        try (EntityManager em = factory.createEntityManager()) {
            work.run(em);
        } catch (Throwable e) {
            transactions.rollback();
            throw e;
        }
        transactions.commit();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void committed_isSeenByTheStoreFromTheCommitOn(String kind) throws Exception {
        try (InvoiceApp app = new InvoiceApp(kind);
                EntityManagerFactory factory = jta(new EnlistingDataSource(xa(app.database), transactions))) {
            TransactionalFiles files = app.files;
            StoredFile old = app.permanent("bob");
            StoredFile next = app.temporary("bob");
            inTransaction(factory, em -> {
                em.persist(app.invoice(next.id()));
                files.keep(em, BOB, next.id());
                files.discard(em, BOB, old.id());
                em.flush();
                assertThat(app.row(next).expiresAt()).isNotNull();
                assertThat(app.isReadable(old)).isTrue();
            });
            assertThat(app.row(next).expiresAt()).isNull();
            assertThat(app.isReadable(next)).isTrue();
            assertThat(app.isReadable(old)).isFalse();
            assertThat(app.countInvoicesOf(next)).isOne();
            assertThat(app.isGoneInTheEnd(old)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void rolledBack_byExceptionOrMark_changesNothing(String kind) throws Exception {
        try (InvoiceApp app = new InvoiceApp(kind);
                EntityManagerFactory factory = jta(new EnlistingDataSource(xa(app.database), transactions))) {
            StoredFile old = app.permanent("bob");
            StoredFile next = app.temporary("bob");
            FileRow oldRow = app.row(old);
            FileRow nextRow = app.row(next);
            Work work = em -> {
                em.persist(app.invoice(next.id()));
                app.files.keep(em, next.id());
                app.files.discard(em, old.id());
                em.flush();
            };
            assertThatThrownBy(() -> inTransaction(factory, em -> {
                        work.run(em);
                        throw new IllegalStateException("the order is closed");
                    }))
                    .hasMessage("the order is closed");
            assertThatThrownBy(() -> inTransaction(factory, em -> {
                        work.run(em);
                        transactions.setRollbackOnly();
                    }))
                    .isInstanceOf(RollbackException.class);
            assertThat(app.row(old)).isEqualTo(oldRow);
            assertThat(app.row(next)).isEqualTo(nextRow);
            assertThat(app.countInvoicesOf(next)).isZero();
            assertThat(app.isReadable(old)).isTrue();
            assertThat(app.isGoneInTheEnd(next)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void refusal_caught_letsTheTransactionCommit(String kind) throws Exception {
        try (InvoiceApp app = new InvoiceApp(kind);
                EntityManagerFactory factory = jta(new EnlistingDataSource(xa(app.database), transactions))) {
            StoredFile foreign = app.temporary("alice");
            StoredFile own = app.temporary("bob");
            inTransaction(factory, em -> {
                assertThatThrownBy(() -> app.files.keep(em, BOB, foreign.id()))
                        .isInstanceOf(NotAuthorizedException.class);
                app.files.keep(em, BOB, own.id());
            });
            assertThat(app.row(foreign).expiresAt()).isNotNull();
            assertThat(app.row(own).expiresAt()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void entityManager_notJoined_isRefusedUntilItJoins(String kind) throws Exception {
        try (InvoiceApp app = new InvoiceApp(kind);
                EntityManagerFactory factory = jta(new EnlistingDataSource(xa(app.database), transactions));
                EntityManager em = factory.createEntityManager()) {
            StoredFile file = app.temporary("bob");
            assertThatThrownBy(() -> app.files.keep(em, file.id()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("transaction");
            transactions.begin();
            assertThatThrownBy(() -> app.files.keep(em, file.id())).isInstanceOf(IllegalStateException.class);
            transactions.rollback();
            save(em, app.invoice(file.id()), BOB, app.files);
            assertThat(app.row(file).expiresAt()).isNull();
            assertThat(app.countInvoicesOf(file)).isOne();
        }
    }

    /** What a Jakarta EE application has: its own unit is JTA, and the store makes its own factory. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void storeOverADataSource_insideATransactionThatRollsBack_commitsItsOwn(String kind) throws Exception {
        try (InvoiceApp app = new InvoiceApp(kind);
                EntityManagerFactory factory = jta(new EnlistingDataSource(xa(app.database), transactions));
                FileStore store = FileStore.builder()
                        .storage(app.storage)
                        .metadata(new JpaMetadataRepository(app.pool))
                        .clock(app.clock)
                        .build()) {
            StoredFile first = store.upload(InvoiceApp.pdf("bob").withTtl(InvoiceApp.TTL));
            FileRow firstRow = app.row(first);
            StoredFile[] inside = new StoredFile[1];
            assertThatThrownBy(() -> inTransaction(factory, em -> {
                        inside[0] = store.upload(InvoiceApp.pdf("bob"));
                        app.files.keep(em, first.id());
                        em.flush();
                        assertThat(store.find(first.id())).contains(first);
                        transactions.setRollbackOnly();
                    }))
                    .isInstanceOf(RollbackException.class);
            assertThat(store.find(inside[0].id())).contains(inside[0]);
            assertThat(app.row(first)).isEqualTo(firstRow);
        }
    }

    private void save(EntityManager em, Invoice invoice, Caller caller, TransactionalFiles files) throws Exception {
        transactions.begin();
        em.joinTransaction();
        em.persist(invoice);
        files.keep(em, caller, invoice.fileId());
        transactions.commit();
    }
}
