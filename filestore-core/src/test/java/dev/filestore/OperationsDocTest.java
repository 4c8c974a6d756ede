package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.metrics.FileStoreMetrics;
import dev.filestore.metrics.FileStoreObservations;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/operations.md} and the dashboard name is what a store in use gives. */
class OperationsDocTest {

    private static final Path DOCUMENT = Path.of("../docs/operations.md");
    private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");

    private final StoreFixture world = new StoreFixture();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Held here, as gauges do not hold it. */
    private @Nullable FileStore used;

    private static FileStore watched(StorageBackend storage, MetadataRepository metadata, MeterRegistry registry) {
        FileStore store = FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .observer(new FileStoreMetrics(registry))
                .build();
        return store;
    }

    private static FileStore traced(
            StorageBackend storage, MetadataRepository metadata, ObservationRegistry observations) {
        FileStore traced = FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .observer(new FileStoreObservations(observations))
                .build();
        return traced;
    }

    private static int probe(FileStore store) {
        StoreHealth health = store.health();
        int status = health.isUp() ? 200 : 503;
        return status;
    }

    private static void start(FileStore store) {
        CheckReport report = store.check();
        if (!report.isOk()) {
            System.err.println(report);
        }
    }

    @BeforeEach
    void use() throws IOException {
        FileStore store = world.builder()
                .metadata(world.metadata)
                .observer(new FileStoreMetrics(registry))
                .build();
        used = store;
        StoredFile file = store.upload(StoreFixture.pdf("user-of-the-test"));
        try (FileContent content = store.open(file.id());
                InputStream in = content.stream()) {
            assertThat(in.readAllBytes()).hasSize(StoreFixture.PDF.length);
        }
        store.presign(file.id(), Duration.ofHours(1));
        store.upload(StoreFixture.pdf("user-of-the-test").withTtl(Duration.ofHours(1)));
        assertThatExceptionOfType(FileRefusedException.class)
                .isThrownBy(() -> store.upload(
                        UploadRequest.of("fake.pdf", new ByteArrayInputStream("plain".getBytes(StandardCharsets.UTF_8)))
                                .withOwner("user-of-the-test")));
        world.calls.fail("put", SpiCalls.Fault.BEFORE);
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> store.upload(StoreFixture.pdf("user-of-the-test")));
        world.calls.heal();
        store.delete(file.id());
        world.clock.advance(Duration.ofHours(2));
        store.sweep();
    }

    private static Set<String> found(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The first column of the table, with the tags of the third. */
    private static Map<String, Set<String>> documented() throws IOException {
        Map<String, Set<String>> meters = new TreeMap<>();
        Pattern row = Pattern.compile("^\\| `(filestore[a-z.]+)` \\| [^|]+\\|([^|]*)\\|", Pattern.MULTILINE);
        row.matcher(Files.readString(DOCUMENT))
                .results()
                .filter(found -> found.group(0).matches("(?s)\\| `[^`]+` \\| (timer|summary|counter|gauge).*"))
                .forEach(found -> meters.put(
                        found.group(1),
                        Pattern.compile("`([a-z]+)`")
                                .matcher(found.group(2))
                                .results()
                                .map(tag -> tag.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))));
        return meters;
    }

    @Test
    void meters_ofAStoreInUse_areThoseOfTheTableWithItsTags() throws IOException {
        Map<String, Set<String>> produced = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            produced.computeIfAbsent(meter.getId().getName(), name -> new TreeSet<>())
                    .addAll(meter.getId().getTags().stream().map(Tag::getKey).toList());
        }

        assertThat(produced).isEqualTo(documented());
        assertThat(used).isNotNull();
    }

    /** The keys and events that the document names are those that a registry gets, of each kind. */
    @Test
    void observations_ofAStoreInUse_areThoseOfTheTable() throws IOException {
        Set<String> given = new TreeSet<>();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onEvent(Observation.Event event, Observation.Context context) {
                given.add(event.getName());
            }

            @Override
            public void onStop(Observation.Context context) {
                context.getAllKeyValues().forEach(each -> given.add(each.getKey()));
                given.add(context.getLowCardinalityKeyValue("operation").getValue());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        FileStore store = traced(new MemoryStorage(), new MemoryMetadata(), observations);
        long id = store.upload(StoreFixture.pdf("123")).id();
        store.open(id).stream().close();
        FileStore signing = world.builder()
                .observer(new FileStoreObservations(observations))
                .build();
        signing.presign(signing.upload(StoreFixture.pdf("123")).id(), Duration.ofHours(1));
        store.delete(id);
        store.sweep();
        store.close();

        String document = Files.readString(DOCUMENT);
        String table = document.substring(document.indexOf("| observation `"), document.indexOf("| error |"));
        Set<String> documented = Pattern.compile("`([a-z.]+)`")
                .matcher(table)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !Set.of("filestore.operation", "none").contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(given).isEqualTo(documented);
    }

    @Test
    void document_namesNoOtherMeter() throws IOException {
        Set<String> named = found(Pattern.compile("(?<=`)filestore\\.[a-z]+[a-z.]*(?=`)"), DOCUMENT);
        named.removeIf(name -> name.startsWith("filestore.operation"));
        assertThat(named).isEqualTo(documented().keySet());
    }

    @Test
    void dashboard_asksOnlyForSeriesThatPrometheusGets_andForEveryMeter() throws IOException {
        Set<String> scraped = registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
        Set<String> asked = found(Pattern.compile("filestore_[a-z_]+"), DASHBOARD);

        assertThat(scraped).containsAll(asked);
        for (String meter : documented().keySet()) {
            assertThat(asked).anyMatch(series -> series.startsWith(meter.replace('.', '_')));
        }
    }

    @Test
    void dashboard_groupsByTagsThatTheMetersHave() throws IOException {
        Set<String> tags = documented().values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        List<String> labels = Pattern.compile("by \\(([a-z, ]+)\\)|\\{([a-z]+)=")
                .matcher(Files.readString(DASHBOARD))
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .flatMap(list -> List.of(list.split(", ")).stream())
                .toList();

        assertThat(labels).isNotEmpty();
        assertThat(tags).containsAll(labels);
    }

    @Test
    void values_afterUse_countWhatWasDone() {
        assertThat(registry.get("filestore.uploads")
                        .tag("outcome", "success")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("filestore.uploads")
                        .tags("outcome", "refused", "reason", "type_not_allowed")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("filestore.errors")
                        .tags("operation", "upload", "system", "storage")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("filestore.upload.size").summary().totalAmount())
                .isEqualTo(2.0 * StoreFixture.PDF.length);
        assertThat(registry.get("filestore.download.bytes").counter().count()).isEqualTo(StoreFixture.PDF.length);
        assertThat(registry.get("filestore.swept.rows")
                        .tag("result", "expired")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("filestore.swept.rows")
                        .tag("result", "abandoned")
                        .counter()
                        .count())
                .isEqualTo(1);
        for (Meter meter : registry.getMeters()) {
            assertThat(meter.getId().toString()).doesNotContain("user-of-the-test", "document.pdf");
        }
    }

    @Test
    void backlog_isSeenAtAScrape_andMissingWhereTheRepositoryCannotTell() {
        StoreFixture other = new StoreFixture();
        PrometheusMeterRegistry scraped = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        other.store.upload(StoreFixture.pdf("123").withTtl(Duration.ofHours(1)));
        other.clock.advance(Duration.ofMinutes(60 + 5 + 30));
        FileStore telling = FileStore.builder()
                .storage(other.storage)
                .metadata(other.metadata)
                .clock(other.clock)
                .observer(new FileStoreMetrics(scraped))
                .build();
        PrometheusMeterRegistry without = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        FileStore silent = watched(other.storage, new ForwardingMetadata(other.metadata), without);

        assertThat(scraped.scrape())
                .contains("filestore_backlog_rows 1.0")
                .contains("filestore_backlog_age_seconds 1800.0");
        assertThat(without.scrape()).doesNotContain("backlog");
        assertThat(probe(telling)).isEqualTo(200);
        assertThat(probe(silent)).isEqualTo(200);
    }

    /** A database that hangs would hold the start of the program. */
    @Test
    void built_databaseThatDoesNotAnswer_isNotAsked() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        MetadataRepository hanging = (MetadataRepository) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {MetadataRepository.class, DueRows.class},
                (self, method, args) -> {
                    throw new AssertionError("the start asked for " + method.getName());
                });

        watched(new MemoryStorage(), hanging, meters);

        assertThat(meters.find("filestore.backlog.rows").gauge()).isNotNull();
    }

    @Test
    void start_soundStore_findsNothingWrong() {
        FileStore store = watched(new MemoryStorage(), new MemoryMetadata(), new SimpleMeterRegistry());
        start(store);
        assertThat(store.check().isOk()).isTrue();
        store.close();
    }

    @Test
    void javaSnippets_areThisSource() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/filestore/OperationsDocTest.java"))
                .replaceAll("(?m)^ {8}", "");
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(blocks).hasSize(4).allSatisfy(block -> assertThat(source).contains(block));
    }
}
