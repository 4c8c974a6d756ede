package dev.filestore.jpa;

import java.sql.SQLException;

class PostgresPlainMetadataTest extends JpaMetadataContract {

    PostgresPlainMetadataTest() throws SQLException {
        super(Databases.postgres(), Writes.PLAIN_STATEMENTS);
    }
}
