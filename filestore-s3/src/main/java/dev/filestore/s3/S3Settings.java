package dev.filestore.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Where a bucket is, and how to talk to it. Immutable; made by {@link #builder} or {@link #fromEnvironment}.
 *
 * <p>{@link #toString()} shows no credentials.
 */
public final class S3Settings {

    private static final int MEBIBYTE = 1024 * 1024;

    /** S3 takes no smaller part but the last. */
    private static final int SMALLEST_PART = 5 * MEBIBYTE;

    private static final int LARGEST_PART = 512 * MEBIBYTE;

    /** What uploads take of a large heap if nothing else is said. */
    private static final long MOST_MEMORY = 1024L * MEBIBYTE;

    private static final int MOST_PARTS_AT_ONCE = 64;

    /**
     * With it a put ends within half an hour after the last byte was read from its source: one part, and the commit that
     * may be tried twice. The sweeper of the store counts on less than an hour.
     */
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(10);

    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]");

    private final String bucket;
    private final @Nullable String region;
    private final @Nullable URI endpoint;
    private final boolean pathStyle;
    private final @Nullable AwsCredentialsProvider credentials;
    private final boolean checksums;
    private final int partSizeBytes;
    private final long partMemoryBytes;
    private final int partsAtOnce;
    private final int maxConnections;
    private final Duration requestTimeout;

    private S3Settings(Builder builder) {
        bucket = builder.bucket;
        region = builder.region;
        endpoint = builder.endpoint;
        pathStyle = builder.pathStyle == null ? endpoint != null : builder.pathStyle;
        credentials = builder.credentials;
        checksums = builder.checksums;
        partSizeBytes = builder.partSizeBytes;
        partMemoryBytes = builder.partMemoryBytes == 0 ? partMemory(builder) : builder.partMemoryBytes;
        partsAtOnce = builder.partsAtOnce;
        maxConnections = builder.maxConnections;
        requestTimeout = builder.requestTimeout;
    }

    private static long partMemory(Builder builder) {
        return Math.max(
                2L * builder.partSizeBytes, Math.min(Runtime.getRuntime().maxMemory() / 4, MOST_MEMORY));
    }

    /**
     * Starts with the defaults.
     *
     * @param bucket the name of the bucket, which exists
     * @return a builder
     * @throws IllegalArgumentException if it is not the name of a bucket
     */
    public static Builder builder(String bucket) {
        return new Builder(bucket);
    }

    /**
     * Reads the settings that have a name in the environment: {@code AWS_S3_BUCKET} (required), {@code AWS_S3_REGION},
     * {@code AWS_ENDPOINT_URL_S3}, {@code AWS_ACCESS_KEY_ID} together with {@code AWS_SECRET_ACCESS_KEY}, and
     * {@code AWS_SESSION_TOKEN} beside them. All else keeps its default; a blank value counts as absent.
     *
     * @param environment the settings by name, such as {@link System#getenv()}
     * @return the settings
     * @throws IllegalArgumentException if the bucket is missing, one of the keys stands without the other, or a value is
     *     malformed
     */
    public static S3Settings fromEnvironment(Map<String, String> environment) {
        String bucket = Environment.value(environment, "AWS_S3_BUCKET");
        if (bucket == null) {
            throw new IllegalArgumentException("AWS_S3_BUCKET is not set");
        }
        Builder builder = builder(bucket);
        String region = Environment.value(environment, "AWS_S3_REGION");
        if (region != null) {
            builder.region(region);
        }
        String endpoint = Environment.value(environment, "AWS_ENDPOINT_URL_S3");
        if (endpoint != null) {
            builder.endpoint(URI.create(endpoint));
        }
        AwsCredentialsProvider credentials = Environment.credentials(environment);
        if (credentials != null) {
            builder.credentials(credentials);
        }
        return builder.build();
    }

    String bucket() {
        return bucket;
    }

    @Nullable
    String region() {
        return region;
    }

    @Nullable
    URI endpoint() {
        return endpoint;
    }

    boolean pathStyle() {
        return pathStyle;
    }

    @Nullable
    AwsCredentialsProvider credentials() {
        return credentials;
    }

    boolean checksums() {
        return checksums;
    }

    int partSizeBytes() {
        return partSizeBytes;
    }

    long partMemoryBytes() {
        return partMemoryBytes;
    }

    int partsAtOnce() {
        return partsAtOnce;
    }

    int maxConnections() {
        return maxConnections;
    }

    Duration requestTimeout() {
        return requestTimeout;
    }

    /** Returns all but the credentials. */
    @Override
    public String toString() {
        return "S3Settings[bucket=" + bucket + ", region=" + region + ", endpoint=" + endpoint + ", pathStyle="
                + pathStyle + ", checksums=" + checksums + ", partSizeBytes=" + partSizeBytes
                + ", partMemoryBytes=" + partMemoryBytes + ", partsAtOnce=" + partsAtOnce + ", maxConnections="
                + maxConnections + ", requestTimeout=" + requestTimeout + "]";
    }

    /** Collects {@link S3Settings}. For one thread. */
    public static final class Builder {

        private final String bucket;
        private @Nullable String region;
        private @Nullable URI endpoint;
        private @Nullable Boolean pathStyle;
        private @Nullable AwsCredentialsProvider credentials;
        private boolean checksums = true;
        private int partSizeBytes = 8 * MEBIBYTE;
        private long partMemoryBytes;
        private int partsAtOnce = 4;
        private int maxConnections = 128;
        private Duration requestTimeout = Duration.ofMinutes(5);

        private Builder(String bucket) {
            if (!BUCKET.matcher(bucket).matches()) {
                throw new IllegalArgumentException("not the name of a bucket: " + bucket);
            }
            this.bucket = bucket;
        }

        /**
         * Sets the region of the bucket; the SDK's default region chain if not called.
         *
         * @param region such as {@code eu-west-1}; for most compatible stores any will do
         * @return this
         */
        public Builder region(String region) {
            if (!region.matches("[a-z0-9-]{1,63}")) {
                throw new IllegalArgumentException("not the name of a region: " + region);
            }
            this.region = region;
            return this;
        }

        /**
         * Sets the address of a compatible store; that of Amazon S3 in the region if not called.
         *
         * @param endpoint an absolute {@code https} or {@code http} address without credentials, query and fragment
         * @return this
         */
        public Builder endpoint(URI endpoint) {
            this.endpoint = Environment.requireEndpoint("an S3", endpoint);
            return this;
        }

        /**
         * Sets whether the bucket stands in the path of addresses rather than in the host name. If not called, it does
         * where an {@linkplain #endpoint endpoint} is set. A bucket with a dot in its name always does.
         *
         * @param pathStyle whether it does
         * @return this
         */
        public Builder pathStyle(boolean pathStyle) {
            this.pathStyle = pathStyle;
            return this;
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
         * Sets whether the CRC32 of all bytes is sent along, for the store to verify and keep, and is verified when
         * whole objects are read; true if not called. Off is for stores that refuse or misread these header fields.
         *
         * @param checksums whether checksums are used
         * @return this
         */
        public Builder checksums(boolean checksums) {
            this.checksums = checksums;
            return this;
        }

        /**
         * Sets from which size on objects are sent in parts, and how large the first parts are: 8 MiB if not called. A
         * part is held in memory until it is sent; later parts of huge objects are larger, so that 10,000 suffice.
         *
         * @param partSizeBytes 5 MiB to 512 MiB
         * @return this
         */
        public Builder partSizeBytes(int partSizeBytes) {
            if (partSizeBytes < SMALLEST_PART || partSizeBytes > LARGEST_PART) {
                throw new IllegalArgumentException("a part has 5 MiB to 512 MiB, found " + partSizeBytes + " bytes");
            }
            this.partSizeBytes = partSizeBytes;
            return this;
        }

        /**
         * Sets how much memory the parts of all puts may take together; if not called, a quarter of the heap, at least two
         * parts and at most 1 GiB. A put that finds none left waits with the source unread, for as long as a
         * {@linkplain #requestTimeout request} may take, and then fails. Objects of up to 72 KiB take none of it. It also
         * bounds the largest part: an object whose length is known has at most 10,000 times as many bytes.
         *
         * @param partMemoryBytes at least the size of a part
         * @return this
         */
        public Builder partMemoryBytes(long partMemoryBytes) {
            if (partMemoryBytes < SMALLEST_PART) {
                throw new IllegalArgumentException(
                        "the memory of all parts holds one at least, found " + partMemoryBytes + " bytes");
            }
            this.partMemoryBytes = partMemoryBytes;
            return this;
        }

        /**
         * Sets how many parts of one large object are held at once, the one that is read from the source and those that
         * are being sent: 4 if not called. It applies from the ninth part on, and while half of the
         * {@linkplain #partMemoryBytes memory} is free; all other objects hold one part.
         *
         * @param partsAtOnce 1 to 64; with 1 a part is read when the one before it is sent
         * @return this
         */
        public Builder partsAtOnce(int partsAtOnce) {
            if (partsAtOnce < 1 || partsAtOnce > MOST_PARTS_AT_ONCE) {
                throw new IllegalArgumentException("1 to 64 parts are sent at once, found " + partsAtOnce);
            }
            this.partsAtOnce = partsAtOnce;
            return this;
        }

        /**
         * Sets how many connections there are at most: 128 if not called. Each put that sends holds one, and so does each
         * open object; who finds none free for 30 seconds fails.
         *
         * @param maxConnections at least 1
         * @return this
         */
        public Builder maxConnections(int maxConnections) {
            if (maxConnections < 1) {
                throw new IllegalArgumentException("at least 1 connection is needed, found " + maxConnections);
            }
            this.maxConnections = maxConnections;
            return this;
        }

        /**
         * Sets how long one request may take, its repetitions included: 5 minutes if not called. A single try gets a
         * third of it. The reading of an object's bytes is not counted; there, each read may wait for as long as one
         * request, and for 30 seconds at most.
         *
         * @param requestTimeout 1 second to 10 minutes
         * @return this
         */
        public Builder requestTimeout(Duration requestTimeout) {
            if (requestTimeout.compareTo(Duration.ofSeconds(1)) < 0 || requestTimeout.compareTo(LONGEST_REQUEST) > 0) {
                throw new IllegalArgumentException(
                        "a request is given 1 second to 10 minutes, found " + requestTimeout);
            }
            this.requestTimeout = requestTimeout;
            return this;
        }

        /**
         * Finishes.
         *
         * @return the settings
         * @throws IllegalArgumentException if the memory of all parts is less than one of them
         */
        public S3Settings build() {
            if (partMemoryBytes != 0 && partMemoryBytes < partSizeBytes) {
                throw new IllegalArgumentException("the memory of all parts holds one at least: found "
                        + partMemoryBytes + " bytes, for parts of " + partSizeBytes);
            }
            return new S3Settings(this);
        }
    }
}
