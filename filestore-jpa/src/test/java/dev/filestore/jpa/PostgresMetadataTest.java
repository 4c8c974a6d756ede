package dev.filestore.jpa;

import java.sql.SQLException;

class PostgresMetadataTest extends JpaMetadataContract {

    PostgresMetadataTest() throws SQLException {
        super(Databases.postgres(), Writes.PERSISTENCE);
    }
}
