package dev.filestore.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.Constants;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 server in this process that verifies signatures, on a free port of the loopback address, with a bucket. */
public final class S3ProxyServer implements AutoCloseable {

    public static final String BUCKET = "filestore";
    public static final String REGION = "us-east-1";
    public static final String ACCESS_KEY_ID = "test-access-key";
    public static final String SECRET_ACCESS_KEY = "test-secret-access-key";

    private final BlobStore store;
    private final S3Proxy proxy;
    private final S3Client client;

    private S3ProxyServer(String provider, Properties properties) throws Exception {
        properties.setProperty(Constants.PROPERTY_IDENTITY, ACCESS_KEY_ID);
        properties.setProperty(Constants.PROPERTY_CREDENTIAL, SECRET_ACCESS_KEY);
        store = BlobStores.create(provider, properties);
        proxy = S3Proxy.builder()
                .blobStore(store)
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY_ID, SECRET_ACCESS_KEY)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .build();
        proxy.start();
        client = S3Client.builder()
                .endpointOverride(endpoint())
                .forcePathStyle(true)
                .region(Region.of(REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET_ACCESS_KEY)))
                .build();
        client.createBucket(request -> request.bucket(BUCKET));
    }

    /** Starts one that keeps its objects in memory. */
    public static S3ProxyServer inMemory() throws Exception {
        return new S3ProxyServer("transient-nio2", new Properties());
    }

    /** Starts one that keeps its objects in a folder. */
    public static S3ProxyServer onDisk(Path folder) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toRealPath().toString());
        return new S3ProxyServer("filesystem-nio2", properties);
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    /** A client with full rights. */
    public S3Client client() {
        return client;
    }

    /** Settings under which the backend reaches the bucket. */
    public S3Settings.Builder settings() {
        return S3Settings.builder(BUCKET)
                .region(REGION)
                .endpoint(endpoint())
                .credentials(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET_ACCESS_KEY)));
    }

    @Override
    public void close() {
        client.close();
        try {
            proxy.stop();
            store.close();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server could not be stopped", e);
        }
    }
}
