package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.Category;
import dev.filestore.RowQuery;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Do the pages and totals of lists cost more on a larger table, and for a user who has a tenth of it? In the build only on
 * small tables, to see that the databases look at no more rows, in the order of an index, and read only the index where
 * that is enough. The figures, on the output of the test, are those of
 *
 * <pre>mvn -Dfast test-compile surefire:test@default-test -pl filestore-jpa -am -Dtest=ListCostTest
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dfilestore.list.rows=10000,10000000</pre>
 */
class ListCostTest {

    private static final long[] SIZES = Arrays.stream(
                    System.getProperty("filestore.list.rows", "11000,31000").split(","))
            .mapToLong(Long::parseLong)
            .toArray();

    private static final long LARGEST = SIZES[SIZES.length - 1];

    private static final int PAGE = 51;
    private static final int ROUNDS = LARGEST < 100_000 ? 1 : 301;

    private static final String OWNER = "file_uploads_owner";
    private static final String CATEGORY = "file_uploads_category";
    private static final String PRIMARY = "primary";

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");
    private static final RowQuery HEAVY = new RowQuery(ManyRows.HEAVY, null, NOW);
    private static final RowQuery IMAGES = new RowQuery(ManyRows.HEAVY, Category.IMAGE, NOW);
    private static final RowQuery VIDEOS = new RowQuery(ManyRows.HEAVY, Category.VIDEO, NOW);
    private static final RowQuery LIGHT = new RowQuery("user-7", null, NOW);
    private static final RowQuery ALL = new RowQuery(null, null, NOW);

    @TempDir
    private Path folder;

    /** What is measured, which index its statements go along, and whose total belongs to it, if any. */
    private record Call(String index, @Nullable RowQuery counted, Consumer<JpaMetadataRepository> call) {}

    private static Map<String, Call> pages(long rows) {
        RowQuery.Position middle =
                new RowQuery.Position(Instant.parse("2020-01-01T00:00:00Z").plusSeconds(rows / 2), rows / 2);
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("first page", new Call(OWNER, HEAVY, list -> list.list(HEAVY, null, 0, PAGE)));
        calls.put("cursor in the middle", new Call(OWNER, HEAVY, list -> list.list(HEAVY, middle, 0, PAGE)));
        calls.put("offset 500", new Call(OWNER, HEAVY, list -> list.list(HEAVY, null, 500, PAGE)));
        calls.put("common category", new Call(CATEGORY, IMAGES, list -> list.list(IMAGES, null, 0, PAGE)));
        calls.put("its cursor", new Call(CATEGORY, IMAGES, list -> list.list(IMAGES, middle, 0, PAGE)));
        calls.put("rare category", new Call(CATEGORY, VIDEOS, list -> list.list(VIDEOS, null, 0, PAGE)));
        calls.put("another user", new Call(OWNER, LIGHT, list -> list.list(LIGHT, null, 0, PAGE)));
        calls.put("all users", new Call(PRIMARY, null, list -> list.list(ALL, null, 0, PAGE)));
        calls.put("their cursor", new Call(PRIMARY, null, list -> list.list(ALL, middle, 0, PAGE)));
        return calls;
    }

    /** What is measured on a table. */
    private record Table(long size, Map<String, Runnable> calls, EntityManagerFactory factory, HikariDataSource pool) {

        void close() {
            factory.close();
            pool.close();
        }
    }

    private static final Map<String, RowQuery> TOTALS = new LinkedHashMap<>();

    static {
        TOTALS.put("total", HEAVY);
        TOTALS.put("total of a category", IMAGES);
        TOTALS.put("total of a rare one", VIDEOS);
        TOTALS.put("total of another user", LIGHT);
    }

