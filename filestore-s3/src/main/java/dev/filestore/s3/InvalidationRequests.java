package dev.filestore.s3;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.CloudFrontClientBuilder;

/**
 * Sends invalidations to CloudFront. The one class that names its client: with the artifact missing, loading it fails, and
 * nothing else does.
 */
final class InvalidationRequests implements AutoCloseable {

    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);
    private static final int TRIES = 3;

    private final String distribution;
    private final CloudFrontClient client;
    private final @Nullable DefaultCredentialsProvider ownCredentials;

    InvalidationRequests(
            String distribution,
            @Nullable AwsCredentialsProvider credentials,
            @Nullable URI endpoint,
            Duration requestTimeout) {
        this.distribution = distribution;
        this.ownCredentials = credentials != null
                ? null
                : DefaultCredentialsProvider.builder().build();
        CloudFrontClientBuilder builder = CloudFrontClient.builder()
                // One service for the world, which is signed for there; the SDK's AWS_GLOBAL is not, with an endpoint.
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials != null ? credentials : ownCredentials)
                .overrideConfiguration(
                        override -> override.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                        .maxAttempts(TRIES)
                                        .build())
                                .apiCallTimeout(requestTimeout)
                                .apiCallAttemptTimeout(requestTimeout.dividedBy(TRIES)))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(1)
                        .connectionTimeout(CONNECTION_TIMEOUT)
                        .expectContinueEnabled(false));
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        this.client = builder.build();
    }

    /**
     * Has CloudFront accept the invalidation of some paths. Repeatable: of the same reference with the same paths it makes one.
     *
     * @throws SdkException if it is not known to have accepted
     */
    void send(String reference, List<String> paths) {
        client.createInvalidation(request -> request.distributionId(distribution)
                .invalidationBatch(batch -> batch.callerReference(reference)
                        .paths(all -> all.quantity(paths.size()).items(paths))));
    }

    @Override
    public void close() {
        client.close();
        if (ownCredentials != null) {
            ownCredentials.close();
        }
    }
}
