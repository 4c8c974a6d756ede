package dev.filestore.metrics;

import dev.filestore.Category;
import dev.filestore.FileStore;
import dev.filestore.Operation;
import dev.filestore.OperationObserver;
import dev.filestore.SweepReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of a store in a Micrometer registry; {@code docs/operations.md} lists them. Give each store one of its own:
 * {@code FileStore.builder().observer(new FileStoreMetrics(registry))}. Thread-safe. The registry stays the caller's.
 *
 * <p>Tags are outcomes, reasons, stages and categories alone, never a user, a key or a name: the number of time series does
 * not grow with the files. The backlog is read from the database at most once in five seconds, and is not a number where the
 * database does not answer.
 *
 * @see <a href="https://docs.micrometer.io/micrometer/reference/concepts/naming.html">Micrometer: naming meters</a>
 */
public final class FileStoreMetrics implements OperationObserver {

    private static final String NONE = "none";

    private final MeterRegistry registry;
    private final Tags tags;

    /**
     * Makes metrics without tags of the host's own.
     *
     * @param registry takes the meters
     */
    public FileStoreMetrics(MeterRegistry registry) {
        this(registry, Tags.empty());
    }

    /**
     * Makes metrics with tags that tell this store from others in the same registry.
     *
     * @param registry takes the meters
     * @param tags stand at every meter
     */
    public FileStoreMetrics(MeterRegistry registry, Iterable<? extends Tag> tags) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.tags = Tags.of(tags);
    }

    @Override
    public void built(FileStore store) {
        // A repository that cannot tell has no such gauge, rather than a false one.
        if (!store.tellsBacklog()) {
            return;
        }
        Gauge.builder("filestore.backlog.rows", store, FileStoreMetrics::backlog)
                .description("Rows that are due and wait for a sweep, counted to 1,000")
                .baseUnit("rows")
                .tags(tags)
                .register(registry);
        TimeGauge.builder("filestore.backlog.age", store, TimeUnit.SECONDS, FileStoreMetrics::backlogAge)
                .description("How long the first of the rows has been due")
                .tags(tags)
                .register(registry);
    }

    private static double backlog(FileStore store) {
        Optional<Long> rows = store.databaseHealth().backlog();
        return rows.isPresent() ? rows.get() : Double.NaN;
    }

    private static double backlogAge(FileStore store) {
        Optional<Duration> age = store.databaseHealth().backlogAge();
        return age.isPresent() ? age.get().toMillis() / 1000.0 : Double.NaN;
    }

    @Override
    public void finished(Operation operation) {
        Tags outcome = tags.and("outcome", label(operation.outcome()));
        switch (operation.kind()) {
            case UPLOAD -> uploaded(operation, outcome);
            case DOWNLOAD -> {
                time("filestore.downloads", "Files read through the store, until they were closed", outcome, operation);
                Counter.builder("filestore.download.bytes")
                        .description("Bytes handed to readers")
                        .baseUnit("bytes")
                        .tags(tags)
                        .register(registry)
                        .increment((double) operation.bytes());
            }
            case PRESIGN -> time("filestore.presigns", "Addresses signed", outcome, operation);
            case DELETE -> time("filestore.deletes", "Files deleted on request", outcome, operation);
            case SWEEP -> {
                time("filestore.sweeps", "Sweeps", outcome, operation);
                swept(operation.swept());
            }
        }
        failedSystem(operation.outcome())
                .ifPresent(system -> Counter.builder("filestore.errors")
                        .description("Operations that failed because of what the store stands on")
                        .tags(tags.and("operation", label(operation.kind()), "system", system))
                        .register(registry)
                        .increment());
    }

    private void uploaded(Operation operation, Tags outcome) {
        Enum<?> reason = operation.reason();
        Tags all = outcome.and(
                "category", category(operation.category()), "reason", reason == null ? NONE : label(reason));
        time("filestore.uploads", "Uploads, from the call to the answer", all, operation);
        operation
                .stages()
                .forEach((stage, elapsed) -> Timer.builder("filestore.upload.stage")
                        .description("Uploads by stage; the put includes waiting for the uploader's bytes")
                        .tags(tags.and("stage", label(stage)))
                        .register(registry)
                        .record(elapsed));
        if (operation.outcome() == Operation.Outcome.SUCCESS) {
            DistributionSummary.builder("filestore.upload.size")
                    .description("Sizes of stored files")
                    .baseUnit("bytes")
                    .tags(tags.and("category", category(operation.category())))
                    .register(registry)
                    .record((double) operation.bytes());
        }
    }

    private void swept(@Nullable SweepReport report) {
        if (report != null) {
            swept("expired", report.expired());
            swept("abandoned", report.abandoned());
            swept("removed", report.removed());
            swept("failed", report.failed());
        }
    }

    private void swept(String result, int rows) {
        Counter.builder("filestore.swept.rows")
                .description("What sweeps did with rows")
                .baseUnit("rows")
                .tags(tags.and("result", result))
                .register(registry)
                .increment(rows);
    }

    private void time(String name, String description, Tags all, Operation operation) {
        Timer.builder(name)
                .description(description)
                .tags(all)
                .register(registry)
                .record(operation.elapsed());
    }

    private static Optional<String> failedSystem(Operation.Outcome outcome) {
        return switch (outcome) {
            case STORAGE_FAILED -> Optional.of("storage");
            case DATABASE_FAILED -> Optional.of("database");
            case SCANNER_FAILED -> Optional.of("scanner");
            default -> Optional.empty();
        };
    }

    private static String category(@Nullable Category category) {
        return category == null ? NONE : category.name();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
