package dev.filestore.jpa;

import java.sql.SQLException;

class H2TransactionalFilesTest extends TransactionalFilesContract {

    H2TransactionalFilesTest() throws SQLException {
        super("h2");
    }
}
