package dev.filestore.s3;

import static dev.filestore.s3.ScriptedS3.Operation.AbortMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.DeleteObject;
import static dev.filestore.s3.ScriptedS3.Operation.GetObject;
import static dev.filestore.s3.ScriptedS3.Operation.HeadObject;
import static dev.filestore.s3.ScriptedS3.Operation.ListMultipartUploads;
import static dev.filestore.s3.ScriptedS3.Operation.ListObjectsV2;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.BreakingOffContract;
import dev.filestore.ByteRange;
import dev.filestore.Category;
import dev.filestore.FileStore;
import dev.filestore.MimePolicy;
import dev.filestore.StorageException;
import dev.filestore.UploadRequest;
import dev.filestore.Verification;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.s3.ScriptedS3.Answer;
import dev.filestore.s3.ScriptedS3.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reads, looks and deletes send, and how they cope with what comes back. */
class OpenRequestsTest implements BreakingOffContract {

    private static final String KEY = "uploads/123/file.pdf";

    private ScriptedS3 s3;
    private S3StorageBackend storage;

    @BeforeEach
    void start() throws IOException {
        s3 = new ScriptedS3();
        storage = new S3StorageBackend(s3.settings().build());
    }

    @AfterEach
    void stop() {
        storage.close();
        s3.close();
    }

    @Override
    public InputStream openBreakingOff(byte[] content, int at) {
        s3.on(
                GetObject,
                Answer.ok(Arrays.copyOf(content, at), "x-test-length", Integer.toString(content.length))
                        .with(Fault.CUT));
        return open(ByteRange.ALL);
    }

