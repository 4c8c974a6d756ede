package com.example.files;

import dev.filestore.FileStore;
import dev.filestore.jpa.JpaMetadataRepository;
import dev.filestore.local.LocalStorage;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import org.hibernate.cfg.Configuration;

/** Bytes in the folder data/files, rows in an H2 database beside it. */
final class Store {

    private Store() {}

    static EntityManagerFactory database() {
        Configuration hibernate = new Configuration();
        JpaMetadataRepository.entities().forEach(hibernate::addAnnotatedClass);
        hibernate.setProperty("hibernate.connection.url", "jdbc:h2:file:./data/rows");
        hibernate.setProperty("hibernate.connection.username", "sa");
        hibernate.setProperty("hibernate.hbm2ddl.auto", "update"); // makes the table, for a trial
        return hibernate.buildSessionFactory();
    }

    static FileStore open(EntityManagerFactory database) {
        return FileStore.builder()
                .storage(new LocalStorage(Path.of("data", "files")))
                .metadata(new JpaMetadataRepository(database))
                .build();
    }
}
