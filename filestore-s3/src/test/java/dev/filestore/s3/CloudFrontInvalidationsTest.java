package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.ByteRange;
import dev.filestore.Category;
import dev.filestore.FileEvent;
import dev.filestore.FileMissingException;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.SettableClock;
import dev.filestore.SignedUrl;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.UrlSigner;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.s3.ScriptedCloudFront.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a delete in a store to an edge that has forgotten the file, with everything in between failing. */
class CloudFrontInvalidationsTest {

    private static final byte[] PDF = "%PDF-1.7\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
    private static final CloudFrontDomain DOMAIN = CloudFrontDomain.of(CloudFrontEdge.DOMAIN);
    private static final ObjectHeaders HEADERS = new ObjectHeaders("application/pdf", "attachment");
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(1);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22Z"));
    private final MemoryStorage storage = new MemoryStorage(clock);
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final FileStore plain =
            FileStore.builder().storage(storage).metadata(metadata).clock(clock).build();

    /** One for each thing that a store told or wrote down: two for each deletion. */
    private final Semaphore told = new Semaphore(0);

    private final Executor telling = task -> {
        task.run();
        told.release();
    };

    private CloudFrontEdge edge;
    private ScriptedCloudFront cloudFront;

    @BeforeEach
    void start() throws IOException {
        edge = new CloudFrontEdge(this::object);
        edge.trust(CloudFrontKeys.ID, CloudFrontKeys.ECDSA.getPublic());
        cloudFront = new ScriptedCloudFront(edge::invalidate);
    }

    @AfterEach
    void stop() {
        cloudFront.close();
        edge.close();
    }