    @Test
    void open_whole_isOneRequestThatAsksForTheChecksum() throws IOException {
        s3.on(GetObject, Answer.ok("hello", "x-amz-checksum-crc32", "NhCmhg=="));
        try (InputStream in = open(ByteRange.ALL)) {
            assertThat(in.readAllBytes()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(s3.requests()).singleElement().satisfies(request -> {
            assertThat(request.header("x-amz-checksum-mode")).contains("ENABLED");
            assertThat(request.headers()).doesNotContainKeys("range", "x-amz-te", "te");
        });
    }

    @Test
    void open_range_isOneRequestForThatRange() throws IOException {
        s3.on(
                GetObject,
                new Answer(206, Map.of("Content-Range", "bytes 5-9/100"), new byte[5], true, Fault.NONE),
                new Answer(206, Map.of("Content-Range", "bytes 5-99/100"), new byte[95], true, Fault.NONE));
        try (InputStream in = open(new ByteRange(5, 5))) {
            assertThat(in.readAllBytes()).hasSize(5);
        }
        try (InputStream in = open(new ByteRange(5, Long.MAX_VALUE))) {
            assertThat(in.readAllBytes()).hasSize(95);
        }
        assertThat(s3.requests()).hasSize(2);
        assertThat(s3.requests().get(0).header("Range")).contains("bytes=5-9");
        assertThat(s3.requests().get(1).header("Range")).contains("bytes=5-");
        assertThat(s3.requests())
                .noneMatch(request -> request.header("x-amz-checksum-mode").isPresent());
    }

    @Test
    void open_tag_isTheConditionOfTheOneRequest() throws IOException {
        s3.on(GetObject, Answer.ok("hello"), Answer.error(412, "PreconditionFailed"));
        try (InputStream in = storage.open(KEY, ByteRange.ALL, "\"a-2\"").orElseThrow()) {
            assertThat(in.readAllBytes()).hasSize(5);
        }
        assertThat(storage.open(KEY, new ByteRange(1, 2), "\"a-2\"")).isEmpty();
        assertThat(s3.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.header("If-Match")).contains("\"a-2\""));
    }

    @Test
    void open_checksumsOff_asksForNone() throws IOException {
        s3.on(GetObject, Answer.ok("hello"));
        try (S3StorageBackend plain =
                        new S3StorageBackend(s3.settings().checksums(false).build());
                InputStream in = plain.open(KEY, ByteRange.ALL, null).orElseThrow()) {
            assertThat(in.readAllBytes()).hasSize(5);
        }
        assertThat(s3.requests().get(0).headers()).doesNotContainKeys("x-amz-checksum-mode", "x-amz-te");
    }

    @Test
    void open_wrongBytes_failsBeforeTheLastOneIsGiven() throws IOException {
        s3.on(GetObject, Answer.ok("hellO", "x-amz-checksum-crc32", "NhCmhg=="));
        try (InputStream in = open(ByteRange.ALL)) {
            assertThatThrownBy(() -> in.readNBytes(5)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void verify_wrongBytesOfAnObjectWithChecksum_areAFindingAndNoFailure() {
        try (FileStore store = FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .policy((name, type, head) -> new MimePolicy.Accepted("text/plain", Category.DOCUMENT, 100))
                .build()) {
            long id = store.upload(UploadRequest.of("a.txt", new ByteArrayInputStream("hello".getBytes(UTF_8)))
                            .withOwner("123"))
                    .id();
            s3.on(
                    GetObject,
                    new Answer(
                            206,
                            Map.of("Content-Range", "bytes 0-4/5", "x-amz-checksum-crc32", "NhCmhg=="),
                            "hellO".getBytes(UTF_8),
                            true,
                            Fault.NONE));

            assertThat(store.verify(id)).isEqualTo(Verification.DIFFERENT);
        }
    }

    @Test
    void open_storeWithoutRanges_fails() {
        s3.on(GetObject, Answer.ok("hello"));
        assertThatThrownBy(() -> open(new ByteRange(1, 2))).isInstanceOf(StorageException.class);
    }

    @Test
    void open_noSuchBucket_isNoAbsentObject() {
        s3.on(GetObject, Answer.error(404, "NoSuchBucket"));
        assertThatThrownBy(() -> open(ByteRange.ALL))
                .isInstanceOf(StorageException.class)
                .hasMessage("open " + KEY + ": 404 NoSuchBucket, request REQUEST1");
        s3.on(DeleteObject, Answer.error(404, "NoSuchBucket"));
        assertThatThrownBy(() -> storage.delete(KEY)).isInstanceOf(StorageException.class);
    }

    @Test
    void open_refusedOnceForTheMoment_isRepeated() throws IOException {
        s3.on(GetObject, Answer.error(503, "SlowDown"), Answer.ok("hello"));
        try (InputStream in = open(ByteRange.ALL)) {
            assertThat(in.readAllBytes()).hasSize(5);
        }
        assertThat(s3.operations()).containsExactly(GetObject, GetObject);
    }

    @Test
    void read_interruptedThread_failsAndStaysInterrupted() throws IOException {
        s3.on(GetObject, Answer.ok("hello"));
        try (InputStream in = open(ByteRange.ALL)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(in::readAllBytes).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void stat_anyKey_isOneRequest() {
        assertThat(storage.stat(KEY)).isEmpty();
        assertThat(s3.operations()).containsExactly(HeadObject);
    }

    @Test
    void stat_interruptedThread_failsAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> storage.stat(KEY))
                .isInstanceOf(StorageException.class)
                .hasMessage("stat " + KEY + ": interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void delete_storeThatSaysAbsent_isSuccess() {
        s3.on(DeleteObject, Answer.error(404, "NoSuchKey"));
        storage.delete(KEY);
        assertThat(s3.operations()).containsExactly(DeleteObject);
    }

    @Test
    void purge_nothingLeft_isTwoRequests() {
        storage.purge(KEY);
        assertThat(s3.operations()).containsExactly(ListMultipartUploads, DeleteObject);
    }

    @Test
    void list_moreThanAPage_asksForTheRestOnly() {
        String object = "<Contents><Key>a</Key><Size>1</Size><LastModified>2026-02-26T14:30:22.000Z</LastModified>"
                + "</Contents>";
        s3.on(
                ListObjectsV2,
                Answer.ok("<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>next"
                        + "</NextContinuationToken>" + object.repeat(1_000) + "</ListBucketResult>"));
        assertThat(storage.list("a", "", 1_001)).hasSize(1_000);
        assertThat(s3.operations()).containsExactly(ListObjectsV2, ListObjectsV2);
        assertThat(s3.requests().get(0).query()).contains("max-keys=1000");
        assertThat(s3.requests().get(1).query()).contains("max-keys=1&", "continuation-token=next");
    }

    @Test
    void listUnfinished_moreThanAPage_goesOnByBothMarkers() {
        String upload = "<Upload><Key>a/b</Key><UploadId>u</UploadId><Initiated>2026-02-26T14:30:22.000Z</Initiated>"
                + "</Upload>";
        s3.on(
                ListMultipartUploads,
                Answer.ok(
                        "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>a/b</NextKeyMarker>"
                                + "<NextUploadIdMarker>u</NextUploadIdMarker>" + upload.repeat(1_000)
                                + "</ListMultipartUploadsResult>"));
        assertThat(storage.listUnfinished("a/", "", 1_001))
                .hasSize(1_000)
                .allSatisfy(put -> assertThat(put.key()).isEqualTo("a/b"))
                .allSatisfy(put -> assertThat(put.touchedAt()).isEqualTo("2026-02-26T14:30:22Z"));
        assertThat(s3.operations()).containsExactly(ListMultipartUploads, ListMultipartUploads);
        assertThat(s3.requests().get(0).query())
                .contains("prefix=a%2F", "max-uploads=1000")
                .doesNotContain("marker");
        assertThat(s3.requests().get(1).query()).contains("key-marker=a%2Fb", "upload-id-marker=u", "max-uploads=1");
    }

    @Test
    void abort_unfinishedPut_namesItsKeyAndUpload() {
        String upload = "<Upload><Key>a\nb</Key><UploadId>u</UploadId><Initiated>2026-02-26T14:30:22.000Z</Initiated>"
                + "</Upload>";
        s3.on(
                ListMultipartUploads,
                Answer.ok("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>" + upload
                        + "</ListMultipartUploadsResult>"));
        storage.abort(storage.listUnfinished("", "", 10).get(0));
        assertThat(s3.requests(AbortMultipartUpload)).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("/bucket/a%0Ab");
            assertThat(request.query()).isEqualTo("uploadId=u");
        });
    }

    @Test
    void list_answerBreaksOff_isRepeated() {
        s3.on(
                ListObjectsV2,
                Answer.ok("<ListBucketResult><IsTrunc", "x-test-length", "500").with(Fault.CUT));
        assertThat(storage.list("a", "", 10)).isEmpty();
        assertThat(s3.operations()).containsExactly(ListObjectsV2, ListObjectsV2);
    }

    @Test
    void read_serverFallsSilent_failsInTime() throws IOException {
        s3.on(GetObject, Answer.ok("hello", "x-test-length", "100").with(Fault.SILENT_END));
        try (S3StorageBackend impatient = new S3StorageBackend(
                        s3.settings().requestTimeout(Duration.ofSeconds(1)).build());
                InputStream in = impatient.open(KEY, ByteRange.ALL, null).orElseThrow()) {
            long started = System.nanoTime();
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(15));
        }
    }

    private InputStream open(ByteRange range) {
        return storage.open(KEY, range, null).orElseThrow();
    }
}
