package dev.filestore.s3;

import java.net.http.HttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** S3Mock verifies no signature: what only a signature holds together is looked at with S3Proxy. */
class S3MockServedObjectsTest extends ServedObjectsContract {

    private static S3MockServer server;
    private static HttpClient http;

    S3MockServedObjectsTest() throws Exception {
        super(
                server.storage(
                        server.settings().partSizeBytes(BucketContract.PART).build()),
                server.client(),
                S3MockServer.BUCKET,
                http);
    }

    @BeforeAll
    static void start() throws Exception {
        server = new S3MockServer();
        http = HttpClient.newBuilder().sslContext(S3MockServer.tls()).build();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    S3StorageBackend storage() throws Exception {
        return server.storage(
                server.settings().partSizeBytes(BucketContract.PART).build());
    }
}
