package dev.filestore.s3;

import dev.filestore.StorageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** The multipart uploads of a bucket that were begun, and neither completed nor aborted. */
final class OpenUploads {

    private final S3Client client;
    private final String bucket;

    OpenUploads(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /**
     * Aborts all of a key.
     *
     * @param except the id of one that is left alone, or null
     * @throws StorageException if one could not be aborted
     */
    void abortAll(String key, @Nullable String except) {
        List<String> ids = new ArrayList<>();
        try {
            client
                    .listMultipartUploadsPaginator(
                            request -> request.bucket(bucket).prefix(key))
                    .uploads()
                    .stream()
                    .filter(upload -> upload.key().equals(key))
                    .map(MultipartUpload::uploadId)
                    .filter(id -> !id.equals(except))
                    .forEach(ids::add);
        } catch (SdkException e) {
            throw S3Failures.translate("list the uploads of", key, e);
        }
        ids.forEach(id -> abort(key, id));
    }

    /**
     * Aborts one; one that is gone is aborted already.
     *
     * @throws StorageException if that failed
     */
    void abort(String key, String id) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(id));
        } catch (SdkException e) {
            if (!S3Failures.isAbsent(e)) {
                throw S3Failures.translate("abort an upload of", key, e);
            }
        }
    }
}
