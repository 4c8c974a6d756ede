package dev.filestore.s3;

import dev.filestore.InfectedUploadContract;
import dev.filestore.StorageBackend;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

class S3ProxyInfectedUploadTest extends InfectedUploadContract {

    private static S3ProxyServer server;
    private static S3StorageBackend storage;

    @BeforeAll
    static void start() throws Exception {
        server = S3ProxyServer.inMemory();
        storage = new S3StorageBackend(
                server.settings().partSizeBytes(BucketContract.PART).build());
    }

    @AfterAll
    static void stop() {
        storage.close();
        server.close();
    }

    @Override
    protected StorageBackend storage() {
        return storage;
    }

    @Override
    protected int partSizeBytes() {
        return BucketContract.PART;
    }

    @Override
    protected List<String> leftovers() {
        return server
                .client()
                .listMultipartUploadsPaginator(request -> request.bucket(S3ProxyServer.BUCKET))
                .uploads()
                .stream()
                .map(MultipartUpload::key)
                .toList();
    }
}
