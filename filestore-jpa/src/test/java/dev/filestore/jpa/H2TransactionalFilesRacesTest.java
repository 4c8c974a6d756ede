package dev.filestore.jpa;

import java.sql.SQLException;

class H2TransactionalFilesRacesTest extends TransactionalFilesRaces {

    H2TransactionalFilesRacesTest() throws SQLException {
        super("h2");
    }
}
