package dev.filestore.examples.benchmarks.micro;

import dev.filestore.SignedUrl;
import dev.filestore.StoredFile;
import dev.filestore.s3.CloudFrontDomain;
import dev.filestore.s3.CloudFrontSigner;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import software.amazon.awssdk.services.cloudfront.CloudFrontUtilities;
import software.amazon.awssdk.services.cloudfront.model.CannedSignerRequest;

/**
 * How many addresses of CloudFront a second are signed with RSA-2048, beside the SDK's own utility with a key that is
 * parsed already?
 *
 * <pre>java -jar benchmarks.jar micro</pre>
 */
@State(Scope.Benchmark)
public class CloudFrontSigning {

    private static final String DOMAIN = "d123abc456.cloudfront.net";
    private static final String KEY_PAIR = "K2JCJMDEHXQW5F";
    private static final Duration LIFETIME = Duration.ofHours(24);

    private final PrivateKey key = key();
    private final StoredFile file = Presigning.file();
    private final String url = "https://" + DOMAIN + "/" + file.key();
    private final CloudFrontUtilities utilities = CloudFrontUtilities.create();
    private final CloudFrontSigner signer =
            CloudFrontSigner.of(CloudFrontDomain.of(DOMAIN), KEY_PAIR, pem(key), Presigning.storage());

    private static PrivateKey key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2_048);
            return generator.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(PrivateKey key) {
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @Benchmark
    public SignedUrl filestore() {
        Instant now = Instant.now();
        return signer.sign(file, Presigning.HEADERS, now, now.plus(LIFETIME));
    }

    @Benchmark
    public String utilities() {
        return utilities
                .getSignedUrlWithCannedPolicy(CannedSignerRequest.builder()
                        .resourceUrl(url)
                        .privateKey(key)
                        .keyPairId(KEY_PAIR)
                        .expirationDate(Instant.now().plus(LIFETIME))
                        .build())
                .url();
    }
}
