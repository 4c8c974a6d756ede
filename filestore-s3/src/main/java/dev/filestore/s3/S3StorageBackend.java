package dev.filestore.s3;

import dev.filestore.ByteRange;
import dev.filestore.Checkable;
import dev.filestore.DescribedObjects;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.SignedUrl;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.StoredFile;
import dev.filestore.UnfinishedPut;
import dev.filestore.UrlSigner;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Keeps objects in a bucket of Amazon S3 or a compatible store, and signs addresses under which they can be read.
 * Thread-safe.
 *
 * <p>A put of at most one part is one request, a larger one a multipart upload; both are create-only by
 * {@code If-None-Match}, as far as the store knows it. The rights it needs are listed in {@code docs/s3.md}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html">Amazon
 *     S3 API</a>
 */
public final class S3StorageBackend implements StorageBackend, UrlSigner, Checkable, DescribedObjects {

    private static final int LISTING_PAGE = 1_000;
    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);
    private static final Duration IDLE_SENDER = Duration.ofSeconds(10);
    private static final int TRIES = 3;

    private final S3Settings settings;
    private final S3Client client;
    private final OpenUploads uploads;
    private final PartMemory memory;
    private final ExecutorService senders;
    private final ObjectUrls urls;
    private final BucketCheck check;
    private final AutoCloseable ownCredentials;

    /**
     * Makes the client. No request is sent, but the SDK's default chains for region and credentials may look around.
     *
     * @param settings where the bucket is, and how to talk to it
     * @throws IllegalArgumentException if no region is set and the SDK's default region chain finds none
     */
    public S3StorageBackend(S3Settings settings) {
        this(settings, Apache5HttpClient.builder());
    }

    S3StorageBackend(S3Settings settings, Apache5HttpClient.Builder http) {
        Region region = region(settings);
        AwsCredentialsProvider credentials = settings.credentials();
        if (credentials == null) {
            DefaultCredentialsProvider own =
                    DefaultCredentialsProvider.builder().build();
            credentials = own;
            ownCredentials = own;
        } else {
            ownCredentials = () -> {};
        }
        this.settings = settings;
        this.client = client(settings, region, credentials, http);
        this.uploads = new OpenUploads(client, settings.bucket());
        this.memory = new PartMemory(settings.partMemoryBytes(), settings.requestTimeout());
        this.senders = senders(settings);
        this.urls = new ObjectUrls(settings, region, credentials);
        this.check = new BucketCheck(client, settings, region, credentials, urls.host());
    }

    private static Region region(S3Settings settings) {
        String region = settings.region();
        try {
            return region != null
                    ? Region.of(region)
                    : DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException e) {
            throw new IllegalArgumentException("no region: set AWS_S3_REGION, or S3Settings.Builder.region", e);
        }
    }

    /** How long a server may say nothing, where no limit on the whole request holds: while an object is read. */
    private static Duration longestSilence(S3Settings settings) {
        Duration request = settings.requestTimeout();
        return request.compareTo(LONGEST_SILENCE) < 0 ? request : LONGEST_SILENCE;
    }

    private static S3Client client(
            S3Settings settings, Region region, AwsCredentialsProvider credentials, Apache5HttpClient.Builder http) {
        S3ClientBuilder builder = S3Client.builder()
                .region(region)
                .credentialsProvider(credentials)
                .forcePathStyle(settings.pathStyle())
                // Expect costs a round trip for each larger body, and seconds where the server ignores it. Chunks would
                // only be used over plain HTTP, and not every server knows them.
                .serviceConfiguration(s3 -> s3.expectContinueEnabled(false).chunkedEncodingEnabled(false))
                // What is worth a checksum gets ours, as a plain header field.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(
                        override -> override.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                        .maxAttempts(TRIES)
                                        // An answer that breaks off in the middle, which the SDK takes for a wrong one.
                                        .retryOnExceptionOrCauseInstanceOf(XMLStreamException.class)
                                        .build())
                                .apiCallTimeout(settings.requestTimeout())
                                .apiCallAttemptTimeout(settings.requestTimeout().dividedBy(TRIES))
                                .addExecutionInterceptor(new AttemptCounter()))
                .httpClientBuilder(http.maxConnections(settings.maxConnections())
                        .connectionTimeout(CONNECTION_TIMEOUT)
                        .connectionAcquisitionTimeout(LONGEST_SILENCE)
                        .socketTimeout(longestSilence(settings))
                        .expectContinueEnabled(false)
                        .tcpKeepAlive(true));
        URI endpoint = settings.endpoint();
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return builder.build();
    }

    /** Threads that are there only while parts are sent beside the one that is read. */
    private static ExecutorService senders(S3Settings settings) {
        // Half of the connections stay for everything else; who finds no thread sends by its own.
        return new ThreadPoolExecutor(
                0,
                Math.max(1, settings.maxConnections() / 2),
                IDLE_SENDER.toMillis(),
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread made = new Thread(task, "filestore-s3-part");
                    made.setDaemon(true);
                    return made;
                });
    }

    @Override
    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length) throws IOException {
        return new ObjectPut(client, settings, uploads, memory, senders, key, headers).send(source, length);
    }

    @Override
    public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
        boolean whole = range.equals(ByteRange.ALL);
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(settings.bucket()).key(key).ifMatch(tag);
        if (!whole) {
            request.range("bytes=" + range.offset() + "-" + (range.last() == Long.MAX_VALUE ? "" : range.last()));
        } else if (settings.checksums()) {
            request.checksumMode(ChecksumMode.ENABLED);
        }
        try {
            ResponseInputStream<GetObjectResponse> answer = client.getObject(request.build());
            if (!whole && answer.response().sdkHttpResponse().statusCode() != 206) {
                answer.abort();
                throw new StorageException("open " + key + ": the store does not know ranges", null);
            }
            return Optional.of(new ObjectStream(key, answer, answer.response().contentLength()));
        } catch (SdkException e) {
            // 412: the object that is there is not the one that is asked for.
            if (S3Failures.isAbsent(e) || S3Failures.isStatus(e, 412)) {
                return Optional.empty();
            }
            if (S3Failures.isStatus(e, 416)) {
                return Optional.of(InputStream.nullInputStream());
            }
            throw S3Failures.translate("open", key, e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return head(key).map(head -> info(key, head));
    }

    @Override
    public Optional<Description> describe(String key) {
        return head(key)
                .map(head -> new Description(
                        info(key, head),
                        ObjectPut.tag(head.eTag()),
                        new ObjectHeaders(
                                Objects.requireNonNullElse(head.contentType(), ""),
                                Objects.requireNonNullElse(head.contentDisposition(), ""))));
    }

    private static ObjectInfo info(String key, HeadObjectResponse head) {
        return new ObjectInfo(key, head.contentLength(), head.lastModified());
    }

    private Optional<HeadObjectResponse> head(String key) {
        try {
            return Optional.of(client.headObject(
                    request -> request.bucket(settings.bucket()).key(key)));
        } catch (SdkException e) {
            if (S3Failures.isAbsent(e)) {
                return Optional.empty();
            }
            throw S3Failures.translate("stat", key, e);
        }
    }

    @Override
    public void delete(String key) {
        try {
            client.deleteObject(request -> request.bucket(settings.bucket()).key(key));
        } catch (SdkException e) {
            if (!S3Failures.isAbsent(e)) {
                throw S3Failures.translate("delete", key, e);
            }
        }
    }

    @Override
    public void purge(String key) {
        // In this order: what a completion wins against the abort, the deletion removes.
        uploads.abortAll(key, null);
        delete(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String after, int limit) {
        List<ObjectInfo> found = new ArrayList<>();
        ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                .bucket(settings.bucket())
                .prefix(prefix)
                .startAfter(after.isEmpty() ? null : after);
        try {
            ListObjectsV2Response page;
            do {
                page = client.listObjectsV2(request.maxKeys(Math.min(limit - found.size(), LISTING_PAGE))
                        .build());
                page.contents()
                        .forEach(object ->
                                found.add(new ObjectInfo(object.key(), object.size(), object.lastModified())));
                request.continuationToken(page.nextContinuationToken());
            } while (page.isTruncated() && found.size() < limit);
            return found;
        } catch (SdkException e) {
            throw S3Failures.translate("list", prefix, e);
        }
    }

    @Override
    public List<UnfinishedPut> listUnfinished(String prefix, String after, int limit) {
        return uploads.list(prefix, after, limit);
    }

    @Override
    public void abort(UnfinishedPut put) {
        uploads.abort(put);
    }

    @Override
    public URI locate(long id, String key) {
        return urls.locate(key);
    }

    @Override
    public SignedUrl sign(StoredFile file, ObjectHeaders headers, Instant now, Instant expiresAt) {
        return urls.sign(file, headers, now, expiresAt);
    }

    /** Asks for the credentials, the bucket, its clock and the settings that act on files behind the store's back. */
    @Override
    public List<Step> looks(Probe probe) {
        return check.looks(probe);
    }

    /** Tries a multipart upload request by request, and to read the object without credentials. */
    @Override
    public List<Step> trials(Probe probe) {
        return check.trials(probe);
    }

    /** The right that is missing, as a statement of a policy, or what else the store's answer means. */
    @Override
    public Optional<String> cure(Act act, Exception failure) {
        return check.cure(act, failure);
    }

    @Override
    public void close() {
        senders.shutdown();
        client.close();
        try {
            ownCredentials.close();
        } catch (Exception e) {
            throw new IllegalStateException("closing the credentials provider failed", e);
        }
    }
}
