package dev.filestore.s3;

import dev.filestore.Checkable;
import dev.filestore.ObjectHeaders;
import dev.filestore.SignedUrl;
import dev.filestore.StorageException;
import dev.filestore.StoredFile;
import dev.filestore.UrlSigner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Signs addresses and cookies under which files can be read through Amazon CloudFront, from a distribution whose behaviour
 * trusts the key group of the key. In place of addresses of the bucket it is set by {@code FileStore.Builder.urls}. Immutable
 * and thread-safe; needs the JDK alone, and none of the SDK's {@code cloudfront} artifact.
 *
 * <p>A signature is of the address and the policy. Content type and disposition are those that the object was stored with:
 * the file's type, and shown by a browser only where that was allowed at the upload. Times are whole seconds, cut off: an address never lives longer than was asked for, nor than its file.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PrivateContent.html">Serve private
 *     content with signed URLs and signed cookies</a>
 */
public final class CloudFrontSigner implements UrlSigner, Checkable {

    private static final Pattern KEY_PAIR_ID = Pattern.compile("[A-Z0-9]{8,64}");

    private final CloudFrontDomain domain;
    private final String keyPairId;
    private final PrivateKey key;
    private final String algorithm;
    private final UrlSigner origin;

    private CloudFrontSigner(CloudFrontDomain domain, String keyPairId, PrivateKey key, UrlSigner origin) {
        this.domain = domain;
        this.keyPairId = keyPairId;
        this.key = key;
        // What CloudFront verifies: it knows no other digest.
        this.algorithm = key.getAlgorithm().equals("RSA") ? "SHA1withRSA" : "SHA1withECDSA";
        this.origin = origin;
    }

    /**
     * Takes a key, which is read here and never again.
     *
     * @param domain the distribution's domain
     * @param keyPairId the id of the public key at CloudFront, such as {@code K2JCJMDEHXQW5F}
     * @param privateKey the private key in PEM, unencrypted: RSA of 2048 bits or ECDSA on P-256, as PKCS#8, PKCS#1 or SEC 1
     * @param origin what tells the addresses without a signature, which are recorded with the files: the storage
     * @return the signer
     * @throws IllegalArgumentException if the id is malformed, or the key is none that CloudFront knows
     */
    public static CloudFrontSigner of(CloudFrontDomain domain, String keyPairId, String privateKey, UrlSigner origin) {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(origin, "origin");
        if (!KEY_PAIR_ID.matcher(keyPairId).matches()) {
            throw new IllegalArgumentException(
                    "the id of a CloudFront key is capital letters and digits, such as K2JCJMDEHXQW5F");
        }
        return new CloudFrontSigner(domain, keyPairId, PemKey.parse(privateKey), origin);
    }

    /**
     * Takes the key from {@code CLOUDFRONT_KEY_PAIR_ID} and {@code CLOUDFRONT_PRIVATE_KEY}, which is PEM or the path of a
     * file in PEM, and the domain from {@code CLOUDFRONT_DOMAIN}.
     *
     * @param environment the settings by name, such as {@link System#getenv()}
     * @param origin what tells the addresses without a signature, which are recorded with the files: the storage
     * @return the signer, or empty where neither of the first two is set
     * @throws IllegalArgumentException if one of the three is missing or malformed, or the file cannot be read
     */
    public static Optional<CloudFrontSigner> fromEnvironment(Map<String, String> environment, UrlSigner origin) {
        String keyPairId = Environment.value(environment, "CLOUDFRONT_KEY_PAIR_ID");
        String privateKey = Environment.value(environment, "CLOUDFRONT_PRIVATE_KEY");
        if (keyPairId == null && privateKey == null) {
            return Optional.empty();
        }
        if (keyPairId == null || privateKey == null) {
            throw new IllegalArgumentException(
                    "CLOUDFRONT_KEY_PAIR_ID and CLOUDFRONT_PRIVATE_KEY are set together, or neither");
        }
        CloudFrontDomain domain = CloudFrontDomain.fromEnvironment(environment)
                .orElseThrow(() ->
                        new IllegalArgumentException("CLOUDFRONT_KEY_PAIR_ID is set, and CLOUDFRONT_DOMAIN is not"));
        return Optional.of(of(domain, keyPairId, PemKey.textOf(privateKey), origin));
    }

