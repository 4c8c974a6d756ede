package dev.filestore.s3;

import static dev.filestore.s3.ScriptedS3.Operation.DeleteObject;
import static dev.filestore.s3.ScriptedS3.Operation.GetObject;
import static dev.filestore.s3.ScriptedS3.Operation.HeadObject;
import static dev.filestore.s3.ScriptedS3.Operation.ListMultipartUploads;
import static dev.filestore.s3.ScriptedS3.Operation.PutObject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.ByteRange;
import dev.filestore.FileMissingException;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.SettableClock;
import dev.filestore.StorageException;
import dev.filestore.StoredFile;
import dev.filestore.SweepReport;
import dev.filestore.UnfinishedPut;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.s3.ScriptedS3.Answer;
import dev.filestore.s3.ScriptedS3.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store asks to slow down, for a while or for long: requests are repeated later, within bounds, and nothing is lost. */
@Timeout(120)
class ThrottlingTest {

    private static final String KEY = "uploads/123/a.pdf";
    private static final ObjectHeaders HEADERS = new ObjectHeaders("application/pdf", "attachment");
    private static final Answer SLOW_DOWN = Answer.error(503, "SlowDown");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TRIES = 3;

    private interface Act {
        void on(S3StorageBackend storage) throws IOException;
    }

    /** What sends each kind of request. */
    private static final Map<Operation, Act> ACTS = new EnumMap<>(Map.of(
            Operation.PutObject, storage -> put(storage, 1_000),
            Operation.CreateMultipartUpload, ThrottlingTest::putParts,
            Operation.UploadPart, ThrottlingTest::putParts,
            Operation.CompleteMultipartUpload, ThrottlingTest::putParts,
            Operation.AbortMultipartUpload,
                    storage -> storage.abort(new UnfinishedPut(KEY + "\nupload-1", KEY, Instant.EPOCH)),
            Operation.ListMultipartUploads, storage -> storage.listUnfinished("", "", 10),
            Operation.ListObjectsV2, storage -> storage.list("", "", 10),
            Operation.GetObject, ThrottlingTest::read,
            Operation.HeadObject, storage -> storage.stat(KEY),
            Operation.DeleteObject, storage -> storage.delete(KEY)));

    private static void put(S3StorageBackend storage, int bytes) throws IOException {
        storage.put(KEY, HEADERS, new ByteArrayInputStream(new byte[bytes]), bytes);
    }

    private static void putParts(S3StorageBackend storage) throws IOException {
        put(storage, BucketContract.PART + 1);
    }

    private static void read(S3StorageBackend storage) throws IOException {
        try (InputStream in = storage.open(KEY, ByteRange.ALL, null).orElseThrow()) {
            assertThat(in.readAllBytes()).hasSize(5);
        }
    }

    private interface Check {
        void of(Operation operation, ScriptedS3 s3, S3StorageBackend storage) throws Exception;
    }

