package dev.filestore.s3;

import com.adobe.testing.s3mock.S3MockApplication;
import java.io.InputStream;
import java.net.URI;
import java.security.KeyStore;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 server in this process that speaks TLS and verifies no signatures, on the loopback address, with a bucket. */
public final class S3MockServer implements AutoCloseable {

    public static final String BUCKET = "filestore";

    private final S3MockApplication mock;
    private final S3Client client;

    /** Starts one. */
    public S3MockServer() throws Exception {
        Map<String, Object> properties = new HashMap<>();
        properties.put(S3MockApplication.PROP_HTTPS_PORT, S3MockApplication.RANDOM_PORT);
        properties.put(S3MockApplication.PROP_HTTP_PORT, S3MockApplication.RANDOM_PORT);
        properties.put(S3MockApplication.PROP_SILENT, true);
        properties.put("com.adobe.testing.s3mock.store.initialBuckets", BUCKET);
        mock = S3MockApplication.start(properties, "--server.address=127.0.0.1");
        client = S3Client.builder()
                .endpointOverride(endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClientBuilder(http())
                .build();
    }

    /** Its HTTPS port: the HTTP one is bound to all addresses. */
    @SuppressWarnings("deprecation")
    public URI endpoint() {
        return URI.create("https://localhost:" + mock.getPort());
    }

    /** A client with full rights. */
    public S3Client client() {
        return client;
    }

    /** Settings under which the backend reaches the bucket. */
    public S3Settings.Builder settings() {
        return S3Settings.builder(BUCKET)
                .region("us-east-1")
                .endpoint(endpoint())
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")));
    }

    /** A client that trusts the server's own certificate, and no other. */
    public static Apache5HttpClient.Builder http() throws Exception {
        return Apache5HttpClient.builder().tlsTrustManagersProvider(trust()::getTrustManagers);
    }

    /** The same trust, for another client. */
    static SSLContext tls() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust().getTrustManagers(), null);
        return context;
    }

    private static TrustManagerFactory trust() throws Exception {
        KeyStore certificates = KeyStore.getInstance("JKS");
        try (InputStream in = S3MockApplication.class.getResourceAsStream("/s3mock.jks")) {
            certificates.load(in, "password".toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (String alias : Collections.list(certificates.aliases())) {
            trusted.setCertificateEntry(alias, certificates.getCertificate(alias));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    /** A backend that trusts the server's own certificate. */
    public S3StorageBackend storage(S3Settings settings) throws Exception {
        return new S3StorageBackend(settings, http());
    }

    @Override
    public void close() {
        client.close();
        mock.stop();
    }
}
