package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.filestore.FileStore;
import dev.filestore.MetadataRepository;
import dev.filestore.SweepReport;
import dev.filestore.memory.MemoryStorage;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Does the time of a sweep grow with the rows that are due, or with the table? In the build only on small tables, to see
 * that it runs and that the claim uses its index. The figures, on the output of the test and in
 * {@code target/fast/surefire-reports}, are those of
 *
 * <pre>mvn -Dfast test-compile surefire:test@default-test -pl filestore-jpa -am -Dtest=SweepCostTest
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dfilestore.sweep.rows=10000,1000000,5000000</pre>
 */
class SweepCostTest {

    private static final long[] SIZES = Arrays.stream(
                    System.getProperty("filestore.sweep.rows", "10000,20000").split(","))
            .mapToLong(Long::parseLong)
            .toArray();

    private static final long LARGEST = SIZES[SIZES.length - 1];

    private static final int ROUNDS = 3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql", "mariadb"})
    void sweep_onLargerTables_costsWhatIsDue(String kind) throws Exception {
        Databases.Database database = ManyRows.room(kind, LARGEST, folder.resolve("files"));
        ManyRows rows = new ManyRows(database);
        Map<Integer, Double> first = new TreeMap<>();
        try (HikariDataSource pool = Factories.pool(database, 2);
                EntityManagerFactory factory = Factories.validated(pool)) {
            MetadataRepository metadata = new JpaMetadataRepository(factory);
            FileStore store = FileStore.builder()
                    .storage(new MemoryStorage())
                    .metadata(metadata)
                    .build();
            for (long size : SIZES) {
                long filling = System.nanoTime();
                rows.growTo(size);
                System.out.printf("%n%s, %,d rows, filled in %,d s%n", kind, size, seconds(filling));
                // Warms up the program, and the database's memory of that index.
                sweep(store, rows, 50);
                for (int due : new int[] {0, 50, 1_000}) {
                    List<Double> times = new ArrayList<>();
                    for (int round = 0; round < ROUNDS; round++) {
                        times.add(sweep(store, rows, due));
                    }
                    double time = times.stream().sorted().toList().get(ROUNDS / 2);
                    double ratio = time / first.computeIfAbsent(due, any -> time);
                    System.out.printf(
                            "%s, %,9d rows, %,5d due: %8.1f ms, %4.2f times that of %,d rows%n",
                            kind, size, due, time, ratio, SIZES[0]);
                }
            }
        }
        rows.expire(50);
        assertThat(planOfClaim(database, 50)).contains("file_uploads_due");
    }

    @Test
    void claim_onH2WithNothingDue_readsNoRow() throws Exception {
        Databases.Database database = Databases.h2();
        new ManyRows(database).growTo(10_000);

        String plan = planOfClaim(database, 0);

        assertThat(plan).containsPattern("scancount: [01] ");
    }

    private static long seconds(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds();
    }

    /** How many milliseconds a sweep takes, the middle one of some where nothing is due and it changes nothing. */
    private static double sweep(FileStore store, ManyRows rows, int due) throws SQLException {
        if (due > 0) {
            rows.expire(due);
        }
        double[] millis = new double[due > 0 ? 1 : 11];
        for (int i = 0; i < millis.length; i++) {
            long start = System.nanoTime();
            SweepReport report = store.sweep();
            millis[i] = (System.nanoTime() - start) / 1e6;
            assertThat(report).isEqualTo(new SweepReport(due, 0, due, 0));
        }
        Arrays.sort(millis);
        return millis[millis.length / 2];
    }

    /** What the database says of the statement that finds the rows. */
    private static String planOfClaim(Databases.Database database, int due) throws Exception {
        List<String> plans = new ArrayList<>();
        RecordingDataSource[] recording = new RecordingDataSource[1];
        recording[0] = new RecordingDataSource(database, (sql, bindings) -> {
            if (sql.startsWith("select") && !bindings.isEmpty()) {
                plans.add(
                        database.kind().equals("h2")
                                ? recording[0].analyze(sql, bindings)
                                : recording[0].explain(sql, bindings));
            }
        });
        try (EntityManagerFactory factory = Factories.factory(recording[0], "none")) {
            Instant now = Instant.now();
            assertThat(new JpaMetadataRepository(factory).claimDue(now, now.plusSeconds(60), 50))
                    .hasSize(due);
        }
        assertThat(plans).hasSize(1);
        System.out.println(database.kind() + ": " + plans.get(0));
        return plans.get(0).toLowerCase(Locale.ROOT);
    }
}
