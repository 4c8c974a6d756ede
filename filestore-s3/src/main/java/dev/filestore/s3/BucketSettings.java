package dev.filestore.s3;

import dev.filestore.CheckReport.Finding;
import dev.filestore.CheckReport.Status;
import dev.filestore.Checkable.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;

/** Reads the settings of a bucket that act on files behind the store's back. Who may not see one is not told of it: it is unknown. */
final class BucketSettings {

    private static final String LIFECYCLE = "bucket: lifecycle";
    private static final String VERSIONING = "bucket: versioning";
    private static final String OBJECT_LOCK = "bucket: object lock";
    private static final String PUBLIC_ACCESS = "bucket: public access";

    private final S3Client client;
    private final String bucket;
    private final Region region;
    private final String folder;

    /** What the first step comes to know for the next; null where it may not look. */
    private volatile @Nullable LifecycleRules lifecycle;

    /** @param folder what all keys begin with; empty where that is not known */
    BucketSettings(S3Client client, String bucket, Region region, String folder) {
        this.client = client;
        this.bucket = bucket;
        this.region = region;
        this.folder = folder;
    }

    List<Step> looks() {
        return List.of(
                new Step(LIFECYCLE, false, () -> look(LIFECYCLE, BucketRight.SEE_LIFECYCLE, this::lifecycle)),
                new Step(VERSIONING, false, () -> look(VERSIONING, BucketRight.SEE_VERSIONING, this::versioning)),
                new Step(OBJECT_LOCK, false, () -> look(OBJECT_LOCK, BucketRight.SEE_OBJECT_LOCK, this::objectLock)),
                new Step(
                        PUBLIC_ACCESS,
                        false,
                        () -> look(PUBLIC_ACCESS, BucketRight.SEE_PUBLIC_ACCESS_BLOCK, this::publicAccess)));
    }

    private List<Finding> look(String check, BucketRight right, Supplier<List<Finding>> question) {
        try {
            return question.get();
        } catch (SdkException e) {
            return List.of(unseen(check, right, e));
        }
    }

    /** Where the store does not know the setting there is nothing to be done. */
    private Finding unseen(String check, BucketRight right, SdkException e) {
        return S3Failures.isStatus(e, 403)
                ? Finding.unknown(
                        check,
                        "it may not be looked at",
                        "Allow " + right.action() + " to have it looked at; nothing else needs it:\n"
                                + right.statement(bucket, region))
                : new Finding(
                        check, Status.UNKNOWN, "the store does not tell: " + S3Failures.answer(e), Optional.empty());
    }

    /** What is asked for, or empty where the answer has the code that says that it was never set. */
    private static <T> Optional<T> ask(String absent, Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (AwsServiceException e) {
            if (S3Failures.code(e).equals(absent)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<Finding> lifecycle() {
        LifecycleRules rules = new LifecycleRules(
                bucket,
                folder,
                ask(
                                "NoSuchLifecycleConfiguration",
                                () -> client.getBucketLifecycleConfiguration(request -> request.bucket(bucket))
                                        .rules())
                        .orElse(List.of()));
        lifecycle = rules;
        return rules.judge();
    }

    private List<Finding> versioning() {
        BucketVersioningStatus status =
                client.getBucketVersioning(request -> request.bucket(bucket)).status();
        if (status == null) {
            return List.of(Finding.ok(VERSIONING, "it is off: what is deleted is gone"));
        }
        LifecycleRules rules = lifecycle;
        String found = status == BucketVersioningStatus.SUSPENDED
                ? "it was on, and versions from then stay"
                : "it is on, and what is deleted stays as an older version";
        if (rules == null) {
            return List.of(Finding.unknown(
                    VERSIONING,
                    found + " unless a rule of the lifecycle removes it, which is not known",
                    "Allow " + BucketRight.SEE_LIFECYCLE.action() + " to have it looked at"));
        }
        return List.of(
                rules.removesOldVersions()
                        ? Finding.ok(VERSIONING, "a rule of the lifecycle removes older versions")
                        : Finding.warning(
                                VERSIONING, found + ", and is paid for, for ever", rules.removeOldVersions()));
    }

    private List<Finding> objectLock() {
        ObjectLockConfiguration lock = ask(
                        "ObjectLockConfigurationNotFoundError",
                        () -> client.getObjectLockConfiguration(request -> request.bucket(bucket))
                                .objectLockConfiguration())
                .orElse(null);
        if (lock == null || lock.rule() == null || lock.rule().defaultRetention() == null) {
            return List.of(Finding.ok(OBJECT_LOCK, "nothing is kept from being deleted"));
        }
        return List.of(Finding.warning(
                OBJECT_LOCK,
                "each object is locked when it is stored ("
                        + lock.rule().defaultRetention().modeAsString()
                        + "): the bytes of deleted, expired and erased files stay until their lock ends",
                "Remove the default retention, which holds for new objects: aws s3api put-object-lock-configuration --bucket "
                        + bucket + " --object-lock-configuration '{\"ObjectLockEnabled\": \"Enabled\"}'"));
    }

    private List<Finding> publicAccess() {
        boolean blocked = ask(
                        "NoSuchPublicAccessBlockConfiguration",
                        () -> client.getPublicAccessBlock(request -> request.bucket(bucket))
                                .publicAccessBlockConfiguration())
                .filter(BucketSettings::blocksAll)
                .isPresent();
        return List.of(
                blocked
                        ? Finding.ok(PUBLIC_ACCESS, "it is blocked")
                        : Finding.warning(
                                PUBLIC_ACCESS,
                                "the bucket does not block it, so that one wrong policy or ACL opens all files",
                                blockPublicAccess(bucket)));
    }

    private static boolean blocksAll(PublicAccessBlockConfiguration block) {
        return Boolean.TRUE.equals(block.blockPublicAcls())
                && Boolean.TRUE.equals(block.ignorePublicAcls())
                && Boolean.TRUE.equals(block.blockPublicPolicy())
                && Boolean.TRUE.equals(block.restrictPublicBuckets());
    }

    static String blockPublicAccess(String bucket) {
        return "aws s3api put-public-access-block --bucket " + bucket + " --public-access-block-configuration"
                + " BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true";
    }
}