    /** What a user asks for: a page with its total; and the parts. */
    private static Map<String, Runnable> calls(long rows, JpaMetadataRepository repository) {
        Map<String, Runnable> calls = new LinkedHashMap<>();
        pages(rows)
                .forEach((name, call) -> calls.put(name, () -> {
                    call.call().accept(repository);
                    if (call.counted() != null) {
                        repository.count(call.counted());
                    }
                }));
        TOTALS.forEach((name, query) -> calls.put(name, () -> repository.count(query)));
        return calls;
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mariadb", "h2"})
    void lists_onLargerTables_lookAtNoMoreRows(String kind) throws Exception {
        List<Table> tables = new ArrayList<>();
        try {
            for (long size : SIZES) {
                tables.add(table(kind, size));
            }
            // Warms up the program, and the databases' memory.
            measure(tables);
            report(kind, tables, measure(tables));
        } finally {
            tables.forEach(Table::close);
        }
    }

    /** A table of files, with all lists asserted to look at no more rows than they should. */
    private Table table(String kind, long size) throws SQLException {
        Databases.Database database = ManyRows.room(kind, LARGEST, folder.resolve("files" + size));
        new ManyRows(database).growTo(size);
        HikariDataSource pool = Factories.pool(database, 2);
        EntityManagerFactory factory = Factories.validated(pool);
        JpaMetadataRepository repository = new JpaMetadataRepository(factory);
        Plans plans = Plans.executed(database);
        try (EntityManagerFactory watched = Factories.factory(plans.dataSource, "none")) {
            JpaMetadataRepository planned = new JpaMetadataRepository(watched);
            for (RowQuery query : List.of(HEAVY, IMAGES, VIDEOS, LIGHT)) {
                fold(repository, planned, plans, query);
            }
            pages(size)
                    .forEach((name, call) -> assertPage(
                            plans,
                            plans.of(() -> call.call().accept(planned)),
                            call.index(),
                            name.startsWith("offset") ? 500 : 0));
            TOTALS.forEach((name, query) -> assertTotal(plans, plans.of(() -> planned.count(query))));
        }
        assertThat(repository.count(HEAVY)).isEqualTo(size / 10);
        return new Table(size, calls(size, repository), factory, pool);
    }

    /** As many lists do it over some minutes: the first of them watched. */
    private static void fold(
            JpaMetadataRepository repository, JpaMetadataRepository planned, Plans plans, RowQuery query) {
        repository.count(new RowQuery(query.owner(), query.category(), NOW.minus(Duration.ofHours(1))));
        List<Plans.Plan> folding = Plans.onFiles(plans.of(() -> planned.count(query)));
        assertThat(folding).hasSizeBetween(1, 3);
        for (Plans.Plan plan : folding) {
            plans.assertUsesOnly(plan, "file_uploads_(owner|category|expiry)");
        }
        if (folding.size() > 1) {
            // Where the fold ends.
            plans.assertSortsNothing(folding.get(1));
        }
        for (long i = 0; i < 2 + LARGEST / 10 / Folds.ROWS_AT_ONCE; i++) {
            repository.count(query);
        }
    }

    /** What is on a page is found in the order of an index, and that alone; and then its rows. */
    private static void assertPage(Plans plans, List<Plans.Plan> taken, String index, int offset) {
        assertThat(taken).hasSize(2);
        Plans.Plan ids = taken.get(0);
        Plans.Plan rows = taken.get(1);
        if (index.equals(PRIMARY)) {
            plans.assertUses(ids, index);
        } else {
            plans.assertUsesOnly(ids, index);
        }
        plans.assertSortsNothing(ids);
        assertThat(plans.examined(List.of(ids))).as(ids.text()).isLessThanOrEqualTo(offset + PAGE + 2L);
        plans.assertUses(rows, PRIMARY);
        assertThat(plans.examined(List.of(rows))).as(rows.text()).isLessThanOrEqualTo(PAGE + 2L);
    }

    private static void assertTotal(Plans plans, List<Plans.Plan> taken) {
        List<Plans.Plan> counting = Plans.onFiles(taken);
        assertThat(counting).hasSize(1);
        plans.assertUsesOnly(counting.get(0), "file_uploads_(owner|category|expiry)");
        assertThat(plans.examined(taken)).as(counting.get(0).text()).isLessThanOrEqualTo(Counts.FEW + 10L);
    }

    /** How many microseconds each call takes on each table, in turn, so that a busy moment falls on all of them. */
    private static Map<String, double[][]> measure(List<Table> tables) {
        Map<String, double[][]> micros = new LinkedHashMap<>();
        for (String name : tables.get(0).calls().keySet()) {
            double[][] each = new double[tables.size()][ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < tables.size(); i++) {
                    Runnable call = tables.get(i).calls().get(name);
                    long start = System.nanoTime();
                    call.run();
                    each[i][round] = (System.nanoTime() - start) / 1e3;
                }
            }
            micros.put(name, each);
        }
        return micros;
    }

    private static void report(String kind, List<Table> tables, Map<String, double[][]> micros) {
        micros.forEach((name, each) -> {
            for (int i = 0; i < each.length; i++) {
                double middle = median(each[i]);
                System.out.printf(
                        "%-10s %,11d rows, %-22s %9.0f us, %5.2f times%n",
                        kind, tables.get(i).size(), name, middle, middle / median(each[0]));
            }
        });
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }
}
