package dev.filestore.s3;

import dev.filestore.CheckReport.Finding;
import dev.filestore.CheckReport.Status;
import dev.filestore.Checkable.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Tries on a key that has an object what no method of a storage tells by itself: whether strangers can read it, and the requests
 * of a multipart upload, one by one. The upload is aborted at the end, by which some stores lose the object.
 */
final class MultipartTrial {

    private static final String STRANGERS = "storage: read by strangers";
    private static final String PUT = "storage: multipart put";
    private static final String LIST = "storage: multipart list";
    private static final String CREATE_ONLY = "storage: multipart create only";
    private static final String ABORT = "storage: multipart abort";
    private static final byte[] PART = "a part of a check of the store".getBytes(StandardCharsets.US_ASCII);

    private final S3Client client;
    private final String bucket;
    private final String key;
    private final S3Cures cures;

    /** What the steps come to know, each in a thread of its own. */
    private volatile @Nullable String upload;

    private volatile @Nullable String partTag;

    MultipartTrial(S3Client client, String bucket, String key, S3Cures cures) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.cures = cures;
    }

    List<Step> steps() {
        return List.of(
                new Step(STRANGERS, false, () -> List.of(strangers())),
                new Step(PUT, false, () -> List.of(tried(PUT, BucketRight.PUT, this::put))),
                new Step(LIST, false, () -> List.of(tried(LIST, BucketRight.LIST_UPLOADS, this::list))),
                new Step(CREATE_ONLY, false, () -> List.of(createOnly())),
                new Step(ABORT, false, () -> List.of(tried(ABORT, BucketRight.ABORT, this::abort))));
    }

    private Finding tried(String check, BucketRight right, Supplier<Finding> trial) {
        try {
            return trial.get();
        } catch (SdkException e) {
            return Finding.failed(
                    check,
                    S3Failures.answer(e),
                    cures.cure(e, right).orElse("See the documentation of the store for multipart uploads"));
        }
    }

    /** Asks as anybody could who knows the key. */
    private Finding strangers() {
        try {
            client.getObjectAsBytes(request -> request.bucket(bucket)
                    .key(key)
                    .overrideConfiguration(
                            override -> override.credentialsProvider(AnonymousCredentialsProvider.create())));
        } catch (SdkException e) {
            return S3Failures.isStatus(e, 403) || S3Failures.isStatus(e, 401)
                    ? Finding.ok(STRANGERS, "who has no credentials is refused")
                    : Finding.unknown(
                            STRANGERS,
                            S3Failures.answer(e),
                            "Open " + bucket + "/" + key + " without credentials by hand");
        }
        return Finding.warning(
                STRANGERS,
                "anybody who knows its key can read a file, past all that the store checks",
                "Remove the bucket policy or ACL that lets everybody read, and block public access: "
                        + BucketSettings.blockPublicAccess(bucket)
                        + "\nA CDN reads by a right of its own (docs/s3.md, CloudFront)");
    }

    private Finding put() {
        String id = client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key))
                .uploadId();
        upload = id;
        partTag = client.uploadPart(
                        request -> request.bucket(bucket).key(key).uploadId(id).partNumber(1),
                        RequestBody.fromBytes(PART))
                .eTag();
        return Finding.ok(PUT, "an upload was begun, and a part of it sent");
    }

    private Finding list() {
        String id = upload;
        if (id == null) {
            return noUpload(LIST);
        }
        boolean listed = client
                .listMultipartUploads(request -> request.bucket(bucket).prefix(key))
                .uploads()
                .stream()
                .anyMatch(found -> found.uploadId().equals(id));
        return listed
                ? Finding.ok(LIST, "the upload was listed")
                : Finding.failed(
                        LIST,
                        "an upload that was just begun is not listed, so that none that a killed process left is ever found",
                        "Use a store that lists uploads at once and by their keys' beginning; until then let the store itself abort"
                                + " old ones (docs/s3.md, Bucket)");
    }

    private static Finding noUpload(String check) {
        return new Finding(check, Status.UNKNOWN, "not tried, since no part could be sent", Optional.empty());
    }

    /** The object of the key is there: this upload may not become another. */
    private Finding createOnly() {
        String id = upload;
        String tag = partTag;
        if (id == null || tag == null) {
            return noUpload(CREATE_ONLY);
        }
        try {
            client.completeMultipartUpload(request -> request.bucket(bucket)
                    .key(key)
                    .uploadId(id)
                    .ifNoneMatch("*")
                    .multipartUpload(parts -> parts.parts(
                            CompletedPart.builder().partNumber(1).eTag(tag).build())));
        } catch (SdkException e) {
            if (S3Failures.isStatus(e, 412) || S3Failures.isStatus(e, 409)) {
                return Finding.ok(CREATE_ONLY, "an object that is there was not overwritten");
            }
            return tried(CREATE_ONLY, BucketRight.PUT, () -> {
                throw e;
            });
        }
        return Finding.warning(
                CREATE_ONLY,
                "the store let a multipart upload be written over an object",
                cures.overwrites("CompleteMultipartUpload"));
    }

    private Finding abort() {
        String id = upload;
        if (id == null) {
            return noUpload(ABORT);
        }
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(id));
        } catch (SdkException e) {
            // One that was completed, or that a failed completion took with it, is gone: it was allowed to be aborted.
            if (!S3Failures.isAbsent(e)) {
                throw e;
            }
        }
        return Finding.ok(ABORT, "the upload was aborted");
    }
}
