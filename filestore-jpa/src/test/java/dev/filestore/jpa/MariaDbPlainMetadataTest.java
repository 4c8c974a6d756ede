package dev.filestore.jpa;

import java.sql.SQLException;

class MariaDbPlainMetadataTest extends JpaMetadataContract {

    MariaDbPlainMetadataTest() throws SQLException {
        super(Databases.mariadb(), Writes.PLAIN_STATEMENTS);
    }
}
