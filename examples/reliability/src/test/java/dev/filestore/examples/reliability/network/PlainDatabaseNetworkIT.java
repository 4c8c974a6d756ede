package dev.filestore.examples.reliability.network;

import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.PendingEvents;
import dev.filestore.jpa.JpaMetadataRepository;
import jakarta.persistence.EntityManagerFactory;
import java.time.Instant;
import javax.sql.DataSource;

/** The same where rows are inserted and changed by plain statements that commit by themselves. */
class PlainDatabaseNetworkIT extends DatabaseNetworkIT {

    @Override
    JpaMetadataRepository rows(EntityManagerFactory factory, DataSource connections) {
        JpaMetadataRepository rows = new JpaMetadataRepository(factory, connections);
        // The first row of a repository is inserted by the factory.
        rows.remove(rows.insert(row()).orElseThrow());
        return rows;
    }

    private static FileRow row() {
        return new FileRow(
                0,
                0,
                FileState.PENDING,
                Instant.EPOCH,
                0,
                "123",
                "first",
                "first.pdf",
                0,
                "application/pdf",
                Category.DOCUMENT,
                null,
                null,
                null,
                null,
                Instant.EPOCH,
                null,
                PendingEvents.NONE);
    }
}
