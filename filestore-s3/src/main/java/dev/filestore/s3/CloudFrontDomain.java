package dev.filestore.s3;

import dev.filestore.Cdn;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The domain of an Amazon CloudFront distribution whose origin is the bucket: {@code d123abc456.cloudfront.net}, or an
 * alternate domain name of it. Immutable.
 */
public final class CloudFrontDomain implements Cdn {

    private static final Pattern HOST_NAME = Pattern.compile(
            "(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
            Pattern.CASE_INSENSITIVE);

    private final String domain;

    private CloudFrontDomain(String domain) {
        this.domain = domain;
    }

    /**
     * Takes a domain.
     *
     * @param domain a host name of at least two labels, without scheme, port and path
     * @return the domain as a CDN
     * @throws IllegalArgumentException if it is anything else
     */
    public static CloudFrontDomain of(String domain) {
        if (!HOST_NAME.matcher(domain).matches()) {
            throw new IllegalArgumentException(
                    "a CloudFront domain is a host name such as d123abc456.cloudfront.net, without scheme, port and path");
        }
        return new CloudFrontDomain(domain);
    }

    /**
     * Takes the domain from {@code CLOUDFRONT_DOMAIN}.
     *
     * @param environment the settings by name, such as {@link System#getenv()}
     * @return the domain as a CDN, or empty where the setting is absent or blank
     * @throws IllegalArgumentException if the setting is no host name
     */
    public static Optional<CloudFrontDomain> fromEnvironment(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("CLOUDFRONT_DOMAIN"))
                .map(String::strip)
                .filter(domain -> !domain.isEmpty())
                .map(CloudFrontDomain::of);
    }

    @Override
    public URI urlOf(String key) {
        return URI.create("https://" + domain + "/" + ObjectPath.encode(key));
    }

    /** Returns the domain. */
    @Override
    public String toString() {
        return domain;
    }
}