    /** All operations side by side, since most of the time is spent in waiting. */
    private static void onEach(Check check) throws Exception {
        assertThat(ACTS).containsOnlyKeys(Operation.values());
        ExecutorService threads = Executors.newFixedThreadPool(ACTS.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Operation operation : ACTS.keySet()) {
                running.add(threads.submit(() -> {
                    try (ScriptedS3 s3 = new ScriptedS3();
                            S3StorageBackend storage = new S3StorageBackend(
                                    s3.settings().requestTimeout(PATIENCE).build())) {
                        check.of(operation, s3, storage);
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void everyRequest_slowDownTwice_isRepeatedLater() throws Exception {
        onEach((operation, s3, storage) -> {
            s3.on(operation, SLOW_DOWN, SLOW_DOWN);
            if (operation == GetObject) {
                s3.on(operation, Answer.ok("hello"));
            }
            ACTS.get(operation).on(storage);
            assertThat(s3.requests(operation).size())
                    .as(operation + " requests")
                    .isGreaterThanOrEqualTo(TRIES);
        });
    }

    @Test
    void everyRequest_slowDownForLong_failsWithinBounds() throws Exception {
        onEach((operation, s3, storage) -> {
            Answer[] ever = new Answer[20];
            Arrays.fill(ever, SLOW_DOWN);
            s3.on(operation, ever);
            long started = System.nanoTime();
            assertThatThrownBy(() -> ACTS.get(operation).on(storage))
                    .as(operation.name())
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("503");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(PATIENCE);
            assertThat(s3.requests(operation)).as(operation + " requests").hasSize(TRIES);
        });
    }

    private final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22Z"));
    private final MemoryMetadata rows = new MemoryMetadata();
    private ScriptedS3 s3;
    private FileStore store;

    @BeforeEach
    void start() throws IOException {
        s3 = new ScriptedS3();
        store = FileStore.builder()
                .storage(new S3StorageBackend(s3.settings().build()))
                .metadata(rows)
                .clock(clock)
                .build();
    }

    @AfterEach
    void stop() {
        store.close();
        s3.close();
    }

    private StoredFile upload() {
        return store.upload(
                UploadRequest.of("a.pdf", new ByteArrayInputStream("%PDF-1.7".getBytes(StandardCharsets.US_ASCII)))
                        .withOwner("123"));
    }

    private FileRow rowOf(FileState state) {
        return rows.listByKey("", "", 10).stream()
                .filter(row -> row.state() == state)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void upload_slowDownForLong_failsAndTheSweepFinishesWhenItMay() {
        StoredFile kept = upload();
        s3.on(PutObject, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN).on(HeadObject, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN);
        assertThatThrownBy(this::upload).isInstanceOf(StorageException.class);

        clock.advance(Duration.ofHours(1));
        s3.on(ListMultipartUploads, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN);
        assertThat(store.sweep().failed()).isEqualTo(1);
        FileRow waiting = rowOf(FileState.DELETING);
        assertThat(waiting.attempts()).isEqualTo(1);
        assertThat(waiting.dueAt()).isAfter(clock.instant());
        int requests = s3.requests().size();
        assertThat(store.sweep()).as("nothing is due").isEqualTo(new SweepReport(0, 0, 0, 0));
        assertThat(s3.requests()).as("and the store is left in peace").hasSize(requests);

        Duration first = Duration.between(clock.instant(), waiting.dueAt());
        clock.advance(first);
        s3.on(DeleteObject, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN);
        assertThat(store.sweep().failed()).isEqualTo(1);
        Duration second =
                Duration.between(clock.instant(), rowOf(FileState.DELETING).dueAt());
        assertThat(second).as("it waits for longer each time").isGreaterThan(first);

        clock.advance(second);
        assertThat(store.sweep().failed()).isZero();
        clock.advance(Duration.ofHours(2));
        store.sweep();
        assertThat(rows.listByKey("", "", 10)).extracting(FileRow::id).containsExactly(kept.id());
        assertThat(store.find(kept.id())).contains(kept);
        assertThat(s3.requests(DeleteObject))
                .as("only the object of the upload that failed")
                .noneMatch(request -> request.path().endsWith(kept.key()));
    }

    @Test
    void delete_slowDownForLong_isInvisibleAtOnceAndFinishedByTheSweep() {
        StoredFile file = upload();
        s3.on(DeleteObject, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN, SLOW_DOWN);
        assertThatThrownBy(() -> store.delete(file.id()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("503 SlowDown");
        assertThat(store.find(file.id())).isEmpty();
        assertThatThrownBy(() -> store.delete(file.id())).as("a repeat").isInstanceOf(StorageException.class);
        clock.advance(Duration.ofHours(1));
        assertThat(store.sweep()).isEqualTo(new SweepReport(0, 0, 1, 0));
        assertThat(rows.listByKey("", "", 10)).isEmpty();
        assertThatThrownBy(() -> store.delete(file.id())).isInstanceOf(FileMissingException.class);
    }
}
