package dev.filestore.s3;

import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * What a policy of IAM allows on a bucket: what the storage cannot do without, and what lets a check look at the bucket's settings.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">Actions of Amazon S3</a>
 */
enum BucketRight {
    PUT("s3:PutObject", Scope.OBJECTS, true),
    GET("s3:GetObject", Scope.OBJECTS, true),
    DELETE("s3:DeleteObject", Scope.OBJECTS, true),
    ABORT("s3:AbortMultipartUpload", Scope.OBJECTS, true),
    LIST("s3:ListBucket", Scope.BUCKET, true),
    LIST_UPLOADS("s3:ListBucketMultipartUploads", Scope.BUCKET, true),
    SEE_LIFECYCLE("s3:GetLifecycleConfiguration", Scope.BUCKET, false),
    SEE_VERSIONING("s3:GetBucketVersioning", Scope.BUCKET, false),
    SEE_OBJECT_LOCK("s3:GetBucketObjectLockConfiguration", Scope.BUCKET, false),
    SEE_PUBLIC_ACCESS_BLOCK("s3:GetBucketPublicAccessBlock", Scope.BUCKET, false);

    /** What a statement of a policy names as its resource. */
    enum Scope {
        BUCKET,
        OBJECTS
    }

    private final String action;
    private final Scope scope;
    private final boolean needed;

    BucketRight(String action, Scope scope, boolean needed) {
        this.action = action;
        this.scope = scope;
        this.needed = needed;
    }

    String action() {
        return action;
    }

    Scope scope() {
        return scope;
    }

    /** Whether the storage cannot do without, rather than only a check. */
    boolean isNeeded() {
        return needed;
    }

    /** The statement of a policy that gives the right. */
    String statement(String bucket, Region region) {
        String resource = "arn:" + PartitionMetadata.of(region).id() + ":s3:::" + bucket;
        return "{ \"Effect\": \"Allow\", \"Action\": \"" + action + "\", \"Resource\": \"" + resource
                + (scope == Scope.OBJECTS ? "/*" : "") + "\" }";
    }
}
