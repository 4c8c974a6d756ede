package dev.filestore.jpa;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.SharedCacheMode;
import jakarta.persistence.ValidationMode;
import jakarta.persistence.spi.ClassTransformer;
import jakarta.persistence.spi.PersistenceProvider;
import jakarta.persistence.spi.PersistenceProviderResolverHolder;
import jakarta.persistence.spi.PersistenceUnitInfo;
import jakarta.persistence.spi.PersistenceUnitTransactionType;
import java.net.URL;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The resource-local persistence unit of our entities alone, over a data source: what a {@code persistence.xml} would say.
 * It is asked for as a container asks (Jakarta Persistence 3.1, 9.4), since only there a data source and classes can be
 * handed over as they are, by 3.1 as by 3.2.
 */
final class DataSourceUnit implements PersistenceUnitInfo {

    private final DataSource dataSource;

    private DataSourceUnit(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * Makes a factory with the first provider that takes the unit, Hibernate before others: the one that we are tested on.
     *
     * @throws IllegalStateException if there is no provider
     * @throws jakarta.persistence.PersistenceException if the provider failed, as where the database does not answer
     */
    static EntityManagerFactory factory(DataSource dataSource) {
        DataSourceUnit unit = new DataSourceUnit(dataSource);
        return PersistenceProviderResolverHolder.getPersistenceProviderResolver().getPersistenceProviders().stream()
                .sorted(Comparator.comparing(DataSourceUnit::isOther))
                .map(provider -> provider.createContainerEntityManagerFactory(unit, Map.of()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("no provider of Jakarta Persistence is on the class path: add one, as"
                                + " org.hibernate.orm:hibernate-core, or hand over an entity manager factory"));
    }

    private static boolean isOther(PersistenceProvider provider) {
        return !provider.getClass().getName().startsWith("org.hibernate.");
    }

    @Override
    public String getPersistenceUnitName() {
        return "filestore";
    }

    /** Whichever provider is asked. */
    @Override
    public @Nullable String getPersistenceProviderClassName() {
        return null;
    }

    /** Asked for by providers of Jakarta Persistence 3.2. */
    public @Nullable String getScopeAnnotationName() {
        return null;
    }

    /** Asked for by providers of Jakarta Persistence 3.2. */
    public List<String> getQualifierAnnotationNames() {
        return List.of();
    }

    @Override
    public PersistenceUnitTransactionType getTransactionType() {
        return PersistenceUnitTransactionType.RESOURCE_LOCAL;
    }

    @Override
    public @Nullable DataSource getJtaDataSource() {
        return null;
    }

    @Override
    public DataSource getNonJtaDataSource() {
        return dataSource;
    }

    @Override
    public List<String> getMappingFileNames() {
        return List.of();
    }

    @Override
    public List<URL> getJarFileUrls() {
        return List.of();
    }

    /** Nowhere: nothing is searched for. */
    @Override
    public @Nullable URL getPersistenceUnitRootUrl() {
        return null;
    }

    @Override
    public List<String> getManagedClassNames() {
        return JpaMetadataRepository.entities().stream().map(Class::getName).toList();
    }

    @Override
    public boolean excludeUnlistedClasses() {
        return true;
    }

    @Override
    public SharedCacheMode getSharedCacheMode() {
        return SharedCacheMode.NONE;
    }

    @Override
    public ValidationMode getValidationMode() {
        return ValidationMode.NONE;
    }

    @Override
    public Properties getProperties() {
        return new Properties();
    }

    @Override
    public String getPersistenceXMLSchemaVersion() {
        return "3.0";
    }

    @Override
    public ClassLoader getClassLoader() {
        return DataSourceUnit.class.getClassLoader();
    }

    /** Does nothing: our classes are loaded already. */
    @Override
    public void addTransformer(ClassTransformer transformer) {}

    @Override
    public ClassLoader getNewTempClassLoader() {
        return getClassLoader();
    }
}
