package dev.filestore.examples.benchmarks.rows;

import dev.filestore.Category;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.RowQuery;
import dev.filestore.examples.benchmarks.harness.Figures;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Plan;
import dev.filestore.examples.benchmarks.harness.Spread;
import dev.filestore.examples.benchmarks.harness.Turns;
import dev.filestore.examples.benchmarks.subject.Rows;
import dev.filestore.memory.MemoryStorage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Does a page of a list, its total, or a sweep take longer where the table is a thousand times larger? On PostgreSQL; a
 * tenth of the files is one user's, whose lists are read.
 *
 * <pre>java -jar benchmarks.jar lists</pre>
 */
public final class ListsAndSweeps implements Question {

    private static final String LISTS = "List page of a table of 10 M rows over one of 10 k";
    private static final String SWEEPS = "Sweep of 1,000 due rows of a table of 10 M rows over one of 10 k";
    private static final int CALLS = 300;

    /** Where a list grows with the table, fewer calls must do. */
    private static final long LONGEST_NANOS = 20_000_000_000L;

    /** A total of many rows is made ready over some lists. */
    private static final int LISTS_BEFORE = 400;

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        Plan plan = bench.plan();
        ManyRows few = ManyRows.fill(bench.emptyDatabase("few"), plan.fewRows());
        ManyRows many = ManyRows.fill(bench.emptyDatabase("many"), plan.manyRows());
        List<Finding> findings = new ArrayList<>();
        try (Rows fewRows = Rows.connect(few.url());
                Rows manyRows = Rows.connect(many.url())) {
            Table small = Table.of(few, fewRows, plan, plan.fewRows());
            Table large = Table.of(many, manyRows, plan, plan.manyRows());
            int calls = plan.smoke() ? 3 : CALLS;
            for (String what :
                    List.of("first page", "page in the middle by cursor", "first page of a category", "total")) {
                Turns turns = Turns.take(plan, side(large, what, calls), side(small, what, calls));
                findings.add(new Finding(LISTS, what, Goal.atMost(1.5), time(turns), List.of(micros(turns))));
            }
            int due = plan.smoke() ? 50 : 1_000;
            Turns sweeps = Turns.take(plan, sweep(large, due), sweep(small, due));
            findings.add(new Finding(SWEEPS, "time", Goal.atMost(1.3), time(sweeps), List.of(micros(sweeps))));
        }
        return findings;
    }

    private static Spread time(Turns turns) {
        return turns.each(round -> micros(round[0]) / micros(round[1]));
    }

    private static double micros(Figures figures) {
        return figures.wallNanos() / 1e3 / figures.operations();
    }

    private static String micros(Turns turns) {
        return Spread.shown(turns.each(round -> micros(round[0])).median()) + " us over "
                + Spread.shown(turns.each(round -> micros(round[1])).median()) + " us";
    }

    /** A store on one of the tables; its objects are nowhere, and need not be. */
    private record Table(ManyRows rows, FileStore store, MetadataRepository metadata, String middle) {

        static Table of(ManyRows rows, Rows database, Plan plan, int count) {
            MetadataRepository metadata = database.metadata();
            FileStore store = store(metadata, Clock.systemUTC());
            // What a list finds out of so many rows is stored, from ten minutes after the first that would have needed
            // it.
            list(store(metadata, Clock.offset(Clock.systemUTC(), Duration.ofHours(-1))));
            long begun = System.nanoTime();
            for (int i = 0; i < (plan.smoke() ? 2 : LISTS_BEFORE) && System.nanoTime() - begun < LONGEST_NANOS; i++) {
                list(store);
            }
            String middle = store.list(query().withOffset(count / 20)).nextCursor();
            return new Table(rows, store, metadata, String.valueOf(middle));
        }

        private static FileStore store(MetadataRepository metadata, Clock clock) {
            return FileStore.builder()
                    .storage(new MemoryStorage())
                    .metadata(metadata)
                    .clock(clock)
                    .build();
        }

        private static void list(FileStore store) {
            store.list(query());
            store.list(query().withCategory(Category.IMAGE));
        }

        private static FileQuery query() {
            return FileQuery.of(ManyRows.HEAVY).withLimit(20);
        }

        void list(String what) {
            switch (what) {
                case "first page" -> store.list(query());
                case "page in the middle by cursor" -> store.list(query().withCursor(middle));
                case "first page of a category" -> store.list(query().withCategory(Category.IMAGE));
                default -> {
                    long total = metadata.count(new RowQuery(ManyRows.HEAVY, null, Instant.now()));
                    if (total == 0) {
                        throw new IllegalStateException("a list of nothing");
                    }
                }
            }
        }
    }

    private static Turns.Side side(Table table, String what, int calls) {
        return new Turns.Side(what, () -> {
            long started = System.nanoTime();
            int done = 0;
            do {
                table.list(what);
                done++;
            } while (done < calls && System.nanoTime() - started < LONGEST_NANOS / 10);
            return new Figures(done, 0, System.nanoTime() - started, 0, 0, 0, 0);
        });
    }

    private static Turns.Side sweep(Table table, int due) {
        return new Turns.Side("sweep", () -> {
            table.rows().expire(due);
            long started = System.nanoTime();
            long removed = table.store().sweep().expired();
            if (removed != due) {
                throw new IllegalStateException("swept " + removed + " of " + due);
            }
            return new Figures(1, 0, System.nanoTime() - started, 0, 0, 0, 0);
        });
    }
}
