package dev.filestore.s3;

import static dev.filestore.s3.ScriptedS3.Operation.AbortMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.CompleteMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.CreateMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.PutObject;
import static dev.filestore.s3.ScriptedS3.Operation.UploadPart;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.ObjectHeaders;
import dev.filestore.ProbeSource;
import dev.filestore.StorageException;
import dev.filestore.s3.ScriptedS3.Answer;
import dev.filestore.s3.ScriptedS3.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Puts whose parts are sent while others are read, and puts that wait for each other's memory. */
class ParallelPartsTest {

    private static final ObjectHeaders HEADERS = new ObjectHeaders("application/pdf", "attachment");
    private static final String KEY = "uploads/123/large.pdf";
    private static final int PART = BucketContract.PART;
    private static final byte[] LARGE = bytes(PART * 3 + 1_000);

    /** So many of its parts are sent one by one. */
    private static final int FIRST = 8;

    private static final byte[] HUGE = bytes(PART * (FIRST + 3) + 1_000);
    private static final long PATIENCE_SECONDS = 30;

    private ScriptedS3 s3;

    @BeforeEach
    void start() throws IOException {
        s3 = new ScriptedS3();
    }

    @AfterEach
    void stop() {
        s3.close();
    }

    private S3StorageBackend storage(long memoryBytes) {
        return new S3StorageBackend(
                s3.settings().partMemoryBytes(memoryBytes).partsAtOnce(3).build());
    }

    private static void put(S3StorageBackend storage, byte[] content) throws IOException {
        storage.put(KEY, HEADERS, new ByteArrayInputStream(content), -1);
    }

    @Test
    void put_largeFile_sendsPartsSideBySideAndJoinsThemInOrder() throws IOException {
        CountDownLatch together = new CountDownLatch(2);
        s3.before(UploadPart, request -> {
            if (number(request) > FIRST) {
                together.countDown();
                await(together);
            }
        });
        try (S3StorageBackend storage = storage(8L * PART)) {
            put(storage, HUGE);
        }
        assertThat(s3.operations()).startsWith(CreateMultipartUpload).endsWith(CompleteMultipartUpload);
        assertThat(s3.requests(UploadPart)).hasSize(FIRST + 4);
        for (Request request : s3.requests(UploadPart)) {
            int number = number(request);
            byte[] expected = Arrays.copyOfRange(HUGE, (number - 1) * PART, Math.min(number * PART, HUGE.length));
            assertThat(Arrays.equals(request.body(), expected)).isTrue();
        }
        Request complete = s3.requests(CompleteMultipartUpload).get(0);
        assertThat(complete.header("x-amz-checksum-crc32")).contains(ObjectChecksum.encoded(crc(HUGE)));
        List<String> numbers = Pattern.compile("<PartNumber>(\\d+)")
                .matcher(new String(complete.body(), StandardCharsets.UTF_8))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, FIRST + 4)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @Test
    void put_fileOfEightParts_sendsThemOneByOne() throws IOException {
        sendsOneByOne(FIRST * (long) PART, Arrays.copyOf(HUGE, FIRST * PART));
    }

    @Test
    void put_memoryForOnePart_sendsThemOneByOne() throws IOException {
        sendsOneByOne(PART, HUGE);
    }

