package dev.filestore.s3;

import dev.filestore.ObjectHeaders;
import dev.filestore.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

    /** RFC 9110 section 8.8.3. */
    private static final Pattern STRONG_TAG = Pattern.compile("\"[!#-~\\x80-\\xff]*\"");

    private static final int LONGEST_TAG = 255;

    /** So many parts are sent one after the other: a file of the usual size holds the memory of one. */
    private static final int ONE_BY_ONE = 8;

    private static final int COMMIT_ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final S3Client client;
    private final S3Settings settings;
    private final OpenUploads uploads;
    private final PartMemory memory;
    private final PartsInFlight<SentPart> flying;
    private final String key;
    private final ObjectHeaders headers;
    private final String nonce = UUID.randomUUID().toString();
    private final ObjectChecksum checksum = new ObjectChecksum();
    private int parts;
    private long total;

    /** A part that is there, and how many requests it took. */
    private record SentPart(CompletedPart part, boolean repeated) {}

    ObjectPut(
            S3Client client,
            S3Settings settings,
            OpenUploads uploads,
            PartMemory memory,
            Executor senders,
            String key,
            ObjectHeaders headers) {
        this.client = client;
        this.settings = settings;
        this.uploads = uploads;
        this.memory = memory;
        this.flying = new PartsInFlight<>(senders, key);
        this.key = key;
        this.headers = headers;
    }

    /** As {@link dev.filestore.StorageBackend#put}. */
    @Nullable
    String send(InputStream source, long length) throws IOException {
        PartSizes sizes = new PartSizes(settings.partSizeBytes(), memory.capacityBytes(), length, key);
        try (PartBuffer first = new PartBuffer(memory, key);
                PartBuffer second = new PartBuffer(memory, key)) {
            if (first.fill(source, sizes.at(0)) || second.begin(source)) {
                return sendWhole(first);
            }
            return sendInParts(first, second, source, sizes);
        }
    }

    private @Nullable String sendWhole(PartBuffer whole) {
        total = whole.size();
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .contentType(headers.contentType())
                .contentDisposition(headers.contentDisposition())
                .metadata(Map.of(NONCE, nonce))
                .ifNoneMatch(ANY);
        if (settings.checksums()) {
            request.checksumAlgorithm(ChecksumAlgorithm.CRC32).checksumCRC32(ObjectChecksum.encoded(whole.checksum()));
        }
        return commit(() -> client.putObject(request.build(), whole.body(headers.contentType()))
                .eTag());
    }

    private @Nullable String sendInParts(PartBuffer first, PartBuffer second, InputStream source, PartSizes sizes)
            throws IOException {
        AtomicInteger attempts = new AtomicInteger();
        String id = create(attempts);
        try {
            if (attempts.get() > 1) {
                // The answer to a try that took effect may have been lost, and with it the id of its upload.
                uploads.abortAll(key, id);
            }
            send(id, first, second, sizes);
            sendTheRest(id, second, source, sizes);
            CompleteMultipartUploadRequest request = complete(id, flying.join());
            return commit(() -> client.completeMultipartUpload(request).eTag());
        } catch (IOException e) {
            boolean certain = flying.settle(part -> !part.repeated());
            try {
                uploads.abort(key, id);
            } catch (StorageException notAborted) {
                StorageException left = new StorageException(
                        "put " + key + ": the source failed, and the upload it left could not be aborted", e);
                left.addSuppressed(notAborted);
                throw left;
            }
            if (!certain) {
                throw new StorageException(
                        "put " + key + ": the source failed, and an earlier try of a part may still land", e);
            }
            throw e;
        } catch (RuntimeException | Error e) {
            flying.settle(any -> true);
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

    private void sendTheRest(String id, PartBuffer second, InputStream source, PartSizes sizes) throws IOException {
        PartBuffer part = second;
        try {
            boolean ended;
            do {
                flying.check();
                ended = part.fill(source, sizes.at(total));
                if (part.size() > 0) {
                    PartBuffer next = new PartBuffer(memory, key);
                    send(id, part, next, sizes);
                    part = next;
                }
            } while (!ended);
        } finally {
            part.close();
        }
    }

    /** Sends a part that is full; of a large object while the next one is filled, if there is memory for both. */
    private void send(String id, PartBuffer part, PartBuffer next, PartSizes sizes) {
        if (++parts > PartSizes.MAX_PARTS) {
            throw new StorageException(
                    "put " + key + ": more than " + total + " bytes need more than " + PartSizes.MAX_PARTS
                            + " parts; announce the length, or see S3Settings.Builder.partMemoryBytes",
                    null);
        }
        int number = parts;
        total += part.size();
        checksum.append(part.checksum(), part.size());
        boolean beside = parts > ONE_BY_ONE && flying.running() < settings.partsAtOnce() - 1;
        PartMemory.Share spare = beside ? memory.reserveSpare(sizes.at(total)) : null;
        if (spare == null) {
            flying.sendHere(() -> sendPart(id, number, part));
        } else {
            next.use(spare);
            flying.send(() -> sendPart(id, number, part));
        }
    }

    private SentPart sendPart(String id, int number, PartBuffer part) {
        AtomicInteger attempts = new AtomicInteger();
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .uploadId(id)
                .partNumber(number)
                .overrideConfiguration(override -> override.putExecutionAttribute(AttemptCounter.ATTEMPTS, attempts));
        CompletedPart.Builder sent = CompletedPart.builder().partNumber(number);
        try (part) {
            if (settings.checksums()) {
                String encoded = ObjectChecksum.encoded(part.checksum());
                request.checksumAlgorithm(ChecksumAlgorithm.CRC32).checksumCRC32(encoded);
                sent.checksumCRC32(encoded);
            }
            UploadPartResponse answer = client.uploadPart(request.build(), part.body("application/octet-stream"));
            return new SentPart(sent.eTag(answer.eTag()).build(), attempts.get() > 1);
        } catch (SdkException e) {
            throw S3Failures.translate("put part " + number + " of", key, e);
        }
    }

    private CompleteMultipartUploadRequest complete(String id, List<SentPart> sent) {
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(key)
                .uploadId(id)
                .multipartUpload(
                        upload -> upload.parts(sent.stream().map(SentPart::part).toList()))
                .ifNoneMatch(ANY);
        if (settings.checksums()) {
            request.checksumType(ChecksumType.FULL_OBJECT).checksumCRC32(checksum.encoded());
        }
        return request.build();
    }

    /** Sends the request that makes the object visible, and finds out how it went where its answer does not tell. */
    private @Nullable String commit(Supplier<@Nullable String> request) {
        long started = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return tag(request.get());
            } catch (SdkException e) {
                // The SDK does not repeat a conflict with another put of the key, although S3 asks for it.
                boolean late =
                        System.nanoTime() - started > settings.requestTimeout().toNanos();
                if (S3Failures.isStatus(e, 409) && attempt < COMMIT_ATTEMPTS && !late && pause(attempt)) {
                    continue;
                }
                StorageException failure = S3Failures.translate("put", key, e);
                if (!S3Failures.mayBeDone(e)) {
                    throw failure;
                }
                return tag(requireOurs(failure).eTag());
            }
        }
    }

    /** The object that is there, if it came by this put. */
    private HeadObjectResponse requireOurs(StorageException failure) {
        try {
            HeadObjectResponse head = client.headObject(
                    request -> request.bucket(settings.bucket()).key(key));
            if (nonce.equals(head.metadata().get(NONCE)) && head.contentLength() == total) {
                return head;
            }
        } catch (SdkException e) {
            failure.addSuppressed(e);
        }
        throw failure;
    }

    /**
     * What an object can be asked for again by. A weak tag never matches; and one without its last quotation mark is of an
     * answer that broke off within it, which the HTTP client takes for a whole one.
     */
    static @Nullable String tag(@Nullable String eTag) {
        return eTag != null
                        && eTag.length() <= LONGEST_TAG
                        && STRONG_TAG.matcher(eTag).matches()
                ? eTag
                : null;
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