    @Override
    public URI locate(long id, String key) {
        return origin.locate(id, key);
    }

    /**
     * Signs with a canned policy: the address is short, and says when it ends. The file comes under the header fields that it
     * was stored with, whichever are asked for.
     */
    @Override
    public SignedUrl sign(StoredFile file, ObjectHeaders headers, Instant now, Instant expiresAt) {
        Instant end = endOf(file, expiresAt);
        return new SignedUrl(sign(file.key(), end), end);
    }

    /** Signs the address of any object. */
    URI sign(String key, Instant end) {
        String url = domain.urlOf(key).toString();
        String query = "?Expires=" + end.getEpochSecond() + "&Signature=" + sign(cannedPolicy(url, end))
                + "&Key-Pair-Id=" + keyPairId;
        return URI.create(url + query);
    }

    /**
     * Signs an address with a custom policy, which stands in the address.
     *
     * @param file the file
     * @param policy when and from where the address works; it ends with the file if that is earlier
     * @return the address and the moment it really ends
     * @throws IllegalArgumentException if the file ends before the policy starts
     */
    public SignedUrl sign(StoredFile file, Policy policy) {
        Policy bounded = policy.endingAt(endOf(file, policy.expiresAt()));
        String url = urlOf(file);
        String text = bounded.of(url);
        String query = "?Policy=" + urlSafe(text.getBytes(StandardCharsets.US_ASCII)) + "&Signature=" + sign(text)
                + "&Key-Pair-Id=" + keyPairId;
        return new SignedUrl(URI.create(url + query), bounded.expiresAt());
    }

    /**
     * Signs cookies that open one file, with a canned policy.
     *
     * @param file the file
     * @param expiresAt when they end; they end with the file if that is earlier
     * @return the cookies' values by their names. Whoever sets them adds {@code Secure}, {@code HttpOnly} and a domain and a
     *     path that cover the distribution and the file
     */
    public Map<String, String> cookies(StoredFile file, Instant expiresAt) {
        Instant end = endOf(file, expiresAt);
        return Map.of(
                "CloudFront-Expires", Long.toString(end.getEpochSecond()),
                "CloudFront-Signature", sign(cannedPolicy(urlOf(file), end)),
                "CloudFront-Key-Pair-Id", keyPairId);
    }

    /**
     * Signs cookies that open one file, with a custom policy.
     *
     * @param file the file
     * @param policy when and from where they work; they end with the file if that is earlier
     * @return the cookies' values by their names, to be set as those of {@link #cookies(StoredFile, Instant)}
     * @throws IllegalArgumentException if the file ends before the policy starts
     */
    public Map<String, String> cookies(StoredFile file, Policy policy) {
        return cookies(policy.endingAt(endOf(file, policy.expiresAt())).of(urlOf(file)));
    }

    /**
     * Signs cookies that open whatever is below a folder as long as they live, files that are added later included. They
     * know nothing of a file's expiry: an expired file is there for some minutes more, until its bytes are removed.
     *
     * @param folder the beginning of the keys, up to and with a slash, such as {@code uploads/123/}; taken literally
     * @param policy when and from where they work
     * @return the cookies' values by their names, to be set as those of {@link #cookies(StoredFile, Instant)}
     * @throws IllegalArgumentException if the folder does not end with a slash, or is nothing but it
     */
    public Map<String, String> folderCookies(String folder, Policy policy) {
        if (!folder.endsWith("/") || folder.startsWith("/")) {
            throw new IllegalArgumentException("a folder is the beginning of keys, up to and with a slash");
        }
        return cookies(policy.of(domain.urlOf(folder) + "*"));
    }

    private Map<String, String> cookies(String policy) {
        return Map.of(
                "CloudFront-Policy", urlSafe(policy.getBytes(StandardCharsets.US_ASCII)),
                "CloudFront-Signature", sign(policy),
                "CloudFront-Key-Pair-Id", keyPairId);
    }

    private String urlOf(StoredFile file) {
        return domain.urlOf(file.key()).toString();
    }

