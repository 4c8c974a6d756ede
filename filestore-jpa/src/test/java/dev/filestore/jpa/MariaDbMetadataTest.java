package dev.filestore.jpa;

import java.sql.SQLException;

class MariaDbMetadataTest extends JpaMetadataContract {

    MariaDbMetadataTest() throws SQLException {
        super(Databases.mariadb(), Writes.PERSISTENCE);
    }
}
