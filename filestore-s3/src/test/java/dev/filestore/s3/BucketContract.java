package dev.filestore.s3;

import dev.filestore.ObjectHeaders;
import dev.filestore.StorageBackend;
import dev.filestore.StorageBackendContract;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** The contract kit against a bucket of an S3 server. */
abstract class BucketContract extends StorageBackendContract {

    static final int PART = 5 * 1024 * 1024;

    private final StorageBackend backend;
    private final S3Client client;
    private final String bucket;

    BucketContract(StorageBackend backend, S3Client client, String bucket) {
        this.backend = backend;
        this.client = client;
        this.bucket = bucket;
    }

    @Override
    protected StorageBackend backend() {
        return backend;
    }

    @Override
    protected int partSizeBytes() {
        return PART;
    }

    @Override
    protected List<String> leftovers(String prefix) {
        return client.listMultipartUploadsPaginator(request -> request.bucket(bucket)).uploads().stream()
                .map(MultipartUpload::key)
                .filter(key -> key.startsWith(prefix))
                .toList();
    }

    @Override
    protected boolean leaveUnfinished(String key) {
        String id = client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key))
                .uploadId();
        client.uploadPart(
                request -> request.bucket(bucket).key(key).uploadId(id).partNumber(1),
                RequestBody.fromBytes(bytes(PART, 1)));
        return true;
    }

    @Override
    protected Optional<ObjectHeaders> headersOf(String key) {
        HeadObjectResponse head =
                client.headObject(request -> request.bucket(bucket).key(key));
        return Optional.of(new ObjectHeaders(head.contentType(), head.contentDisposition()));
    }
}
