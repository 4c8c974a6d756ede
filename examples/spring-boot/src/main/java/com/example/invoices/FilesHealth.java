package com.example.invoices;

import dev.filestore.FileStore;
import dev.filestore.StorageBackend;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Whether the files' table and their storage answer. */
@Component("filesHealthIndicator")
class FilesHealth extends AbstractHealthIndicator {

    private final FileStore store;
    private final StorageBackend storage;

    FilesHealth(FileStore store, StorageBackend storage) {
        this.store = store;
        this.storage = storage;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        store.find(0);
        storage.list("", "", 1);
        health.up();
    }
}
