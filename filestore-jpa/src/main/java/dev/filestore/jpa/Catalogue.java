package dev.filestore.jpa;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The databases whose own catalogue can be asked what there is. Names come in lower case. */
enum Catalogue {
    H2("select current_schema", "select cast(extract(epoch from current_timestamp) * 1000 as bigint)", """
            select table_name, index_name, column_name,
                case when is_unique then 1 else 0 end, ''
            from information_schema.index_columns
            where table_schema = ?1 and lower(table_name) in ('file_uploads', 'file_counts')
            order by index_name, ordinal_position"""),
    POSTGRESQL(
            "select cast(current_schema() as varchar)",
            "select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)",
            // One that is not valid is what a CREATE INDEX CONCURRENTLY leaves that failed.
            """
            select cast(t.relname as varchar), cast(i.relname as varchar), cast(a.attname as varchar),
                case when x.indisunique then 1 else 0 end,
                coalesce(pg_get_expr(x.indpred, x.indrelid), '')
            from pg_index x
            join pg_class t on t.oid = x.indrelid
            join pg_class i on i.oid = x.indexrelid
            join pg_namespace s on s.oid = t.relnamespace
            join lateral unnest(cast(x.indkey as int2[])) with ordinality as k(attnum, place) on true
            join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum
            where x.indisvalid and s.nspname = ?1 and t.relname in ('file_uploads', 'file_counts')
            order by i.relname, k.place"""),
    MARIADB("select database()", "select cast(unix_timestamp(now(6)) * 1000 as signed)", """
            select table_name, index_name, column_name, 1 - non_unique, ''
            from information_schema.statistics
            where table_schema = ?1 and table_name in ('file_uploads', 'file_counts')
            order by table_name, index_name, seq_in_index"""),
    MYSQL(MARIADB.schema, MARIADB.time, MARIADB.indexes);

    /** The three have a table that no other has. */
    private static final String MARKS = """
            select lower(table_schema), lower(table_name) from information_schema.tables
            where lower(table_name) in ('pg_index', 'engines', 'index_columns', 'file_uploads', 'file_counts')""";

    private final String schema;
    private final String time;
    private final String indexes;

    Catalogue(String schema, String time, String indexes) {
        this.schema = schema;
        this.time = time;
        this.indexes = indexes;
    }

    /** An index as it is there. */
    record Index(String name, String table, List<String> columns, boolean unique, String condition) {

        /** Whether it does what another would: by the same columns first, and for no fewer rows. */
        boolean serves(SchemaScript.Index wanted) {
            return table.equals(wanted.table())
                    && (wanted.unique()
                            ? unique && columns.equals(wanted.columns())
                            : columns.size() >= wanted.columns().size()
                                    && columns.subList(0, wanted.columns().size())
                                            .equals(wanted.columns()))
                    && (condition.isEmpty() || condition.equals("(" + wanted.condition() + ")"));
        }
    }

    /**
     * Finds out which database this is.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Catalogue of(EntityManager em) {
        Set<String> marks = new LinkedHashSet<>();
        for (Object[] row : rows(em, MARKS)) {
            marks.add(row[0] + "." + row[1]);
        }
        if (marks.contains("pg_catalog.pg_index")) {
            return POSTGRESQL;
        }
        if (marks.contains("information_schema.engines")) {
            String version =
                    String.valueOf(em.createNativeQuery("select version()").getSingleResult());
            return version.toLowerCase(Locale.ROOT).contains("mariadb") ? MARIADB : MYSQL;
        }
        if (marks.contains("information_schema.index_columns")) {
            return H2;
        }
        throw new IllegalArgumentException("unknown");
    }

    /** The name of its script. */
    String script() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Milliseconds since 1970, by the database's clock. */
    long millis(EntityManager em) {
        return ((Number) em.createNativeQuery(time).getSingleResult()).longValue();
    }

    /** The schema that holds the table: the one of the connection, else the only one that has it. */
    String schema(EntityManager em) {
        String current = String.valueOf(em.createNativeQuery(schema).getSingleResult());
        List<String> having = rows(
                        em,
                        "select table_schema, table_name from information_schema.tables"
                                + " where lower(table_name) = 'file_uploads'")
                .stream()
                .map(row -> row[0].toString())
                .toList();
        return having.contains(current) || having.size() != 1 ? current : having.get(0);
    }

    /** The columns of our tables, by table; each with its collation where it has one. */
    Map<String, Map<String, String>> columns(EntityManager em, String inSchema) {
        Map<String, Map<String, String>> tables = new LinkedHashMap<>();
        for (Object[] row : rows(
                em,
                "select table_name, column_name, coalesce(collation_name, '') from information_schema.columns"
                        + " where table_schema = ?1 and lower(table_name) in ('file_uploads', 'file_counts')",
                inSchema)) {
            tables.computeIfAbsent(lower(row[0]), table -> new LinkedHashMap<>())
                    .put(lower(row[1]), lower(row[2]));
        }
        return tables;
    }

    List<Index> indexes(EntityManager em, String inSchema) {
        Map<String, Index> found = new LinkedHashMap<>();
        for (Object[] row : rows(em, indexes, inSchema)) {
            found.computeIfAbsent(
                            lower(row[0]) + "." + lower(row[1]),
                            name -> new Index(
                                    lower(row[1]),
                                    lower(row[0]),
                                    new ArrayList<>(),
                                    ((Number) row[3]).intValue() == 1,
                                    lower(row[4])))
                    .columns()
                    .add(lower(row[2]));
        }
        return List.copyOf(found.values());
    }

    private static String lower(Object value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    private static List<Object[]> rows(EntityManager em, String sql, Object... parameters) {
        var query = em.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        List<?> rows = query.getResultList();
        return rows.stream()
                .map(row -> Arrays.copyOf((Object[]) row, ((Object[]) row).length))
                .toList();
    }
}
