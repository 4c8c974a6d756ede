package dev.filestore.jpa;

import dev.filestore.CheckReport.Finding;
import dev.filestore.CheckReport.Status;
import dev.filestore.Checkable.Step;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the database to its script, and its clock to ours, without writing; and says what to do about what it refuses. */
final class DatabaseCheck {

    private static final String CONNECTION = "database: connection";
    private static final String TABLES = "database: tables";

    private final Transactions transactions;

    DatabaseCheck(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @param catalogue empty where the database is none that we know */
    private record Known(Optional<Catalogue> catalogue) {}

    List<Step> looks(Clock clock) {
        Known[] known = new Known[1];
        return List.of(
                new Step(CONNECTION, true, () -> {
                    known[0] = connect();
                    return List.of(connection(known[0]));
                }),
                new Step("database: clock", false, () -> List.of(clock(known[0], clock))),
                new Step(TABLES, false, () -> tables(known[0])));
    }

    private Known connect() {
        return transactions.run("connect", em -> {
            try {
                return new Known(Optional.of(Catalogue.of(em)));
            } catch (IllegalArgumentException e) {
                return new Known(Optional.empty());
            }
        });
    }

    private static Finding connection(Known known) {
        return known.catalogue()
                .map(catalogue -> Finding.ok(CONNECTION, catalogue.script() + " answered"))
                .orElseGet(() -> unknown(CONNECTION));
    }

    private static Finding unknown(String check) {
        return Finding.unknown(
                check,
                "this is neither PostgreSQL nor MariaDB nor H2, the databases that were tried",
                "Compare the table to the scripts in dev/filestore/jpa/schema by hand");
    }

    private Finding clock(Known known, Clock clock) {
        String check = "database: clock";
        return known.catalogue()
                .map(catalogue -> transactions.run("read the time", em -> {
                    Instant sent = clock.instant();
                    Instant theirs = Instant.ofEpochMilli(catalogue.millis(em));
                    return Finding.ofClock(check, theirs, sent, clock.instant());
                }))
                .orElseGet(() -> unknown(check));
    }

    private List<Finding> tables(Known known) {
        return known.catalogue()
                .map(catalogue -> transactions.run("read the catalogue", em -> {
                    String schema = catalogue.schema(em);
                    return compare(catalogue, schema, catalogue.columns(em, schema), catalogue.indexes(em, schema));
                }))
                .orElseGet(() -> List.of(unknown(TABLES)));
    }

    private static List<Finding> compare(
            Catalogue catalogue, String schema, Map<String, Map<String, String>> there, List<Catalogue.Index> indexes) {
        SchemaScript script = new SchemaScript(catalogue.script());
        List<Finding> findings = new ArrayList<>();
        script.tables().forEach((table, columns) -> {
            Map<String, String> found = there.get(table);
            if (found == null) {
                findings.add(Finding.failed(
                        "database: table " + table,
                        "there is no table " + table + " in the schema " + schema,
                        "Run the script " + script.path()
                                + " in the jar of filestore-jpa, or have your migrations do it. Where the table"
                                + " is mapped to another name, compare it to the script by hand"));
                return;
            }
            findings.addAll(columns(table, columns, found));
            if (catalogue == Catalogue.MARIADB || catalogue == Catalogue.MYSQL) {
                findings.add(collation(catalogue, table, String.valueOf(found.get("user_id"))));
            }
            script.indexes().stream()
                    .filter(wanted -> wanted.table().equals(table))
                    .forEach(wanted -> findings.add(index(wanted, indexes)));
        });
        return findings;
    }

    private static List<Finding> columns(String table, Map<String, String> wanted, Map<String, String> found) {
        List<Finding> missing = new ArrayList<>();
        wanted.forEach((name, definition) -> {
            if (!found.containsKey(name)) {
                missing.add(Finding.failed(
                        "database: column " + table + "." + name,
                        "the column is missing",
                        "alter table " + table + " add column " + definition + ";"));
            }
        });
        return missing.isEmpty()
                ? List.of(Finding.ok("database: table " + table, "all " + wanted.size() + " columns are there"))
                : missing;
    }

    /** Whose text rules fold case or trailing spaces takes two users for one. */
    private static Finding collation(Catalogue catalogue, String table, String collation) {
        String check = "database: collation of " + table;
        String exact = catalogue == Catalogue.MARIADB ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin";
        return collation.equals(exact)
                ? Finding.ok(check, "text is compared exactly: " + collation)
                : Finding.warning(
                        check,
                        "text is compared by " + collation
                                + ", and users whose ids differ by case, accents or trailing spaces can be"
                                + " taken for one",
                        "alter table " + table + " convert to character set utf8mb4 collate " + exact + ";");
    }

    private static Finding index(SchemaScript.Index wanted, List<Catalogue.Index> indexes) {
        String check = "database: index " + wanted.name();
        if (indexes.stream().anyMatch(index -> index.serves(wanted))) {
            return Finding.ok(check, "it is there");
        }
        String columns = "(" + String.join(", ", wanted.columns()) + ") of " + wanted.table();
        return new Finding(
                check,
                wanted.unique() ? Status.FAILED : Status.WARNING,
                wanted.unique()
                        ? "nothing keeps two rows from having one " + columns
                        : "no index on " + columns + ": sweeps, lists and counts read the whole table",
                Optional.of(wanted.statement()));
    }

    /** What the database's refusal means: SQL:2023 part 2, section 24.1, and the codes of the three databases. */
    static Optional<String> cure(Exception failure) {
        SQLException refusal = Transactions.refusal(failure);
        if (refusal == null) {
            return Optional.empty();
        }
        String state = refusal.getSQLState() == null ? "" : refusal.getSQLState();
        int code = refusal.getErrorCode();
        if (state.startsWith("28") || code == 1045) {
            return Optional.of("The database refused the login: set user and password of the data source");
        }
        if (state.equals("42501") || code == 1142 || code == 1143 || code == 90096) {
            return Optional.of("grant select, insert, update, delete on file_uploads to the user of the application;"
                    + " the same on file_counts");
        }
        if (state.equals("42P01") || state.startsWith("42S0") || state.equals("42102")) {
            return Optional.of(
                    "Run the script for your database in dev/filestore/jpa/schema, in the jar of filestore-jpa");
        }
        if (state.equals("42703") || state.equals("42S22")) {
            return Optional.of("Add the column that database: tables names");
        }
        if (state.equals("3D000") || code == 1049 || code == 90149 || code == 90013) {
            return Optional.of("There is no such database: create it, or mend the URL of the data source");
        }
        if (state.equals("25006") || code == 1290 || code == 1792 || code == 90097) {
            return Optional.of("The database takes no changes: connect to the primary, not to a replica");
        }
        if (state.startsWith("08") || state.isEmpty()) {
            return Optional.of(
                    "No connection: see that the database runs, that address and port in the URL of the data source are right,"
                            + " and that the pool has connections left");
        }
        return Optional.of("The database says SQL state " + state + ", code " + code + ": see its manual and its log");
    }
}