    private static Instant endOf(StoredFile file, Instant asked) {
        Instant expiresAt = file.expiresAt();
        Instant end = expiresAt != null && expiresAt.isBefore(asked) ? expiresAt : asked;
        return Instant.ofEpochSecond(end.getEpochSecond());
    }

    private static String cannedPolicy(String resource, Instant end) {
        return Policy.until(end).of(resource);
    }

    private String sign(String policy) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(policy.getBytes(StandardCharsets.US_ASCII));
            return urlSafe(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new StorageException("sign for CloudFront with the key " + keyPairId + ": refused by the JDK", e);
        }
    }

    /** CloudFront's own alphabet: Base64 with other characters for the three that mean something in a query. */
    private static String urlSafe(byte[] bytes) {
        return Base64.getEncoder()
                .encodeToString(bytes)
                .replace('+', '-')
                .replace('=', '_')
                .replace('/', '~');
    }

    boolean isOf(CloudFrontDomain other) {
        return domain.isSameAs(other);
    }

    /** Asks the domain for anything, to see that it is there. */
    @Override
    public List<Step> looks(Probe probe) {
        return new EdgeCheck(domain).looks();
    }

    /** Reads the object by a signed address, and sees that it cannot be read without a signature. */
    @Override
    public List<Step> trials(Probe probe) {
        return new EdgeCheck(domain).trials(probe, this);
    }

    /** Each finding has its own. */
    @Override
    public Optional<String> cure(Act act, Exception failure) {
        return Optional.empty();
    }

    /** Returns the domain and the id of the key, and nothing of the key. */
    @Override
    public String toString() {
        return "CloudFrontSigner[domain=" + domain + ", keyPairId=" + keyPairId + "]";
    }

    /**
     * When and from where something signed works. Immutable.
     *
     * @param expiresAt when it ends, to the second
     * @param startsAt before when it does not work yet, to the second; null: from now on
     * @param addresses the IPv4 address or range in CIDR notation, such as {@code 203.0.113.0/24}, that requests come from;
     *     null: from anywhere. CloudFront knows no ranges of IPv6, and refuses requests by IPv6 where this is set
     */
    public record Policy(
            Instant expiresAt,
            @Nullable Instant startsAt,
            @Nullable String addresses) {

        private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
        private static final Pattern RANGE = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET + "(/(3[0-2]|[12]?\\d))?");

        /** Checks that it starts before it ends, and that the addresses are a range. */
        public Policy {
            Objects.requireNonNull(expiresAt, "expiresAt");
            if (startsAt != null && !startsAt.isBefore(expiresAt)) {
                throw new IllegalArgumentException("a policy starts before it ends");
            }
            if (addresses != null && !RANGE.matcher(addresses).matches()) {
                throw new IllegalArgumentException("a policy has an IPv4 address, or a range such as 203.0.113.0/24");
            }
        }

        /**
         * Begins at once, and holds everywhere.
         *
         * @param expiresAt when it ends
         * @return the policy
         */
        public static Policy until(Instant expiresAt) {
            return new Policy(expiresAt, null, null);
        }

        /**
         * Begins later.
         *
         * @param start when it begins
         * @return a policy that is otherwise the same
         */
        public Policy startingAt(Instant start) {
            return new Policy(expiresAt, start, addresses);
        }

        /**
         * Holds for some addresses only.
         *
         * @param range an IPv4 address, or a range in CIDR notation
         * @return a policy that is otherwise the same
         */
        public Policy from(String range) {
            return new Policy(expiresAt, startsAt, range);
        }

        private Policy endingAt(Instant end) {
            return new Policy(end, startsAt, addresses);
        }

        /** As JSON without white space, which CloudFront takes at its word. Nothing in it needs an escape. */
        private String of(String resource) {
            String condition = "\"DateLessThan\":{\"AWS:EpochTime\":" + expiresAt.getEpochSecond() + "}";
            if (addresses != null) {
                condition += ",\"IpAddress\":{\"AWS:SourceIp\":\"" + addresses + "\"}";
            }
            if (startsAt != null) {
                condition += ",\"DateGreaterThan\":{\"AWS:EpochTime\":" + startsAt.getEpochSecond() + "}";
            }
            return "{\"Statement\":[{\"Resource\":\"" + resource + "\",\"Condition\":{" + condition + "}}]}";
        }
    }
}
