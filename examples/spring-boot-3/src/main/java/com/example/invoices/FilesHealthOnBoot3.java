package com.example.invoices;

import dev.filestore.FileStore;
import dev.filestore.StoreHealth;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/** Whether the files' table and their storage answer. */
@Component("filesHealthIndicator")
class FilesHealthOnBoot3 extends AbstractHealthIndicator {

    private final FileStore store;

    FilesHealthOnBoot3(FileStore store) {
        this.store = store;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        StoreHealth files = store.health();
        files.databaseProblem().ifPresent(problem -> health.withDetail("database", problem));
        files.storageProblem().ifPresent(problem -> health.withDetail("storage", problem));
        health.status(files.isUp() ? Status.UP : Status.DOWN);
    }
}
