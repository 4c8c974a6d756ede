package dev.filestore.jpa;

import java.sql.SQLException;

class MariaDbTransactionalFilesTest extends TransactionalFilesContract {

    MariaDbTransactionalFilesTest() throws SQLException {
        super("mariadb");
    }
}
