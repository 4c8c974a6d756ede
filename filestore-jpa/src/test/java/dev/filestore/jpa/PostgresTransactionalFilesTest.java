package dev.filestore.jpa;

import java.sql.SQLException;

class PostgresTransactionalFilesTest extends TransactionalFilesContract {

    PostgresTransactionalFilesTest() throws SQLException {
        super("postgresql");
    }
}