    private Optional<byte[]> object(String path) {
        String key = URLDecoder.decode(path.substring(1), StandardCharsets.UTF_8);
        return storage.open(key, ByteRange.ALL, null).map(stream -> {
            try (InputStream closed = stream) {
                return closed.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private FileStore storeWith(InvalidationQueue queue) {
        return FileStore.builder()
                .storage(storage)
                .metadata(metadata)
                .clock(clock)
                .listener(new CloudFrontInvalidations(ScriptedCloudFront.DISTRIBUTION, queue))
                .listenerExecutor(telling)
                .build();
    }

    /** Old enough for its row to go with it. */
    private StoredFile uploaded() {
        StoredFile file = plain.upload(
                UploadRequest.of("문서 (1).pdf", new ByteArrayInputStream(PDF)).withOwner("123"));
        clock.advance(Duration.ofHours(1));
        return file;
    }

    private static String pathOf(StoredFile file) {
        return DOMAIN.urlOf(file.key()).getRawPath();
    }

    private void awaitTold(int times) throws InterruptedException {
        assertThat(told.tryAcquire(times, 20, TimeUnit.SECONDS)).isTrue();
    }

    private List<FileRow> rows() {
        return metadata.listByKey("", "", 1_000);
    }

    private void sweepAfter(FileStore store, Duration time) {
        clock.advance(time);
        store.sweep();
    }

    @Test
    void delete_fileThatTheEdgeKnows_isForgottenThere() throws Exception {
        CloudFrontSigner signer =
                CloudFrontSigner.of(DOMAIN, CloudFrontKeys.ID, CloudFrontKeys.pem(CloudFrontKeys.ECDSA), unsigned());
        StoredFile file = uploaded();
        URI url = signer.sign(file, HEADERS, clock.instant(), clock.instant().plus(Duration.ofHours(1)))
                .url();
        edge.now = clock.instant();
        assertThat(edge.get(url)).isEqualTo(200);
        try (InvalidationQueue queue = cloudFront.queue(50, 100, NEVER)) {
            storeWith(queue).delete(file.id());
            awaitTold(1);
            assertThat(edge.get(url)).as("out of the cache").isEqualTo(200);
            assertThat(rows()).singleElement().extracting(FileRow::state).isEqualTo(FileState.DELETED);
        }

        awaitTold(1);
        assertThat(edge.get(url)).isEqualTo(404);
        assertThat(cloudFront.invalidations()).containsExactly(List.of(pathOf(file)));
        assertThat(rows()).isEmpty();
    }

    static UrlSigner unsigned() {
        return new UrlSigner() {
            @Override
            public URI locate(long id, String key) {
                throw new AssertionError("not asked");
            }

            @Override
            public SignedUrl sign(StoredFile file, ObjectHeaders headers, Instant now, Instant expiresAt) {
                throw new AssertionError("not asked");
            }
        };
    }

    @Test
    void delete_manyFiles_eachIsInvalidatedOnceInFewRequests() throws Exception {
        List<StoredFile> files = Stream.generate(this::uploaded).limit(120).toList();
        try (InvalidationQueue queue = cloudFront.queue(50, 1_000, NEVER)) {
            FileStore store = storeWith(queue);
            files.forEach(file -> store.delete(file.id()));
        }
        awaitTold(240);

        assertThat(cloudFront.invalidations()).hasSizeLessThanOrEqualTo(4);
        assertThat(cloudFront.invalidations().stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        files.stream().map(CloudFrontInvalidationsTest::pathOf).toList());
        assertThat(rows()).isEmpty();
    }

    @Test
    void expiry_ofAFile_isInvalidated() throws Exception {
        StoredFile file = plain.upload(UploadRequest.of("invoice.pdf", new ByteArrayInputStream(PDF))
                .withOwner("123")
                .withTtl(Duration.ofHours(1)));
        try (InvalidationQueue queue = cloudFront.queue(50, 100, NEVER)) {
            sweepAfter(storeWith(queue), Duration.ofHours(2));
        }

        assertThat(cloudFront.invalidations()).containsExactly(List.of(pathOf(file)));
        assertThat(rows()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void delete_cloudFrontFails_answersAllTheSameAndASweepAsksAgain(Fault fault) throws Exception {
        StoredFile file = uploaded();
        cloudFront.on(fault, fault, fault);
        try (InvalidationQueue queue = cloudFront.queue(50, 100, SOON, Duration.ofSeconds(2))) {
            FileStore store = storeWith(queue);
            store.delete(file.id());
            assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> store.open(file.id()));
            awaitTold(2);
            assertThat(rows()).singleElement().satisfies(row -> {
                assertThat(row.attempts()).isEqualTo(1);
                assertThat(row.dueAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));
            });
            cloudFront.heal();

            sweepAfter(store, Duration.ofMinutes(1));
            // The sweep itself is told, too.
            awaitTold(3);
        }

        assertThat(cloudFront.invalidations()).containsExactly(List.of(pathOf(file)));
        assertThat(rows()).isEmpty();
    }

    @Test
    void delete_cloudFrontHangs_isAnsweredAtOnce() throws Exception {
        List<StoredFile> files = Stream.generate(this::uploaded).limit(20).toList();
        cloudFront.on(Fault.SILENCE);
        try (InvalidationQueue queue = cloudFront.queue(1, 5, NEVER, NEVER)) {
            FileStore store = storeWith(queue);
            store.delete(files.get(0).id());
            cloudFront.awaitRequest();

            files.subList(1, 20).forEach(file -> store.delete(file.id()));

            assertThat(storage.list("", "", 10)).isEmpty();
            assertThat(cloudFront.invalidations())
                    .as("all of it while the first hung")
                    .isEmpty();
            assertThat(rows())
                    .filteredOn(row -> row.attempts() == 1)
                    .as("refused by the full queue, left to a sweep")
                    .hasSize(14);
            cloudFront.endSilence();
        }
    }

    @Test
    void delete_processDiesBeforeItIsAccepted_aSweepOfAnotherAsks() throws Exception {
        StoredFile file = uploaded();
        InvalidationQueue dead = cloudFront.queue(50, 100, NEVER);
        storeWith(dead).delete(file.id());
        try (InvalidationQueue queue = cloudFront.queue(50, 100, NEVER)) {
            FileStore other = storeWith(queue);
            sweepAfter(other, Duration.ofSeconds(59));
            assertThat(rows()).hasSize(1);
            sweepAfter(other, Duration.ofSeconds(1));
        }

        assertThat(cloudFront.invalidations()).containsExactly(List.of(pathOf(file)));
        assertThat(rows()).isEmpty();
        dead.close();
        assertThat(cloudFront.invalidations())
                .as("what the other still had in mind")
                .hasSize(1);
    }

    @Test
    void delete_processDiesBeforeItWritesDown_aSweepFindsItInvalidated() throws Exception {
        StoredFile file = uploaded();
        try (InvalidationQueue queue = cloudFront.queue(50, 100, SOON)) {
            FileStore dying = FileStore.builder()
                    .storage(storage)
                    .metadata(metadata)
                    .clock(clock)
                    .listener(new CloudFrontInvalidations(ScriptedCloudFront.DISTRIBUTION, queue))
                    .listenerExecutor(new OnlyTheFirst())
                    .build();
            dying.delete(file.id());
            cloudFront.awaitRequest();
        }
        assertThat(rows()).hasSize(1);

        try (InvalidationQueue queue = cloudFront.queue(50, 100, NEVER)) {
            sweepAfter(storeWith(queue), Duration.ofMinutes(1));
        }

        assertThat(cloudFront.references()).hasSize(2);
        assertThat(cloudFront.invalidations()).as("the reference is the same").hasSize(1);
        assertThat(rows()).isEmpty();
    }

    /** Its process dies after the first task. */
    private static final class OnlyTheFirst implements Executor {
        private boolean dead;

        @Override
        public synchronized void execute(Runnable task) {
            if (!dead) {
                dead = true;
                task.run();
            }
        }
    }

    @Test
    void close_ofTheStoreAndThenOfThis_leavesNothingToASweep() throws Exception {
        StoredFile file = uploaded();
        try (CloudFrontInvalidations invalidations = CloudFrontInvalidations.builder(ScriptedCloudFront.DISTRIBUTION)
                        .credentials(ScriptedCloudFront.CREDENTIALS)
                        .endpoint(cloudFront.endpoint())
                        .build();
                FileStore store = FileStore.builder()
                        .storage(storage)
                        .metadata(metadata)
                        .clock(clock)
                        .listener(invalidations)
                        .build()) {
            store.delete(file.id());
        }

        assertThat(cloudFront.invalidations()).containsExactly(List.of(pathOf(file)));
        assertThat(rows()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "uploads/1/*", "uploads/1/a?b#c%2A&d", "uploads/1/20260226_143022_문서 +~(1).pdf"})
    void deletedLater_anyKey_invalidatesWhatTheDomainNames(String key) throws Exception {
        FileEvent event = deletion(key);
        try (CloudFrontInvalidations invalidations =
                new CloudFrontInvalidations(ScriptedCloudFront.DISTRIBUTION, cloudFront.queue(1, 100, NEVER))) {
            invalidations.deletedLater(event).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }

        String path = DOMAIN.urlOf(key).getRawPath();
        assertThat(path).doesNotContain("*").startsWith("/");
        assertThat(cloudFront.invalidations()).containsExactly(List.of(path));
    }

    static FileEvent deletion(String key) {
        Instant uploadedAt = Instant.parse("2026-02-26T14:30:22Z");
        return new FileEvent(
                "7/deleted",
                new StoredFile(
                        7,
                        "1",
                        key,
                        "a.pdf",
                        3,
                        "application/pdf",
                        Category.DOCUMENT,
                        "0".repeat(64),
                        null,
                        null,
                        uploadedAt,
                        null));
    }
}
