package dev.filestore.examples.reliability.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Audit;
import dev.filestore.AuditReport;
import dev.filestore.FileStore;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageBackend;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.Settings;
import dev.filestore.jpa.Databases;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long an audit takes, with rows in PostgreSQL. Some thousand by default; for the figures, a million:
 * {@code mvn verify -pl examples/reliability -am -Dit.test=AuditAtScaleIT -Daudit.files=1000000
 * -Dfailsafe.failIfNoSpecifiedTests=false}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditAtScaleIT {

    private static final int FILES = Integer.getInteger("audit.files", 20_000);

    /** Files take an inode and a moment each: not as many as rows. */
    private static final int ON_DISK = Math.min(FILES, 100_000);

    private static final Instant UPLOADED = Instant.parse("2026-02-26T14:30:22Z");
    private static final int ORPHANS = 3;

    @TempDir
    private Path home;

    private Databases.Database database;

    @BeforeAll
    void insertRows() throws Exception {
        database = Databases.of("postgresql").withTable();
        database.run("""
                insert into file_uploads (user_id, file_key, file_key_bytes, original_filename, file_size, content_type,
                    category, uploaded_at, state, version, attempts, sha256, pending_events)
                select 'user-' || n / 1000, key, convert_to(key, 'UTF8'), 'document.pdf', 1, 'application/pdf', 'document',
                    timestamptz '2026-02-26 14:30:22Z' + n * interval '1 second', 'AVAILABLE', 2, 0, repeat('0', 64), 'NONE'
                from (select n, 'uploads/' || 1000 + n / 1000 || '/20260226_143022_' || 1000000 + n || '.pdf' as key
                      from generate_series(%d, %d) as n) as keys;
                vacuum analyze file_uploads""".formatted(ORPHANS, FILES - 1));
    }

    @Test
    void audit_objectsMadeAsTheyAreAskedFor_findsTheFewWithoutRows() {
        StorageBackend objects = (StorageBackend) Proxy.newProxyInstance(
                AuditAtScaleIT.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, values) -> objects(method, values));
        try (Backends backends = backends()) {
            audit("made as asked for", backends.builder().storage(objects).build(), "uploads/", FILES, FILES - ORPHANS);
        }
    }

    @Test
    void audit_objectsOnDisk_findsTheFewWithoutRows() throws IOException {
        try (Backends backends = backends()) {
            for (int i = 0; i < ON_DISK; i++) {
                Path object = home.resolve("files/objects").resolve(key(i));
                if (i % 1_000 == 0) {
                    Files.createDirectories(object.getParent());
                }
                Files.write(object, new byte[1]);
            }
            // The first hundred folders.
            audit("on disk", backends.builder().build(), "uploads/10", ON_DISK, ON_DISK - ORPHANS);
        }
    }

    private static void audit(String name, FileStore store, String prefix, int objects, int rows) {
        collectGarbage();
        long start = System.nanoTime();
        AuditReport report = store.audit(Audit.of(prefix));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf(
                "audit of %d objects %s and %d rows in PostgreSQL: %.1f s, %d MiB of heap at most%n",
                report.objects(), name, report.rows(), took.toMillis() / 1e3, peak() >> 20);
        assertThat(report.objects()).isEqualTo(objects);
        assertThat(report.rows()).isEqualTo(rows);
        assertThat(report.failed()).isZero();
    }

    private static void collectGarbage() {
        System.gc();
        pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static long peak() {
        return pools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    }

    private static List<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    private Backends backends() {
        return Backends.open(Settings.load(
                home.resolve("none"),
                Map.of(
                        "DATA_DIR", home.toString(),
                        "DATABASE_URL", database.url(),
                        "DATABASE_USER", database.user(),
                        "DATABASE_PASSWORD", database.password())));
    }

    private static String key(int number) {
        return "uploads/" + (1_000 + number / 1_000) + "/20260226_143022_" + (1_000_000 + number) + ".pdf";
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring(key.length() - 11, key.length() - 4)) - 1_000_000;
    }

    private static ObjectInfo object(int number) {
        return new ObjectInfo(key(number), 1, UPLOADED);
    }

    private static Object objects(Method method, Object[] values) {
        return switch (method.getName()) {
            case "list" -> {
                String after = (String) values[1];
                List<ObjectInfo> page = new ArrayList<>();
                for (int i = after.isEmpty() ? 0 : number(after) + 1; i < FILES && page.size() < (int) values[2]; i++) {
                    page.add(object(i));
                }
                yield page;
            }
            case "stat" -> Optional.of(object(number((String) values[0])));
            case "listUnfinished" -> List.of();
            case "close" -> null;
            default -> throw new UnsupportedOperationException(method.getName());
        };
    }
}
