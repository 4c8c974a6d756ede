package dev.filestore.jpa;

import java.sql.SQLException;

class H2PlainMetadataTest extends JpaMetadataContract {

    H2PlainMetadataTest() throws SQLException {
        super(Databases.h2(), Writes.PLAIN_STATEMENTS);
    }

    /** H2 has SKIP LOCKED since 2.2.220, but Hibernate 6.6 does not know. */
    @Override
    protected boolean passesOverLockedRows() {
        return !System.getProperty("filestore.hibernate").startsWith("6.");
    }
}
