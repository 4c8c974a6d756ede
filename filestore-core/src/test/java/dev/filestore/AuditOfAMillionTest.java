package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.memory.MemoryStorage;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A million objects beside a million rows, made as they are asked for, in a process whose heap could not hold a tenth of
 * them.
 */
class AuditOfAMillionTest {

    private static final int COUNT = 1_000_000;
    private static final Instant UPLOADED = Instant.parse("2026-02-26T14:30:22Z");

    /** In the other process: audits, and prints what was found. */
    public static void main(String[] arguments) {
        long start = System.nanoTime();
        MetadataRepository rows = (MetadataRepository) Proxy.newProxyInstance(
                AuditOfAMillionTest.class.getClassLoader(),
                new Class<?>[] {MetadataRepository.class},
                (proxy, method, values) -> rows(method, values));
        try (FileStore store =
                FileStore.builder().storage(new Objects()).metadata(rows).build()) {
            AuditReport report = store.audit(Audit.of("uploads/"));
            System.out.println(report);
            System.err.printf(
                    "%d objects and %d rows in %d ms, in a heap of %d MiB%n",
                    report.objects(),
                    report.rows(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                    Runtime.getRuntime().maxMemory() >> 20);
        }
    }

    @Test
    void audit_aMillionOfBothInSixteenMebibytes_findsEachPlantedFault() throws Exception {
        int orphans = count(number -> hasObject(number) && !hasRow(number));
        int missing = count(number -> !hasObject(number) && hasRow(number));
        int wrong = count(number -> hasObject(number) && hasRow(number) && hasWrongSize(number));
        assertThat(List.of(orphans, missing, wrong)).containsExactly(20, 10, 5);

        assertThat(run("-Xmx16m"))
                .isEqualTo("AuditReport[objects=%d, rows=%d, uploads=0, found={ORPHAN_OBJECT=20, MISSING_OBJECT=10,"
                                .formatted(COUNT - missing, COUNT - orphans)
                        + " WRONG_SIZE=5, STALE_UPLOAD=0, OVERDUE=0, WRONG_COUNT=0}, applied=0, failed=0, stop=null]");
    }

    private static boolean hasObject(int number) {
        return number % 100_003 != 7;
    }

    private static boolean hasRow(int number) {
        return number % 50_021 != 11;
    }

    private static boolean hasWrongSize(int number) {
        return number % 200_017 == 13;
    }

    private static int count(IntPredicate which) {
        return (int) IntStream.range(0, COUNT).filter(which).count();
    }

    private static String key(int number) {
        return "uploads/" + (1_000 + number / 1_000) + "/20260226_143022_" + (COUNT + number) + ".pdf";
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring(key.length() - 11, key.length() - 4)) - COUNT;
    }

    /** The entries behind a key, of those numbers that have one. */
    private static <T> List<T> page(String after, int limit, IntPredicate has, IntFunction<T> entry) {
        List<T> page = new ArrayList<>();
        int first = after.isEmpty() ? 0 : number(after) + 1;
        for (int number = first; number < COUNT && page.size() < limit; number++) {
            if (has.test(number)) {
                page.add(entry.apply(number));
            }
        }
        return page;
    }

    private static ObjectInfo object(int number) {
        return new ObjectInfo(key(number), hasWrongSize(number) ? 999 : 1_000, UPLOADED);
    }

    private static FileRow row(int number) {
        return new FileRow(
                number,
                2,
                FileState.AVAILABLE,
                null,
                0,
                "user-" + number / 1_000,
                key(number),
                "document-" + number + ".pdf",
                1_000,
                "application/pdf",
                Category.DOCUMENT,
                MetadataRepositoryContract.SHA256,
                null,
                null,
                null,
                UPLOADED,
                null,
                PendingEvents.NONE);
    }

    private static final class Objects extends ForwardingStorage {

        Objects() {
            super(new MemoryStorage());
        }

        @Override
        public List<ObjectInfo> list(String prefix, String after, int limit) {
            return page(after, limit, AuditOfAMillionTest::hasObject, AuditOfAMillionTest::object);
        }

        @Override
        public Optional<ObjectInfo> stat(String key) {
            int number = number(key);
            return hasObject(number) ? Optional.of(object(number)) : Optional.empty();
        }
    }

    private static Object rows(Method method, Object[] values) {
        return switch (method.getName()) {
            case "listByKey" ->
                page((String) values[1], (int) values[2], AuditOfAMillionTest::hasRow, AuditOfAMillionTest::row);
            case "find" -> Optional.of(row((int) (long) values[0]));
            case "findByKey" -> {
                int number = number((String) values[0]);
                yield hasRow(number) ? Optional.of(row(number)) : Optional.empty();
            }
            case "close" -> null;
            default -> throw new UnsupportedOperationException(method.getName());
        };
    }

    private static String run(String heap) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AuditOfAMillionTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return output.strip();
        } finally {
            process.destroyForcibly();
        }
    }
}
