package dev.filestore.jpa;

import java.sql.SQLException;

class PostgresTransactionalFilesRacesTest extends TransactionalFilesRaces {

    PostgresTransactionalFilesRacesTest() throws SQLException {
        super("postgresql");
    }
}
