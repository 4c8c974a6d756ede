package dev.filestore.jpa;

import java.sql.SQLException;

class MariaDbTransactionalFilesRacesTest extends TransactionalFilesRaces {

    MariaDbTransactionalFilesRacesTest() throws SQLException {
        super("mariadb");
    }
}
