package com.example.invoices;

import dev.filestore.FileStore;
import dev.filestore.Sweeper;
import dev.filestore.jpa.JpaMetadataRepository;
import dev.filestore.local.LocalStorage;
import dev.filestore.metrics.FileStoreMetrics;
import dev.filestore.metrics.FileStoreObservations;
import dev.filestore.servlet.AccessPolicy;
import dev.filestore.servlet.ContainerAccessPolicy;
import dev.filestore.servlet.FileStoreServlet;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import jakarta.persistence.EntityManagerFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** All that the application says about files. Spring closes the sweeper, and then the store, when it shuts down. */
@Configuration(proxyBeanMethods = false)
@AutoConfigurationPackage(basePackageClasses = JpaMetadataRepository.class) // its entities, beside our own
class FilesConfiguration {

    @Bean
    FileStore fileStore(
            EntityManagerFactory factory,
            MeterRegistry meters,
            ObservationRegistry observations,
            @Value("${files.directory}") Path directory,
            @Value("${files.url}") URI url) {
        return FileStore.builder()
                .storage(new LocalStorage(directory))
                .metadata(new JpaMetadataRepository(factory))
                .observer(new FileStoreMetrics(meters))
                .observer(new FileStoreObservations(observations))
                .signedUrls(url)
                .build();
    }

    @Bean
    Sweeper sweeper(FileStore store, @Value("${files.sweep-every:1m}") Duration every) {
        return Sweeper.start(store, every);
    }

    /** Spring Security's user owns the files; its role ADMIN may do everything with everybody's. */
    @Bean
    AccessPolicy accessPolicy() {
        return new ContainerAccessPolicy("ADMIN");
    }

    /** What comes over HTTP expires within an hour, unless an invoice keeps it. */
    @Bean
    ServletRegistrationBean<FileStoreServlet> fileStoreServlet(FileStore store, AccessPolicy access) {
        var servlet = FileStoreServlet.builder(store, access).maxTtl(Duration.ofHours(1));
        return new ServletRegistrationBean<>(servlet.build(), "/api/files/*");
    }
}
