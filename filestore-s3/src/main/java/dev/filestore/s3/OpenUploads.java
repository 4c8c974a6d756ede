package dev.filestore.s3;

import dev.filestore.StorageException;
import dev.filestore.UnfinishedPut;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** The multipart uploads of a bucket that were begun, and neither completed nor aborted. */
final class OpenUploads {

    private static final int PAGE = 1_000;

    /** Stands in no upload's id, and so ends the key whatever that holds. */
    private static final char SEPARATOR = '\n';

    private final S3Client client;
    private final String bucket;

    OpenUploads(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** As {@link dev.filestore.StorageBackend#listUnfinished}, by key and then as the store orders the uploads of one. */
    List<UnfinishedPut> list(String prefix, String after, int limit) {
        List<UnfinishedPut> found = new ArrayList<>();
        ListMultipartUploadsRequest.Builder request =
                ListMultipartUploadsRequest.builder().bucket(bucket).prefix(prefix);
        if (!after.isEmpty()) {
            request.keyMarker(keyOf(after)).uploadIdMarker(uploadOf(after));
        }
        try {
            ListMultipartUploadsResponse page;
            do {
                page = client.listMultipartUploads(
                        request.maxUploads(Math.min(limit - found.size(), PAGE)).build());
                page.uploads()
                        .forEach(upload -> found.add(new UnfinishedPut(
                                upload.key() + SEPARATOR + upload.uploadId(), upload.key(), upload.initiated())));
                request.keyMarker(page.nextKeyMarker()).uploadIdMarker(page.nextUploadIdMarker());
            } while (page.isTruncated() && found.size() < limit);
            return found;
        } catch (SdkException e) {
            throw S3Failures.translate("list the uploads of", prefix, e);
        }
    }

    void abort(UnfinishedPut put) {
        abort(keyOf(put.id()), uploadOf(put.id()));
    }

    private static String keyOf(String id) {
        return id.substring(0, id.lastIndexOf(SEPARATOR));
    }

    private static String uploadOf(String id) {
        return id.substring(id.lastIndexOf(SEPARATOR) + 1);
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
