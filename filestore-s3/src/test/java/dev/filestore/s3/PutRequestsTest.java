package dev.filestore.s3;

import static dev.filestore.s3.ScriptedS3.Operation.AbortMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.CompleteMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.CreateMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.HeadObject;
import static dev.filestore.s3.ScriptedS3.Operation.ListMultipartUploads;
import static dev.filestore.s3.ScriptedS3.Operation.PutObject;
import static dev.filestore.s3.ScriptedS3.Operation.UploadPart;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.filestore.ObjectHeaders;
import dev.filestore.ProbeSource;
import dev.filestore.StorageException;
import dev.filestore.s3.ScriptedS3.Answer;
import dev.filestore.s3.ScriptedS3.Fault;
import dev.filestore.s3.ScriptedS3.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a put sends, and how it copes with what comes back. */
class PutRequestsTest {

    private static final ObjectHeaders HEADERS =
            new ObjectHeaders("application/pdf", "attachment; filename=\"report.pdf\"");
    private static final String KEY = "uploads/123/20260226_143022_문서 1.pdf";
    private static final byte[] SMALL = bytes(4_096);
    private static final byte[] LARGE = bytes(BucketContract.PART * 2 + 1_000);

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

    @Test
    void put_smallFile_isOneRequest() throws IOException {
        put(SMALL);
        assertThat(s3.operations()).containsExactly(PutObject);
        Request request = s3.requests().get(0);
        assertThat(request.path()).isEqualTo("/bucket/uploads/123/20260226_143022_%EB%AC%B8%EC%84%9C%201.pdf");
        assertThat(request.body()).isEqualTo(SMALL);
        assertThat(request.header("Content-Length")).contains("4096");
        assertThat(request.header("Content-Type")).contains("application/pdf");
        assertThat(request.header("Content-Disposition")).contains("attachment; filename=\"report.pdf\"");
        assertThat(request.header("If-None-Match")).contains("*");
        assertThat(request.header("x-amz-checksum-crc32")).contains(crc32(SMALL));
        assertThat(request.headers()).doesNotContainKeys("transfer-encoding", "content-encoding", "x-amz-trailer");
        assertThat(request.headers()).doesNotContainKey("x-amz-server-side-encryption");
    }

    @Test
    void put_largeFile_isOneRequestForEachPartAndTwoMore() throws IOException {
        put(LARGE);
        assertThat(s3.operations())
                .containsExactly(CreateMultipartUpload, UploadPart, UploadPart, UploadPart, CompleteMultipartUpload);
        Request create = s3.requests().get(0);
        assertThat(create.header("Content-Type")).contains("application/pdf");
        assertThat(create.header("Content-Disposition")).contains("attachment; filename=\"report.pdf\"");
        assertThat(create.header("x-amz-checksum-type")).contains("FULL_OBJECT");
        for (int part = 0; part < 3; part++) {
            byte[] expected = Arrays.copyOfRange(
                    LARGE, part * BucketContract.PART, Math.min((part + 1) * BucketContract.PART, LARGE.length));
            Request request = s3.requests(UploadPart).get(part);
            assertThat(request.query()).contains("partNumber=" + (part + 1), "uploadId=upload-1");
            assertThat(Arrays.equals(request.body(), expected)).isTrue();
            assertThat(request.header("x-amz-checksum-crc32")).contains(crc32(expected));
            assertThat(request.headers()).doesNotContainKeys("transfer-encoding", "content-encoding", "x-amz-trailer");
        }
        Request complete = s3.requests(CompleteMultipartUpload).get(0);
        assertThat(complete.header("If-None-Match")).contains("*");
        assertThat(complete.header("x-amz-checksum-crc32")).contains(crc32(LARGE));
    }

    @Test
    void put_anySize_sendsNoExpect() throws IOException {
        put(SMALL);
        put(LARGE);
        assertThat(s3.requests())
                .allSatisfy(request -> assertThat(request.header("Expect")).isEmpty());
    }

    @Test
    void put_anySize_returnsTheTagOfTheAnswer() throws IOException {
        assertThat(put(SMALL)).isEqualTo("\"etag\"");
        assertThat(put(LARGE)).isEqualTo("\"etag\"");
        assertThat(s3.operations()).doesNotContain(HeadObject);
    }

    @Test
    void put_tagThatCannotBeAskedFor_isNone() throws IOException {
        s3.on(
                PutObject,
                Answer.ok("", "ETag", "W/\"weak\""),
                Answer.ok("", "ETag", '"' + "t".repeat(254) + '"'),
                Answer.ok(""));
        for (int i = 0; i < 3; i++) {
            assertThat(put(SMALL)).isNull();
        }
    }

