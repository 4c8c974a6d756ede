package dev.filestore.jpa;

import java.sql.SQLException;

class H2MetadataTest extends JpaMetadataContract {

    H2MetadataTest() throws SQLException {
        super(Databases.h2(), Writes.PERSISTENCE);
    }

    /** H2 has SKIP LOCKED since 2.2.220, but Hibernate 6.6 does not know. */
    @Override
    protected boolean passesOverLockedRows() {
        return !System.getProperty("filestore.hibernate").startsWith("6.");
    }
}
