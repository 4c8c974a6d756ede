package com.example.invoices;

import dev.filestore.FileStore;
import dev.filestore.Sweeper;
import dev.filestore.jpa.JpaMetadataRepository;
import dev.filestore.local.LocalStorage;
import dev.filestore.servlet.AccessPolicy;
import dev.filestore.servlet.ContainerAccessPolicy;
import dev.filestore.servlet.FileStoreServlet;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.servlet.Servlet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;

/** All that the application says about files. */
@ApplicationScoped
public class FilesConfiguration {

    @Resource(lookup = "java:jboss/datasources/files") // not enlisted: the store's transactions are its own
    private DataSource dataSource;

    private FileStore store;
    private Sweeper sweeper;

    @PostConstruct
    void open() {
        store = FileStore.builder()
                .storage(new LocalStorage(Path.of("data", "files")))
                .metadata(new JpaMetadataRepository(dataSource))
                .signedUrls(URI.create(System.getProperty("files.url", "http://127.0.0.1:8080/shared")))
                .build();
        sweeper = Sweeper.start(store, Duration.parse(System.getProperty("files.sweep-every", "PT1M")));
    }

    @PreDestroy
    void close() {
        sweeper.close();
        store.close();
    }

    @Produces
    FileStore store() {
        return store;
    }

    /** The server's user owns the files; its role admin may do everything with everybody's. */
    @Produces
    AccessPolicy access() {
        return new ContainerAccessPolicy("admin");
    }

    /** What comes over HTTP expires within an hour, unless an invoice keeps it. */
    Servlet servlet() {
        return FileStoreServlet.builder(store, access())
                .maxTtl(Duration.ofHours(1))
                .build();
    }
}