    @Test
    void put_checksumsOff_sendsNone() throws IOException {
        try (S3StorageBackend plain =
                new S3StorageBackend(s3.settings().checksums(false).build())) {
            plain.put(KEY, HEADERS, new ByteArrayInputStream(SMALL), SMALL.length);
            plain.put(KEY, HEADERS, new ByteArrayInputStream(LARGE), -1);
        }
        assertThat(s3.requests())
                .hasSize(6)
                .allSatisfy(request -> assertThat(request.headers().keySet())
                        .noneMatch(name -> name.startsWith("x-amz-checksum") || name.startsWith("x-amz-sdk-checksum")));
        assertThat(s3.requests())
                .allSatisfy(request -> assertThat(request.headers())
                        .doesNotContainKeys("transfer-encoding", "content-encoding", "x-amz-trailer", "content-md5"));
    }

    @Test
    void put_answerLost_isFoundToBeDone() throws IOException {
        s3.on(PutObject, Answer.ok("").with(Fault.NO_ANSWER), Answer.error(412, "PreconditionFailed"));
        assertThat(put(SMALL)).as("the tag that HEAD tells").isEqualTo("\"etag\"");
        assertThat(s3.operations()).containsExactly(PutObject, PutObject, HeadObject);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"cut", "\"", "W/\"weak\"", "unquoted", "\"with \"quote\""})
    void put_answerWithoutAWholeTag_isDoneAndGivesNone(String eTag) throws IOException {
        s3.on(PutObject, Answer.ok("", "ETag", eTag));
        assertThat(storage.put(KEY, HEADERS, new ByteArrayInputStream(SMALL), -1))
                .isNull();
        assertThat(s3.operations()).containsExactly(PutObject);
    }

    @Test
    void put_anothersObject_isRefused() {
        s3.on(PutObject, Answer.error(412, "PreconditionFailed"));
        s3.on(HeadObject, Answer.ok("", "x-amz-meta-" + ObjectPut.NONCE, "other", "Content-Length", "4096"));
        assertThatThrownBy(() -> put(SMALL))
                .isInstanceOf(StorageException.class)
                .hasMessage("put " + KEY + ": 412 PreconditionFailed, request REQUEST1");
    }

    @Test
    void put_noAnswerEver_failsInTime() {
        Answer silence = Answer.ok("").with(Fault.SILENCE);
        s3.on(PutObject, silence, silence, silence).on(HeadObject, silence, silence, silence);
        try (S3StorageBackend impatient = new S3StorageBackend(
                s3.settings().requestTimeout(Duration.ofSeconds(1)).build())) {
            long started = System.nanoTime();
            assertThatThrownBy(() -> impatient.put(KEY, HEADERS, new ByteArrayInputStream(SMALL), SMALL.length))
                    .isInstanceOf(StorageException.class)
                    .hasMessageStartingWith("put " + KEY + ": ApiCall");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"503, SlowDown", "500, InternalError", "409, ConditionalRequestConflict"})
    void put_refusedOnceForTheMoment_isRepeated(int status, String code) throws IOException {
        s3.on(PutObject, Answer.error(status, code));
        put(SMALL);
        assertThat(s3.operations()).containsExactly(PutObject, PutObject);
        assertThat(s3.requests().get(1).body()).isEqualTo(SMALL);
        s3.on(CompleteMultipartUpload, Answer.error(status, code));
        put(LARGE);
        assertThat(s3.requests(CompleteMultipartUpload)).hasSize(2);
    }

    @Test
    void put_conflictForEver_fails() {
        Answer conflict = Answer.error(409, "ConditionalRequestConflict");
        s3.on(PutObject, conflict, conflict, conflict, conflict, conflict);
        assertThatThrownBy(() -> put(SMALL))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("409 ConditionalRequestConflict");
        assertThat(s3.operations()).containsExactly(PutObject, PutObject, PutObject, PutObject, HeadObject);
    }

    @Test
    void put_partRefusedOnce_isSentAgain() throws IOException {
        s3.on(UploadPart, Answer.ok("", "ETag", "\"etag\""), Answer.error(500, "InternalError"));
        put(LARGE);
        assertThat(s3.requests(UploadPart)).hasSize(4);
        assertThat(Arrays.equals(
                        s3.requests(UploadPart).get(1).body(),
                        s3.requests(UploadPart).get(2).body()))
                .isTrue();
    }

    @Test
    void put_partRefused_abortsAndCommitsNothing() {
        s3.on(UploadPart, Answer.ok("", "ETag", "\"etag\""), Answer.error(403, "AccessDenied"));
        assertThatThrownBy(() -> put(LARGE))
                .isInstanceOf(StorageException.class)
                .hasMessage("put part 2 of " + KEY + ": 403 AccessDenied, request REQUEST1");
        assertThat(s3.operations())
                .containsExactly(CreateMultipartUpload, UploadPart, UploadPart, AbortMultipartUpload);
    }

    @Test
    void put_errorInsideOfSuccess_isNoSuccess() throws IOException {
        s3.on(CompleteMultipartUpload, Answer.errorInside("InternalError"));
        put(LARGE);
        assertThat(s3.requests(CompleteMultipartUpload)).hasSize(2);
        Answer error = Answer.errorInside("InternalError");
        s3.on(CompleteMultipartUpload, error, error, error, error);
        // What the first put left is not this one's.
        assertThatThrownBy(() -> put(LARGE))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("InternalError");
        assertThat(s3.operations()).endsWith(CompleteMultipartUpload, HeadObject, AbortMultipartUpload);
    }

    @Test
    void put_answerToCompletionLost_isFoundToBeDone() throws IOException {
        s3.on(CompleteMultipartUpload, Answer.ok("").with(Fault.NO_ANSWER), Answer.error(404, "NoSuchUpload"));
        put(LARGE);
        assertThat(s3.operations()).endsWith(CompleteMultipartUpload, CompleteMultipartUpload, HeadObject);
        assertThat(s3.requests(AbortMultipartUpload)).isEmpty();
    }

    @Test
    void put_sourceBreaksInTheSecondPart_abortsAndThrowsWhatTheSourceThrew() {
        ProbeSource source = ProbeSource.failingAt(LARGE, BucketContract.PART + 7);
        assertThatThrownBy(() -> storage.put(KEY, HEADERS, source, -1)).isSameAs(source.failure());
        assertThat(s3.operations()).containsExactly(CreateMultipartUpload, UploadPart, AbortMultipartUpload);
    }

    @Test
    void put_sourceBreaksInTheFirstPart_sendsNothing() {
        ProbeSource source = ProbeSource.failingAt(LARGE, BucketContract.PART);
        assertThatThrownBy(() -> storage.put(KEY, HEADERS, source, -1)).isSameAs(source.failure());
        assertThat(s3.requests()).isEmpty();
    }

    @Test
    void put_sourceBreaksAndTheUploadIsGone_throwsWhatTheSourceThrew() {
        s3.on(AbortMultipartUpload, Answer.error(404, "NoSuchUpload"));
        ProbeSource source = ProbeSource.failingAt(LARGE, BucketContract.PART + 7);
        assertThatThrownBy(() -> storage.put(KEY, HEADERS, source, -1)).isSameAs(source.failure());
    }

    @Test
    void put_sourceBreaksAndTheAbortFails_saysSoWithTheSourcesExceptionAsCause() {
        s3.on(AbortMultipartUpload, Answer.error(403, "AccessDenied"));
        ProbeSource source = ProbeSource.failingAt(LARGE, BucketContract.PART + 7);
        assertThatThrownBy(() -> storage.put(KEY, HEADERS, source, -1))
                .isInstanceOf(StorageException.class)
                .hasCause(source.failure());
    }

    @Test
    void put_sourceBreaksAfterAPartWasSentTwice_saysThatOneMayStillLand() {
        s3.on(UploadPart, Answer.error(500, "InternalError"));
        ProbeSource source = ProbeSource.failingAt(LARGE, BucketContract.PART + 7);
        assertThatThrownBy(() -> storage.put(KEY, HEADERS, source, -1))
                .isInstanceOf(StorageException.class)
                .hasCause(source.failure());
        assertThat(s3.operations()).endsWith(AbortMultipartUpload);
    }

    @Test
    void put_uploadBegunTwice_abortsTheOneThatNobodyKnows() throws IOException {
        s3.on(CreateMultipartUpload, Answer.ok("").with(Fault.NO_ANSWER));
        s3.on(
                ListMultipartUploads,
                Answer.ok("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>" + upload(KEY, "upload-1")
                        + upload(KEY, "lost") + upload(KEY + "2", "foreign") + "</ListMultipartUploadsResult>"));
        put(LARGE);
        assertThat(s3.requests(AbortMultipartUpload))
                .singleElement()
                .satisfies(request -> assertThat(request.query()).contains("uploadId=lost"));
        assertThat(s3.operations()).endsWith(CompleteMultipartUpload);
    }

    @Test
    void put_answerToTheFirstRequestBreaksOff_isRepeatedAndTheLostUploadAborted() throws IOException {
        s3.on(
                CreateMultipartUpload,
                Answer.ok("<InitiateMultipartUploadResult><Bucket>b", "x-test-length", "591")
                        .with(Fault.CUT));
        s3.on(
                ListMultipartUploads,
                Answer.ok("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>" + upload(KEY, "upload-1")
                        + upload(KEY, "lost") + "</ListMultipartUploadsResult>"));
        put(LARGE);
        assertThat(s3.operations()).startsWith(CreateMultipartUpload, CreateMultipartUpload, ListMultipartUploads);
        assertThat(s3.requests(AbortMultipartUpload))
                .singleElement()
                .satisfies(request -> assertThat(request.query()).contains("uploadId=lost"));
    }

    @Test
    void put_refused_tellsNoSecretAndNoAddress() {
        s3.on(PutObject, Answer.error(403, "SignatureDoesNotMatch"));
        Throwable thrown = catchThrowable(() -> put(SMALL));
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            assertThat(e.toString())
                    .doesNotContain(ScriptedS3.SECRET, s3.endpoint().getAuthority());
        }
    }

    private static String upload(String key, String id) {
        return "<Upload><Key>" + key + "</Key><UploadId>" + id + "</UploadId></Upload>";
    }

    private @Nullable String put(byte[] content) throws IOException {
        return storage.put(KEY, HEADERS, new ByteArrayInputStream(content), -1);
    }

    private static String crc32(byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
