package dev.filestore.examples.environment;

import dev.filestore.FileStore;
import dev.filestore.StorageBackend;
import dev.filestore.s3.CloudFrontDomain;
import dev.filestore.s3.CloudFrontInvalidations;
import dev.filestore.s3.CloudFrontSigner;
import dev.filestore.s3.S3StorageBackend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the settings say of a distribution in front of the bucket. */
final class CloudFront implements AutoCloseable {

    private static final String DISTRIBUTION = "CLOUDFRONT_DISTRIBUTION_ID";
    private static final String DOMAIN = "CLOUDFRONT_DOMAIN";

    /** What files on disk, which no distribution reads, have no use for. */
    private static final List<String> OF_A_BUCKET =
            List.of("CLOUDFRONT_KEY_PAIR_ID", "CLOUDFRONT_PRIVATE_KEY", DISTRIBUTION, "AWS_ENDPOINT_URL_CLOUDFRONT");

    private final @Nullable CloudFrontDomain domain;
    private final @Nullable CloudFrontSigner signer;
    private final @Nullable CloudFrontInvalidations invalidations;

    private CloudFront(
            @Nullable CloudFrontDomain domain,
            @Nullable CloudFrontSigner signer,
            @Nullable CloudFrontInvalidations invalidations) {
        this.domain = domain;
        this.signer = signer;
        this.invalidations = invalidations;
    }

    /** Throws a {@link SettingException} where a setting is wrong, or stands without another that it needs. */
    static CloudFront of(Settings settings, StorageBackend storage) {
        try {
            CloudFrontDomain domain =
                    CloudFrontDomain.fromEnvironment(settings.asMap()).orElse(null);
            if (!(storage instanceof S3StorageBackend bucket)) {
                refuseWithoutBucket(settings);
                return new CloudFront(domain, null, null);
            }
            if (domain == null && settings.find(DISTRIBUTION).isPresent()) {
                throw new SettingException(DISTRIBUTION + " is set, and " + DOMAIN + " is not");
            }
            return new CloudFront(
                    domain,
                    CloudFrontSigner.fromEnvironment(settings.asMap(), bucket).orElse(null),
                    CloudFrontInvalidations.fromEnvironment(settings.asMap()).orElse(null));
        } catch (IllegalArgumentException e) {
            throw new SettingException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void refuseWithoutBucket(Settings settings) {
        for (String name : OF_A_BUCKET) {
            if (settings.find(name).isPresent()) {
                throw new SettingException(
                        name + " is set, and AWS_S3_BUCKET is not: files on disk have no CloudFront");
            }
        }
    }

    void addTo(FileStore.Builder store) {
        if (domain != null) {
            store.cdn(domain);
        }
        if (signer != null) {
            store.urls(signer);
        }
        if (invalidations != null) {
            store.listener(invalidations);
        }
    }

    @Override
    public void close() {
        if (invalidations != null) {
            invalidations.close();
        }
    }
}
