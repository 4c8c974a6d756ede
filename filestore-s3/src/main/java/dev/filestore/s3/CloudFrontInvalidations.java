package dev.filestore.s3;

import dev.filestore.FileEvent;
import dev.filestore.FileStoreListener;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Has Amazon CloudFront forget deleted and expired files, so that its caches do not outlive them. A delete does not wait for
 * it: up to 1,000 paths, or those of a second, go in one request on a thread of its own. The file's row stays until
 * CloudFront has accepted, and a sweep asks again, with growing pauses, for what was refused, lost or left by a dead process.
 * Thread-safe.
 *
 * <p>Needs the artifact {@code software.amazon.awssdk:cloudfront}, which {@code filestore-s3} does not bring, and the right
 * {@code cloudfront:CreateInvalidation}. Close it after the store.
 *
 * @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html">CreateInvalidation</a>
 */
public final class CloudFrontInvalidations implements FileStoreListener, AutoCloseable {

    private static final Pattern DISTRIBUTION_ID = Pattern.compile("[A-Z0-9]{1,64}");

    /** A third of what CloudFront has under way at most. */
    private static final int BATCH = 1_000;

    private static final int QUEUE = 10_000;
    private static final Duration DELAY = Duration.ofSeconds(1);

    /** With the delay, less than a store waits for its listeners. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);

    private final String distribution;
    private final InvalidationQueue queue;

    CloudFrontInvalidations(String distribution, InvalidationQueue queue) {
        this.distribution = distribution;
        this.queue = queue;
    }

    /**
     * Starts with the defaults.
     *
     * @param distributionId the id of the distribution, such as {@code E2QWRUHAPOMQZL}
     * @return a builder
     * @throws IllegalArgumentException if it is not the id of a distribution
     */
    public static Builder builder(String distributionId) {
        return new Builder(distributionId);
    }

    /**
     * Reads {@code CLOUDFRONT_DISTRIBUTION_ID}, {@code AWS_ENDPOINT_URL_CLOUDFRONT}, and the credentials as
     * {@link S3Settings#fromEnvironment}.
     *
     * @param environment the settings by name, such as {@link System#getenv()}
     * @return the invalidations, or empty where the first is absent or blank
     * @throws IllegalArgumentException if a value is malformed
     * @throws IllegalStateException if {@code software.amazon.awssdk:cloudfront} is not on the class path
     */
    public static Optional<CloudFrontInvalidations> fromEnvironment(Map<String, String> environment) {
        String distribution = Environment.value(environment, "CLOUDFRONT_DISTRIBUTION_ID");
        String endpoint = Environment.value(environment, "AWS_ENDPOINT_URL_CLOUDFRONT");
        if (distribution == null) {
            if (endpoint != null) {
                throw new IllegalArgumentException(
                        "AWS_ENDPOINT_URL_CLOUDFRONT is set, and CLOUDFRONT_DISTRIBUTION_ID is not");
            }
            return Optional.empty();
        }
        Builder builder = builder(distribution);
        if (endpoint != null) {
            builder.endpoint(URI.create(endpoint));
        }
        AwsCredentialsProvider credentials = Environment.credentials(environment);
        if (credentials != null) {
            builder.credentials(credentials);
        }
        return Optional.of(builder.build());
    }

    /**
     * Queues the file's path.
     *
     * @return what completes when CloudFront has accepted the invalidation, and fails if it did not, or if too many wait
     */
    @Override
    public CompletionStage<Void> deletedLater(FileEvent event) {
        return queue.add(event.id(), "/" + ObjectPath.encode(event.file().key()));
    }

    /**
     * Sends what waits, for 20 seconds at most, and refuses what comes. What is left a sweep of the store tells again.
     * Repeatable.
     */
    @Override
    public void close() {
        queue.close();
    }

    /** Returns the distribution. */
    @Override
    public String toString() {
        return "CloudFrontInvalidations[distribution=" + distribution + "]";
    }

    /** Collects {@link CloudFrontInvalidations}. For one thread. */
    public static final class Builder {

        private final String distribution;
        private @Nullable AwsCredentialsProvider credentials;
        private @Nullable URI endpoint;

        private Builder(String distribution) {
            if (!DISTRIBUTION_ID.matcher(distribution).matches()) {
                throw new IllegalArgumentException(
                        "the id of a CloudFront distribution is capital letters and digits, such as E2QWRUHAPOMQZL");
            }
            this.distribution = distribution;
        }

        /**
         * Sets what gives the credentials; the SDK's default chain if not called.
         *
         * @param credentials the provider, which the caller closes where it needs closing
         * @return this
         */
        public Builder credentials(AwsCredentialsProvider credentials) {
            this.credentials = Objects.requireNonNull(credentials, "credentials");
            return this;
        }

        /**
         * Sets the address of the service; that of Amazon CloudFront if not called.
         *
         * @param endpoint an absolute {@code https} or {@code http} address without credentials, query and fragment
         * @return this
         */
        public Builder endpoint(URI endpoint) {
            this.endpoint = Environment.requireEndpoint("a CloudFront", endpoint);
            return this;
        }

        /**
         * Makes the client. No request is sent.
         *
         * @return the invalidations, for {@code FileStore.Builder.listener}
         * @throws IllegalStateException if {@code software.amazon.awssdk:cloudfront} is not on the class path
         */
        public CloudFrontInvalidations build() {
            try {
                InvalidationRequests requests =
                        new InvalidationRequests(distribution, credentials, endpoint, REQUEST_TIMEOUT);
                return new CloudFrontInvalidations(distribution, new InvalidationQueue(requests, BATCH, QUEUE, DELAY));
            } catch (NoClassDefFoundError e) {
                throw new IllegalStateException(
                        "invalidations need software.amazon.awssdk:cloudfront on the class path", e);
            }
        }
    }
}
