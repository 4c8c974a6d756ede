package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.FileRow;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.hibernate.tool.schema.spi.SchemaManagementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts in the jar. That Hibernate's validation accepts each, the contract kit shows on the way. */
class SchemaTest {

    private static Set<String> indexes(Databases.Database database) throws SQLException {
        Set<String> indexes = new TreeSet<>();
        try (Connection connection = database.connect()) {
            String table = database.kind().equals("h2") ? "FILE_UPLOADS" : "file_uploads";
            try (ResultSet rows = connection
                    .getMetaData()
                    .getIndexInfo(connection.getCatalog(), connection.getSchema(), table, false, false)) {
                while (rows.next()) {
                    String name = rows.getString("INDEX_NAME").toLowerCase(Locale.ROOT);
                    if (name.startsWith("file_uploads") && !name.endsWith("pkey")) {
                        indexes.add(name.replaceAll("_index_\\d+$", "") + " " + rows.getString("ORDINAL_POSITION") + " "
                                + rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
        return indexes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void tableOfHibernate_hasTheIndexesOfTheScript(String kind) throws SQLException {
        Databases.Database made = Databases.of(kind);
        try (HikariDataSource pool = Factories.pool(made, 2);
                EntityManagerFactory factory = Factories.factory(pool, "create")) {
            JpaMetadataRepository rows = new JpaMetadataRepository(factory);
            FileRow row = rows.insert(StatementCountTest.row("key")).orElseThrow();
            assertThat(rows.insert(StatementCountTest.row("key"))).isEmpty();
            assertThat(rows.find(row.id())).contains(row);
            assertThat(indexes(made))
                    .isEqualTo(indexes(Databases.of(kind).withTable()))
                    .hasSizeGreaterThan(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void validation_columnMissing_refusesToStart(String kind) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        database.run("alter table file_uploads drop column sha256");
        try (HikariDataSource pool = Factories.pool(database, 2)) {
            assertThatThrownBy(() -> Factories.validated(pool))
                    .isInstanceOf(SchemaManagementException.class)
                    .hasMessageContaining("sha256");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void keyColumns_ofDifferentText_areRefused(String kind) throws SQLException {
        Databases.Database database = Databases.of(kind).withTable();
        try (HikariDataSource pool = Factories.pool(database, 2);
                EntityManagerFactory factory = Factories.validated(pool)) {
            assertThat(new JpaMetadataRepository(factory).insert(StatementCountTest.row("문서 😀 ")))
                    .isPresent();
            assertThatThrownBy(() -> database.run("update file_uploads set file_key = '문서 😀'"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("file_key");
        }
    }

    @Test
    void mysqlScript_isThatOfMariaDbWithItsOwnCollation() {
        assertThat(withoutComments("mysql"))
                .contains("utf8mb4_0900_bin")
                .isEqualTo(withoutComments("mariadb").replace("utf8mb4_nopad_bin", "utf8mb4_0900_bin"));
    }

    private static String withoutComments(String kind) {
        return Databases.script(kind).replaceAll("(?m)^--.*$", "");
    }
}
