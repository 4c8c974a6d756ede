package dev.filestore.s3;

import dev.filestore.ObjectHeaders;
import dev.filestore.SignedUrl;
import dev.filestore.StorageException;
import dev.filestore.StoredFile;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The addresses of a bucket's objects, plain and signed.
 *
 * <p>They are signed with the SDK's own signer rather than its presigner, which takes the time from the system and tells
 * an expiry in fractions of seconds that the address does not have.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">Signature Version 4, query
 *     parameters</a>
 */
final class ObjectUrls {

    /** The longest that S3 accepts. */
    private static final Duration LONGEST = Duration.ofDays(7);

    /** The usual length of a role's session, which has one of 15 minutes to 36 hours. */
    private static final Duration LONGEST_UNKNOWN_SESSION = Duration.ofHours(1);

    private final String base;
    private final Region region;
    private final AwsCredentialsProvider credentials;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    ObjectUrls(S3Settings settings, Region region, AwsCredentialsProvider credentials) {
        this.base = base(settings, region);
        this.region = region;
        this.credentials = credentials;
    }

    private static String base(S3Settings settings, Region region) {
        URI endpoint = settings.endpoint();
        URI store = endpoint != null
                ? endpoint
                : URI.create("https://s3." + region.id() + "."
                        + PartitionMetadata.of(region).dnsSuffix());
        // A certificate for *.s3.region.amazonaws.com does not cover a name with one more dot.
        boolean inPath = settings.pathStyle() || settings.bucket().indexOf('.') >= 0;
        String scheme = store.getScheme() + "://";
        String path = store.getRawPath().replaceAll("/+$", "") + "/";
        return inPath
                ? scheme + store.getRawAuthority() + path + settings.bucket() + "/"
                : scheme + settings.bucket() + "." + store.getRawAuthority() + path;
    }

    /** Where the bucket is asked for. */
    String host() {
        return URI.create(base).getRawAuthority();
    }

    URI locate(String key) {
        return URI.create(base + ObjectPath.encode(key));
    }

    SignedUrl sign(StoredFile file, ObjectHeaders headers, Instant now, Instant expiresAt) {
        AwsCredentials identity;
        try {
            identity = credentials.resolveCredentials();
        } catch (SdkException e) {
            throw S3Failures.translate("sign", file.key(), e);
        }
        Instant start = now.truncatedTo(ChronoUnit.SECONDS);
        Instant end = earlier(expiresAt, start.plus(LONGEST));
        Instant credentialsEnd = identity.expirationTime().orElse(endOf(identity, start, end));
        if (!credentialsEnd.isAfter(now)) {
            throw new StorageException("sign " + file.key() + ": the credentials have expired", null);
        }
        long seconds = Duration.between(start, earlier(end, credentialsEnd)).toSeconds();
        if (seconds == 0) {
            // An address counts at least one second: this one has just ended.
            start = start.minusSeconds(1);
            seconds = 1;
        }
        Duration lifetime = Duration.ofSeconds(seconds);
        Clock clock = Clock.fixed(start, ZoneOffset.UTC);
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(locate(file.key()))
                .putRawQueryParameter("response-content-type", headers.contentType())
                .putRawQueryParameter("response-content-disposition", headers.contentDisposition())
                .build();
        URI url = signer.sign(sign -> sign.identity(identity)
                        .request(request)
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region.id())
                        .putProperty(
                                AwsV4FamilyHttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, lifetime)
                        .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request()
                .getUri();
        return new SignedUrl(url, start.plus(lifetime));
    }

    /** Session credentials that do not say when they end are not trusted for long; others do not end. */
    private static Instant endOf(AwsCredentials identity, Instant start, Instant end) {
        return identity instanceof AwsSessionCredentials ? earlier(end, start.plus(LONGEST_UNKNOWN_SESSION)) : end;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
