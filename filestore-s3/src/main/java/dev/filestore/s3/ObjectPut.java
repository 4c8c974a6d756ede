package dev.filestore.s3;

import dev.filestore.ObjectHeaders;
import dev.filestore.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * One put of one object: a single request where the bytes fit one part, else a multipart upload. Nothing is committed
 * before the source has ended.
 */
final class ObjectPut {

    /** The name in the object's metadata under which a put finds out whether the object is its own. */
    static final String NONCE = "filestore-put";

    private static final String ANY = "*";
    private static final int COMMIT_ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final S3Client client;
    private final S3Settings settings;
    private final OpenUploads uploads;
    private final String key;
    private final ObjectHeaders headers;
    private final String nonce = UUID.randomUUID().toString();
    private final PartBuffer buffer = new PartBuffer();

    /** Whether a part was sent more than once: a try that was given up can land even after the upload is aborted. */
    private boolean partRepeated;

    ObjectPut(S3Client client, S3Settings settings, OpenUploads uploads, String key, ObjectHeaders headers) {
        this.client = client;
        this.settings = settings;
        this.uploads = uploads;
        this.key = key;
        this.headers = headers;
    }

    /** As {@link dev.filestore.StorageBackend#put}. */
    void send(InputStream source, long length) throws IOException {
        PartSizes sizes = new PartSizes(settings.partSizeBytes(), length);
        if (buffer.fill(source, sizes.at(0)) || buffer.isAtEnd(source)) {
            sendWhole();
        } else {
            sendInParts(source, sizes);
        }
    }

    private void sendWhole() {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .contentType(headers.contentType())
                .contentDisposition(headers.contentDisposition())
                .metadata(Map.of(NONCE, nonce))
                .ifNoneMatch(ANY);
        if (settings.checksums()) {
            request.checksumAlgorithm(ChecksumAlgorithm.CRC32).checksumCRC32(buffer.checksum());
        }
        commit(() -> client.putObject(request.build(), buffer.body(headers.contentType())));
    }

    private void sendInParts(InputStream source, PartSizes sizes) throws IOException {
        AtomicInteger attempts = new AtomicInteger();
        String id = create(attempts);
        try {
            if (attempts.get() > 1) {
                // The answer to a try that took effect may have been lost, and with it the id of its upload.
                uploads.abortAll(key, id);
            }
            CompleteMultipartUploadRequest request = complete(id, sendParts(id, source, sizes));
            commit(() -> client.completeMultipartUpload(request));
        } catch (IOException e) {
            try {
                uploads.abort(key, id);
            } catch (StorageException notAborted) {
                StorageException left = new StorageException(
                        "put " + key + ": the source failed, and the upload it left could not be aborted", e);
                left.addSuppressed(notAborted);
                throw left;
            }
            if (partRepeated) {
                throw new StorageException(
                        "put " + key + ": the source failed, and an earlier try of a part may still land", e);
            }
            throw e;
        } catch (RuntimeException | Error e) {
            try {
                uploads.abort(key, id);
            } catch (StorageException notAborted) {
                e.addSuppressed(notAborted);
            }
            throw e;
        }
    }

    private String create(AtomicInteger attempts) {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .contentType(headers.contentType())
                .contentDisposition(headers.contentDisposition())
                .metadata(Map.of(NONCE, nonce))
                .overrideConfiguration(override -> override.putExecutionAttribute(AttemptCounter.ATTEMPTS, attempts));
        if (settings.checksums()) {
            request.checksumAlgorithm(ChecksumAlgorithm.CRC32).checksumType(ChecksumType.FULL_OBJECT);
        }
        try {
            return client.createMultipartUpload(request.build()).uploadId();
        } catch (SdkException e) {
            throw S3Failures.translate("put", key, e);
        }
    }

    private List<CompletedPart> sendParts(String id, InputStream source, PartSizes sizes) throws IOException {
        List<CompletedPart> parts = new ArrayList<>();
        parts.add(sendPart(id, 1));
        boolean ended;
        do {
            buffer.next();
            ended = buffer.fill(source, sizes.at(buffer.total()));
            if (buffer.size() > 0) {
                parts.add(sendPart(id, parts.size() + 1));
            }
        } while (!ended);
        return parts;
    }

    private CompletedPart sendPart(String id, int number) {
        AtomicInteger attempts = new AtomicInteger();
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .uploadId(id)
                .partNumber(number)
                .overrideConfiguration(override -> override.putExecutionAttribute(AttemptCounter.ATTEMPTS, attempts));
        CompletedPart.Builder part = CompletedPart.builder().partNumber(number);
        if (settings.checksums()) {
            String checksum = buffer.checksum();
            request.checksumAlgorithm(ChecksumAlgorithm.CRC32).checksumCRC32(checksum);
            part.checksumCRC32(checksum);
        }
        try {
            UploadPartResponse answer = client.uploadPart(request.build(), buffer.body("application/octet-stream"));
            partRepeated |= attempts.get() > 1;
            return part.eTag(answer.eTag()).build();
        } catch (SdkException e) {
            throw S3Failures.translate("put part " + number + " of", key, e);
        }
    }

    private CompleteMultipartUploadRequest complete(String id, List<CompletedPart> parts) {
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .uploadId(id)
                .multipartUpload(upload -> upload.parts(parts))
                .ifNoneMatch(ANY);
        if (settings.checksums()) {
            request.checksumType(ChecksumType.FULL_OBJECT).checksumCRC32(buffer.totalChecksum());
        }
        return request.build();
    }

    /** Sends the request that makes the object visible, and finds out how it went where its answer does not tell. */
    private void commit(Runnable request) {
        long started = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                request.run();
                return;
            } catch (SdkException e) {
                // The SDK does not repeat a conflict with another put of the key, although S3 asks for it.
                boolean late =
                        System.nanoTime() - started > settings.requestTimeout().toNanos();
                if (S3Failures.isStatus(e, 409) && attempt < COMMIT_ATTEMPTS && !late && pause(attempt)) {
                    continue;
                }
                StorageException failure = S3Failures.translate("put", key, e);
                if (S3Failures.mayBeDone(e) && isOurs(failure)) {
                    return;
                }
                throw failure;
            }
        }
    }

    /** Whether the object that is there came by this put. */
    private boolean isOurs(StorageException failure) {
        try {
            HeadObjectResponse head = client.headObject(
                    request -> request.bucket(settings.bucket()).key(key));
            return nonce.equals(head.metadata().get(NONCE)) && head.contentLength() == buffer.total();
        } catch (SdkException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /** Waits for a moment; false if the thread is interrupted. */
    private static boolean pause(int attempt) {
        long longest = FIRST_PAUSE.toMillis() << attempt;
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
