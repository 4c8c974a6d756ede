package dev.filestore.examples.reliability.network;

import dev.filestore.jpa.JpaMetadataRepository;
import jakarta.persistence.EntityManagerFactory;
import javax.sql.DataSource;

/** The same where rows are inserted and changed by plain statements that commit by themselves. */
class PlainDatabaseNetworkIT extends DatabaseNetworkIT {

    @Override
    JpaMetadataRepository rows(EntityManagerFactory factory, DataSource connections) {
        return new JpaMetadataRepository(factory, connections);
    }
}