    private void sendsOneByOne(long memoryBytes, byte[] content) throws IOException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        s3.before(UploadPart, request -> most.accumulateAndGet(running.incrementAndGet(), Math::max));
        s3.after(UploadPart, request -> running.decrementAndGet());
        try (S3StorageBackend storage = storage(memoryBytes)) {
            put(storage, content);
        }
        assertThat(s3.requests(UploadPart)).hasSizeGreaterThanOrEqualTo(FIRST);
        assertThat(most).hasValue(1);
    }

    @Test
    void put_sourceBreaksWhileAPartIsSent_letsItEndAndAborts() {
        CountDownLatch broken = new CountDownLatch(1);
        s3.before(UploadPart, request -> {
            if (number(request) > FIRST) {
                await(broken);
            }
        });
        ProbeSource source = ProbeSource.failingAt(HUGE, PART * (FIRST + 1) + 7).beforeFailure(broken::countDown);
        try (S3StorageBackend storage = storage(8L * PART)) {
            assertThatThrownBy(() -> storage.put(KEY, HEADERS, source, -1)).isSameAs(source.failure());
        }
        assertThat(s3.operations()).endsWith(UploadPart, AbortMultipartUpload);
        assertThat(s3.requests(UploadPart)).hasSize(FIRST + 1);
    }

    @Test
    void put_sourceAndPartBreak_saysThatAPartMayStillLand() {
        CountDownLatch broken = new CountDownLatch(1);
        s3.before(UploadPart, request -> {
            if (number(request) > FIRST) {
                await(broken);
            }
        });
        refuseTheFirstThatIsSentBeside();
        ProbeSource source = ProbeSource.failingAt(HUGE, PART * (FIRST + 1) + 7).beforeFailure(broken::countDown);
        try (S3StorageBackend storage = storage(8L * PART)) {
            assertThatThrownBy(() -> storage.put(KEY, HEADERS, source, -1))
                    .isInstanceOf(StorageException.class)
                    .hasCause(source.failure());
        }
        assertThat(s3.operations()).endsWith(AbortMultipartUpload);
    }

    @Test
    void put_partRefusedWhileOthersAreSent_abortsWhenNoneRunsAndCommitsNothing() {
        refuseTheFirstThatIsSentBeside();
        try (S3StorageBackend storage = storage(8L * PART)) {
            assertThatThrownBy(() -> put(storage, HUGE))
                    .isInstanceOf(StorageException.class)
                    .hasMessageMatching("put part \\d+ of " + KEY + ": 403 AccessDenied, request REQUEST1");
        }
        assertThat(s3.requests(CompleteMultipartUpload)).isEmpty();
        assertThat(s3.operations()).endsWith(AbortMultipartUpload).containsOnlyOnce(AbortMultipartUpload);
    }

    @Test
    void put_interruptedWhilePartsAreSent_waitsForThemAndCommitsNothing() {
        Thread putting = Thread.currentThread();
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        s3.before(UploadPart, request -> {
            running.incrementAndGet();
            if (number(request) > FIRST) {
                await(interrupted);
            }
        });
        s3.after(UploadPart, request -> running.decrementAndGet());
        ProbeSource source = new ProbeSource(Arrays.copyOf(HUGE, PART * (FIRST + 2))).beforeEnd(() -> {
            putting.interrupt();
            interrupted.countDown();
        });
        try (S3StorageBackend storage = storage(8L * PART)) {
            assertThatThrownBy(() -> storage.put(KEY, HEADERS, source, -1))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(s3.requests(CompleteMultipartUpload)).isEmpty();
        assertThat(running).hasValue(0);
    }

    @Test
    void put_noMemoryInTime_failsAndSmallFilesDoNotWait() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        ProbeSource holder = new ProbeSource(bytes(PART / 2)).beforeEnd(() -> {
            held.countDown();
            await(letGo);
        });
        try (S3StorageBackend storage = new S3StorageBackend(s3.settings()
                .partMemoryBytes(PART)
                .requestTimeout(Duration.ofSeconds(1))
                .build())) {
            CompletableFuture<Void> holding = CompletableFuture.runAsync(() -> {
                try {
                    storage.put(KEY, HEADERS, holder, -1);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            await(held);
            put(storage, bytes(70_000));
            assertThat(s3.operations()).containsExactly(PutObject);
            assertThatThrownBy(() -> put(storage, LARGE))
                    .isInstanceOf(StorageException.class)
                    .hasMessage("put " + KEY + ": other uploads held all 5242880 bytes that there are for parts for 1"
                            + " seconds, see S3Settings.Builder.partMemoryBytes");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> put(storage, LARGE))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("interrupted while it waited for memory");
            assertThat(Thread.interrupted()).isTrue();
            letGo.countDown();
            holding.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            put(storage, LARGE);
        }
        assertThat(s3.requests(CompleteMultipartUpload)).hasSize(1);
    }

    @Test
    void put_manyAtOnce_allEndWithMemoryForTwoParts() {
        try (S3StorageBackend storage = storage(2L * PART)) {
            List<CompletableFuture<Void>> puts = IntStream.range(0, 12)
                    .mapToObj(number -> CompletableFuture.runAsync(
                            () -> {
                                try {
                                    put(storage, LARGE);
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            },
                            task -> new Thread(task).start()))
                    .toList();
            puts.forEach(put -> assertThat(put).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS)));
        }
        assertThat(s3.requests(CompleteMultipartUpload)).hasSize(12);
    }

    private void refuseTheFirstThatIsSentBeside() {
        Answer[] answers = new Answer[FIRST + 1];
        Arrays.fill(answers, Answer.ok("", "ETag", "\"etag\""));
        answers[FIRST] = Answer.error(403, "AccessDenied");
        s3.on(UploadPart, answers);
    }

    private static int number(Request part) {
        return Integer.parseInt(part.query().replaceAll(".*partNumber=", "").replaceAll("&.*", ""));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
