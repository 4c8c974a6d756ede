package dev.filestore.s3;

import dev.filestore.Cdn;
import dev.filestore.Checkable;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The domain of an Amazon CloudFront distribution whose origin is the bucket: {@code d123abc456.cloudfront.net}, or an
 * alternate domain name of it. Immutable.
 */
public final class CloudFrontDomain implements Cdn, Checkable {

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

    boolean isSameAs(CloudFrontDomain other) {
        return domain.equalsIgnoreCase(other.domain);
    }

    /** Asks the domain for anything, to see that it is there. A store that signs for it has its signer look. */
    @Override
    public List<Step> looks(Probe probe) {
        return isSignedFor(probe) ? List.of() : new EdgeCheck(this).looks();
    }

    /** Reads the object through the domain. A store that signs for it has its signer do so. */
    @Override
    public List<Step> trials(Probe probe) {
        return isSignedFor(probe) ? List.of() : new EdgeCheck(this).trials(probe);
    }

    private boolean isSignedFor(Probe probe) {
        return probe.signer() instanceof CloudFrontSigner signer && signer.isOf(this);
    }

    /** Each finding has its own. */
    @Override
    public Optional<String> cure(Act act, Exception failure) {
        return Optional.empty();
    }

    /** Returns the domain. */
    @Override
    public String toString() {
        return domain;
    }
}
