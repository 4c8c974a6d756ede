package dev.filestore.jpa;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The script of a database, taken apart: what must be there, and the statement that makes each piece of it. */
final class SchemaScript {

    private static final Pattern TABLE = Pattern.compile("create table (\\w+) \\(\\n(.*?)\\n\\)", Pattern.DOTALL);
    private static final Pattern INDEX = Pattern.compile("create index (\\w+) on (\\w+) \\(([^)]*)\\)( where [^;]*)?;");
    private static final Pattern UNIQUE = Pattern.compile("constraint (\\w+) unique \\(([^)]*)\\)");
    private static final Pattern PRIMARY = Pattern.compile("primary key \\(([^)]*)\\)");

    private final String resource;
    private final Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    private final List<Index> indexes = new ArrayList<>();

    /**
     * An index, also one that a constraint has.
     *
     * @param condition which rows it holds, in PostgreSQL; empty for all
     * @param unique whether the rows are wrong without it, and not just slow to find
     * @param statement makes it
     */
    record Index(String name, String table, List<String> columns, String condition, boolean unique, String statement) {}

    SchemaScript(String database) {
        resource = "schema/" + database + ".sql";
        String text = read(resource);
        for (Matcher table = TABLE.matcher(text); table.find(); ) {
            tables.put(table.group(1), columns(table.group(1), table.group(2)));
        }
        for (Matcher index = INDEX.matcher(text); index.find(); ) {
            String condition = index.group(4) == null ? "" : index.group(4).substring(" where ".length());
            indexes.add(
                    new Index(index.group(1), index.group(2), names(index.group(3)), condition, false, index.group()));
        }
    }

    private static String read(String resource) {
        try (InputStream in = SchemaScript.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> columns(String table, String body) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (String line : body.split(",?\\n", -1)) {
            String definition = line.strip();
            Matcher unique = UNIQUE.matcher(definition);
            Matcher primary = PRIMARY.matcher(definition);
            if (unique.matches()) {
                indexes.add(new Index(
                        unique.group(1),
                        table,
                        names(unique.group(2)),
                        "",
                        true,
                        "alter table " + table + " add " + definition + ";"));
            } else if (primary.matches()) {
                addPrimaryKey(table, primary.group(1));
            } else if (!definition.startsWith("constraint ")) {
                String name = definition.substring(0, definition.indexOf(' '));
                columns.put(name, definition);
                if (definition.endsWith(" primary key")) {
                    addPrimaryKey(table, name);
                }
            }
        }
        return columns;
    }

    private void addPrimaryKey(String table, String columns) {
        indexes.add(new Index(
                "primary key of " + table,
                table,
                names(columns),
                "",
                true,
                "alter table " + table + " add primary key (" + columns + ");"));
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).toList();
    }

    /** Where the script is in the jar. */
    String path() {
        return "dev/filestore/jpa/" + resource;
    }

    /** The tables, each with its columns and the definitions of those. */
    Map<String, Map<String, String>> tables() {
        return tables;
    }

    List<Index> indexes() {
        return indexes;
    }
}
