package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.FileRow;
import dev.filestore.MetadataException;
import dev.filestore.MetadataRepository;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import jakarta.persistence.spi.PersistenceProvider;
import jakarta.persistence.spi.PersistenceProviderResolver;
import jakarta.persistence.spi.PersistenceProviderResolverHolder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.hibernate.cfg.Configuration;
import org.hibernate.jpa.HibernatePersistenceProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.transaction.support.TransactionTemplate;

/** The ways in which a host comes to its entity manager factory; {@code docs/database.md} shows parts of this class. */
class BootstrapTest {

    private final HikariDataSource dataSource;

    BootstrapTest() throws SQLException {
        dataSource = Factories.pool(Databases.h2().withTable(), 5);
    }

    @AfterEach
    void closeDataSource() {
        dataSource.close();
    }

    private static FileRow assertWorks(MetadataRepository rows, String key) {
        FileRow row = rows.insert(StatementCountTest.row(key)).orElseThrow();
        assertThat(rows.findByKey(key)).contains(row);
        return row;
    }

    static MetadataRepository plain(DataSource dataSource) {
        Configuration configuration = new Configuration();
        JpaMetadataRepository.entities().forEach(configuration::addAnnotatedClass);
        configuration.getProperties().put("jakarta.persistence.nonJtaDataSource", dataSource);
        configuration.setProperty("hibernate.hbm2ddl.auto", "validate");
        return new JpaMetadataRepository(configuration.buildSessionFactory());
    }

    static MetadataRepository persistenceXml(DataSource dataSource) {
        EntityManagerFactory factory = Persistence.createEntityManagerFactory(
                "app", Map.of("jakarta.persistence.nonJtaDataSource", dataSource));
        return new JpaMetadataRepository(factory);
    }

    static MetadataRepository besidesPlainStatements(EntityManagerFactory factory, DataSource dataSource) {
        return new JpaMetadataRepository(factory, dataSource);
    }

    static MetadataRepository alone(DataSource dataSource) {
        return new JpaMetadataRepository(dataSource);
    }

    static LocalContainerEntityManagerFactoryBean spring(DataSource dataSource) {
        LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
        bean.setDataSource(dataSource);
        bean.setPackagesToScan("com.example.app", "dev.filestore.jpa");
        bean.setPersistenceProviderClass(HibernatePersistenceProvider.class);
        return bean;
    }

    @Test
    void plain_entitiesAdded_works() {
        assertWorks(plain(dataSource), "key");
    }

    @Test
    void persistenceXml_classListed_works() {
        assertWorks(persistenceXml(dataSource), "key");
    }

    @Test
    void alone_works_andClosesItsFactory() {
        MetadataRepository rows = alone(dataSource);
        FileRow row = assertWorks(rows, "first");
        assertWorks(rows, "second");
        assertThat(rows.claimDue(row.uploadedAt().plus(Duration.ofDays(1)), row.uploadedAt(), 10))
                .hasSize(2);
        assertThat(rows.remove(rows.find(row.id()).orElseThrow())).isTrue();

        rows.close();
        rows.close();

        assertThat(dataSource.isClosed()).isFalse();
        assertThatThrownBy(() -> rows.findByKey("second")).isInstanceOf(MetadataException.class);
    }

    @Test
    void alone_databaseAway_isTheDatabasesFailure() {
        dataSource.close();
        assertThatThrownBy(() -> alone(dataSource))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("make an entity manager factory");
    }

    private static void withProviders(List<PersistenceProvider> providers, Runnable work) {
        PersistenceProviderResolver before = PersistenceProviderResolverHolder.getPersistenceProviderResolver();
        PersistenceProviderResolver resolver = mock(PersistenceProviderResolver.class);
        when(resolver.getPersistenceProviders()).thenReturn(providers);
        PersistenceProviderResolverHolder.setPersistenceProviderResolver(resolver);
        try {
            work.run();
        } finally {
            PersistenceProviderResolverHolder.setPersistenceProviderResolver(before);
        }
    }

    @Test
    void alone_besideAnotherProvider_takesHibernate() {
        PersistenceProvider other = mock(PersistenceProvider.class);
        withProviders(List.of(other, new HibernatePersistenceProvider()), () -> {
            try (MetadataRepository rows = alone(dataSource)) {
                assertWorks(rows, "key");
            }
        });
        verifyNoInteractions(other);
    }

    @Test
    void alone_withoutAProviderThatTakesIt_saysWhatIsMissing() {
        PersistenceProvider other = mock(PersistenceProvider.class);
        withProviders(
                List.of(other),
                () -> assertThatThrownBy(() -> alone(dataSource))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("no provider of Jakarta Persistence"));
        verify(other).createContainerEntityManagerFactory(any(), any());
    }

    @Test
    void spring_packageScanned_works() {
        LocalContainerEntityManagerFactoryBean bean = spring(dataSource);
        bean.afterPropertiesSet();
        assertWorks(new JpaMetadataRepository(bean.getObject()), "key");
        bean.destroy();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void spring_insideATransactionThatRollsBack_commitsItsOwn(boolean plainStatements) {
        LocalContainerEntityManagerFactoryBean bean = spring(dataSource);
        bean.afterPropertiesSet();
        EntityManagerFactory factory = bean.getObject();
        MetadataRepository rows =
                plainStatements ? besidesPlainStatements(factory, dataSource) : new JpaMetadataRepository(factory);
        assertWorks(rows, "first");
        FileRow[] row = new FileRow[1];
        new TransactionTemplate(new JpaTransactionManager(factory)).executeWithoutResult(status -> {
            row[0] = rows.compareAndSet(assertWorks(rows, "key")).orElseThrow();
            status.setRollbackOnly();
        });
        assertThat(rows.find(row[0].id())).contains(row[0]);
        bean.destroy();
    }

    @Test
    void factory_withoutTheEntity_isRefused() {
        Configuration configuration = new Configuration();
        configuration.getProperties().put("jakarta.persistence.nonJtaDataSource", dataSource);
        try (EntityManagerFactory factory = configuration.buildSessionFactory()) {
            assertThatThrownBy(() -> new JpaMetadataRepository(factory))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("dev.filestore.jpa.FileUpload")
                    .hasMessageContaining("entities()");
        }
    }
}
