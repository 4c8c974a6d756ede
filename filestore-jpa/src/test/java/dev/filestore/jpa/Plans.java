package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How a database executes the statements of a repository, in its own words: asked for just before each is executed. */
final class Plans {

    private static final Map<String, Map<String, String>> NAMES = Map.of(
            "h2", Map.of("primary", "primary_key"),
            "postgresql", Map.of("primary", "file_uploads_pkey"),
            "mariadb", Map.of("primary", "key=primary"));

    /** What a plan says that reads all rows. */
    private static final Map<String, String[]> SCANS = Map.of(
            "h2", new String[] {"tablescan"},
            "postgresql", new String[] {"seq scan on file_uploads", "bitmap"},
            "mariadb", new String[] {"type=all", "filesort", "using temporary"});

    /** What a plan says of an index that is all it reads. H2 does not say it: it reads a row where a column is missing. */
    private static final Map<String, String> INDEX_ONLY = Map.of(
            "h2", "%s",
            "postgresql", "index only scan (backward )?using %s",
            "mariadb", "key=%s;[^\\n]*using index");

    /** How many rows a part of a plan has looked at. */
    private static final Map<String, Pattern> EXAMINED = Map.of(
            "h2", Pattern.compile("scancount: (\\d+)"),
            "postgresql",
                    Pattern.compile(
                            "(?:scan[^\\n]*actual[^\\n]* rows=|rows removed by (?:filter|index recheck): )(\\d+)"),
            "mariadb", Pattern.compile("r_rows=(\\d+)"));

    /** A statement, and what the database said of it. */
    record Plan(String sql, String text) {}

    final RecordingDataSource dataSource;
    private final String kind;
    private final boolean executed;
    private final List<Plan> plans = new ArrayList<>();

    /** Asks how a statement would be executed. */
    static Plans of(Databases.Database database) {
        return new Plans(database, false);
    }

    /** Has each SELECT executed twice: it costs more, and tells how many rows were looked at. */
    static Plans executed(Databases.Database database) {
        return new Plans(database, true);
    }

    private Plans(Databases.Database database, boolean executed) {
        this.kind = database.kind();
        this.executed = executed;
        this.dataSource = new RecordingDataSource(database, this::executing);
    }

    private void executing(String sql, List<RecordingDataSource.Binding> bindings) throws Exception {
        if (!bindings.isEmpty()) {
            boolean analyzed = executed && sql.startsWith("select");
            String text = analyzed ? dataSource.analyze(sql, bindings) : dataSource.explain(sql, bindings);
            plans.add(new Plan(sql, text.toLowerCase(Locale.ROOT)));
        }
    }

    /** What was executed since the last look. */
    List<Plan> taken() {
        List<Plan> taken = List.copyOf(plans);
        plans.clear();
        return taken;
    }

    /** What was executed on files since the last look were as many statements, and each looked up its index. */
    void uses(String... indexes) {
        List<Plan> taken = onFiles(taken());
        assertThat(taken).hasSameSizeAs(indexes);
        for (int i = 0; i < indexes.length; i++) {
            assertUses(taken.get(i), indexes[i]);
        }
    }

    static List<Plan> onFiles(List<Plan> plans) {
        return plans.stream()
                .filter(plan -> plan.sql().contains("file_uploads"))
                .toList();
    }

    void assertUses(Plan plan, String... indexes) {
        String[] names = Arrays.stream(indexes)
                .map(index -> NAMES.get(kind).getOrDefault(index, index))
                .toArray(String[]::new);
        assertThat(plan.text()).as(plan.sql()).contains(names).doesNotContain(SCANS.get(kind));
    }

    /** @param index a pattern of its name */
    void assertUsesOnly(Plan plan, String index) {
        assertThat(plan.text())
                .as(plan.sql())
                .containsPattern(INDEX_ONLY.get(kind).formatted(index))
                .doesNotContain(SCANS.get(kind));
    }

    /** The rows come in the order of the index. */
    void assertSortsNothing(Plan plan) {
        if (kind.equals("h2")) {
            assertThat(plan.text()).as(plan.sql()).containsPattern("index sorted \\*/");
        } else {
            assertThat(plan.text()).as(plan.sql()).doesNotContain("sort");
        }
    }

    /** How many rows the database looked at, in tables and in indexes. */
    long examined(List<Plan> executed) {
        return executed.stream()
                .flatMap(plan -> EXAMINED.get(kind).matcher(plan.text()).results())
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    /** Runs a call, and returns what was executed. */
    List<Plan> of(Runnable call) {
        plans.clear();
        call.run();
        return taken();
    }
}
