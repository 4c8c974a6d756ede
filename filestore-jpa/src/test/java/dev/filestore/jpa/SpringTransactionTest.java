package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.Caller;
import dev.filestore.FileMissingException;
import dev.filestore.FileStore;
import dev.filestore.NotAuthorizedException;
import dev.filestore.StoredFile;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import java.sql.SQLException;
import org.hibernate.jpa.HibernatePersistenceProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** Files kept and discarded by a {@code @Transactional} service of a Spring application; docs/database.md shows parts. */
class SpringTransactionTest {

    private static final Caller BOB = Caller.user("bob");

    private final InvoiceApp app;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final InvoiceService invoices;

    SpringTransactionTest() throws SQLException {
        app = new InvoiceApp("h2");
        context.registerBean(InvoiceApp.class, () -> app);
        context.register(Application.class);
        context.refresh();
        invoices = context.getBean(InvoiceService.class);
    }

    @AfterEach
    void closeContext() {
        context.close();
        app.close();
    }

    @Configuration
    @EnableTransactionManagement(proxyTargetClass = true)
    static class Application {

        @Bean
        LocalContainerEntityManagerFactoryBean entityManagerFactory(InvoiceApp app) {
            LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
            bean.setDataSource(app.pool);
            bean.setPackagesToScan("dev.filestore.jpa");
            bean.setPersistenceProviderClass(HibernatePersistenceProvider.class);
            return bean;
        }

        @Bean
        JpaTransactionManager transactionManager(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory);
        }

        @Bean(destroyMethod = "")
        FileStore store(InvoiceApp app, EntityManagerFactory factory) {
            return app.builder().metadata(new JpaMetadataRepository(factory)).build();
        }

        @Bean
        TransactionalFiles files(InvoiceApp app) {
            return new TransactionalFiles(app.clock);
        }

        @Bean
        InvoiceService invoices(TransactionalFiles files) {
            return new InvoiceService(files);
        }
    }

    static class InvoiceService {

        private final TransactionalFiles files;

        @PersistenceContext
        private EntityManager em;

        InvoiceService(TransactionalFiles files) {
            this.files = files;
        }

        @Transactional
        public void save(Caller caller, Invoice invoice) {
            em.persist(invoice);
            files.keep(em, caller, invoice.fileId());
        }

        @Transactional
        public void delete(Caller caller, long id) {
            Invoice invoice = em.find(Invoice.class, id);
            em.remove(invoice);
            files.discard(em, caller, invoice.fileId());
        }

        @Transactional
        public void saveInVain(Caller caller, Invoice invoice) {
            save(caller, invoice);
            throw new IllegalStateException("the order is closed");
        }

        @Transactional
        public void deleteInVain(Caller caller, long id) {
            delete(caller, id);
            throw new IllegalStateException("the invoice is paid");
        }

        @Transactional
        public boolean saveWithoutAForeignFile(Caller caller, Invoice invoice) {
            em.persist(invoice);
            try {
                files.keep(em, caller, invoice.fileId());
                return true;
            } catch (FileMissingException | NotAuthorizedException e) {
                invoice.setFileId(null);
                return false;
            }
        }

        public void keepWithoutATransaction(long id) {
            files.keep(em, id);
        }
    }

    private StoredFile temporary() {
        return app.temporary("bob");
    }

    @Test
    void service_returns_keepsAndLaterDiscards() {
        StoredFile file = temporary();
        invoices.save(BOB, new Invoice(1, "for the year", file.id()));
        assertThat(app.row(file).expiresAt()).isNull();
        assertThat(app.countInvoicesOf(file)).isOne();

        invoices.delete(BOB, 1);
        assertThat(app.isReadable(file)).isFalse();
        assertThat(app.countInvoicesOf(file)).isZero();
        assertThat(app.isGoneInTheEnd(file)).isTrue();
    }

    @Test
    void service_throws_leavesEverythingAsItWas() {
        StoredFile file = temporary();
        assertThatThrownBy(() -> invoices.saveInVain(BOB, new Invoice(1, "for the year", file.id())))
                .hasMessage("the order is closed");
        assertThat(app.row(file).expiresAt()).isNotNull();
        assertThat(app.countInvoicesOf(file)).isZero();

        invoices.save(BOB, new Invoice(2, "for the year", file.id()));
        assertThatThrownBy(() -> invoices.deleteInVain(BOB, 2)).hasMessage("the invoice is paid");
        assertThat(app.isReadable(file)).isTrue();
        assertThat(app.countInvoicesOf(file)).isOne();
    }

    @Test
    void foreignFile_refusalNotCaught_rollsTheServiceBack() {
        StoredFile foreign = app.temporary("alice");
        assertThatThrownBy(() -> invoices.save(BOB, new Invoice(1, "for the year", foreign.id())))
                .isInstanceOf(NotAuthorizedException.class);
        assertThat(app.row(foreign).expiresAt()).isNotNull();
        assertThat(app.countInvoicesOf(foreign)).isZero();
    }

    @Test
    void foreignFile_refusalCaught_letsTheServiceCommit() {
        StoredFile foreign = app.temporary("alice");
        assertThat(invoices.saveWithoutAForeignFile(BOB, new Invoice(1, "for the year", foreign.id())))
                .isFalse();
        assertThat(app.inTransaction(em -> em.find(Invoice.class, 1L)).fileId()).isNull();
    }

    @Test
    void sharedEntityManager_outsideOfATransaction_isRefused() {
        StoredFile file = temporary();
        assertThatThrownBy(() -> invoices.keepWithoutATransaction(file.id()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("transaction");
    }
}
