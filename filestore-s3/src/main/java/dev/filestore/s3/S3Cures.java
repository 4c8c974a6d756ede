package dev.filestore.s3;

import dev.filestore.Checkable.Act;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;

/**
 * What to do about what S3 refuses. A refusal without a body, as those of {@code HEAD} are, is judged by what was tried.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">Error responses of Amazon S3</a>
 */
final class S3Cures {

    private static final String BUCKET_REGION = "x-amz-bucket-region";

    /** What is used of a refusal's text: the region that a signature was expected for, and the action that was refused, and how. */
    private static final Pattern EXPECTED_REGION = Pattern.compile("expecting '([a-z0-9-]{1,63})'");

    private static final Pattern REFUSED_ACTION =
            Pattern.compile("is not authorized to perform: ([a-z0-9]{1,20}:[A-Za-z]{1,60})\\b");

    private static final Pattern EXPLICIT_DENY = Pattern.compile("with an explicit deny in an? ([a-z -]{1,60}policy)");

    private final String bucket;
    private final Region region;
    private final boolean ofAmazon;
    private final String host;

    /**
     * @param ofAmazon whether no other endpoint is set
     * @param host where the bucket is asked for
     */
    S3Cures(String bucket, Region region, boolean ofAmazon, String host) {
        this.bucket = bucket;
        this.region = region;
        this.ofAmazon = ofAmazon;
        this.host = host;
    }

    /** As {@link dev.filestore.Checkable#cure}. */
    Optional<String> cure(Act act, Exception failure) {
        if (act == Act.PUT_AGAIN && failure.getCause() == null) {
            return Optional.of(overwrites("PutObject"));
        }
        return cure(failure, act == Act.PUT, rights(act));
    }

    /** For a request of the check's own that needs one right. */
    Optional<String> cure(Exception failure, BucketRight right) {
        return cure(failure, right == BucketRight.PUT, right);
    }

    private static BucketRight[] rights(Act act) {
        return switch (act) {
            case PUT, PUT_AGAIN -> new BucketRight[] {BucketRight.PUT};
            case STAT, OPEN -> new BucketRight[] {BucketRight.GET};
            // Who may not list is not told whether an object is absent.
            case STAT_ABSENT -> new BucketRight[] {BucketRight.LIST, BucketRight.GET};
            case LIST -> new BucketRight[] {BucketRight.LIST};
            case LIST_UNFINISHED -> new BucketRight[] {BucketRight.LIST_UPLOADS};
            case DELETE -> new BucketRight[] {BucketRight.DELETE};
            case PURGE -> new BucketRight[] {BucketRight.LIST_UPLOADS, BucketRight.ABORT, BucketRight.DELETE};
            default -> new BucketRight[0];
        };
    }

    private Optional<String> cure(Exception failure, boolean writes, BucketRight... rights) {
        return causes(failure)
                .map(cause -> cause instanceof AwsServiceException answer
                        ? ofAnswer(answer, writes, rights)
                        : ofSilence(cause))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    private Optional<String> ofSilence(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return Optional.of("There is no host " + host
                    + ": mend the region (AWS_S3_REGION), the bucket (AWS_S3_BUCKET) or the endpoint (AWS_ENDPOINT_URL_S3)."
                    + " A store that knows no hosts named by buckets needs S3Settings.Builder.pathStyle(true)");
        }
        if (cause instanceof ConnectException) {
            return Optional.of(
                    "Nothing listens at " + host
                            + ", or a firewall is between: mend the endpoint (AWS_ENDPOINT_URL_S3), and let this machine connect to it");
        }
        if (cause instanceof SSLException) {
            return Optional.of(
                    "The certificate of " + host + " is not for that name, or not of an authority that this JVM"
                            + " trusts: use the name that stands in it, S3Settings.Builder.pathStyle(true) where that name is without the"
                            + " bucket, or import its authority into the trust store of the JVM (keytool -importcert -cacerts)");
        }
        return Optional.empty();
    }

    private Optional<String> ofAnswer(AwsServiceException answer, boolean writes, BucketRight... rights) {
        return byCode(answer).or(() -> byStatus(answer, writes, rights));
    }

    private Optional<String> byCode(AwsServiceException answer) {
        String cure = switch (S3Failures.code(answer)) {
            case "NoSuchBucket" ->
                "There is no bucket " + bucket + ": mend AWS_S3_BUCKET, or make it: aws s3 mb s3://" + bucket
                        + " --region " + region.id();
            case "PermanentRedirect",
                    "Redirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException" -> wrongRegion(answer);
            case "TemporaryRedirect" ->
                "The bucket is so new that its name is not known everywhere: try again in some minutes";
            case "InvalidAccessKeyId" ->
                "There is no such access key at " + host
                        + ": it was deleted, or is of another store. Make a new one and set AWS_ACCESS_KEY_ID and"
                        + " AWS_SECRET_ACCESS_KEY; keys of a role need AWS_SESSION_TOKEN, too";
            case "SignatureDoesNotMatch" ->
                "AWS_SECRET_ACCESS_KEY is not that of the AWS_ACCESS_KEY_ID: copy it anew, whole and without white space."
                        + " If it is right, a proxy between here and " + host + " changes requests";
            case "ExpiredToken", "TokenRefreshRequired", "InvalidToken" ->
                "The session token has ended, or is not of these keys: get new ones (aws sts get-session-token, aws sso"
                        + " login), or better let the SDK fetch them from a role, with no AWS_SESSION_TOKEN in the environment";
            case "RequestTimeTooSkewed", "RequestExpired" ->
                "This machine's clock is more than 15 minutes off: set it by NTP, chronyc makestep or timedatectl"
                        + " set-ntp true";
            case "AccountProblem", "AllAccessDisabled", "NotSignedUp", "InvalidPayer" ->
                "The account of the bucket is closed, unpaid or not signed up for S3: see its billing page";
            case "InvalidBucketName" -> "No bucket is called that: mend AWS_S3_BUCKET";
            case "InvalidObjectState" ->
                "The object was moved to an archive: remove the rule of the bucket's lifecycle that does so";
            case "MethodNotAllowed" ->
                "The server takes no such request: is the endpoint (AWS_ENDPOINT_URL_S3) that of an S3 store?";
            default -> null;
        };
        return Optional.ofNullable(cure).or(() -> ofKey(answer));
    }

    /** Objects of a bucket whose default encryption has a key of KMS. */
    private Optional<String> ofKey(AwsServiceException answer) {
        String action = refusedAction(answer);
        if (S3Failures.code(answer).startsWith("KMS.")) {
            return Optional.of(
                    "The key that encrypts the bucket is disabled, deleted or in another region: enable it, or choose"
                            + " another as the bucket's default encryption");
        }
        return action != null && action.startsWith("kms:")
                ? Optional.of("The bucket is encrypted by a key of KMS: allow " + action
                        + " on that key, both kms:GenerateDataKey and kms:Decrypt are needed")
                : Optional.empty();
    }

    private String wrongRegion(AwsServiceException answer) {
        return bucketRegion(answer)
                .map(other -> "The bucket is in " + other + ": set AWS_S3_REGION=" + other)
                .orElse(
                        ofAmazon
                                ? "The bucket is not in " + region.id()
                                        + ": set AWS_S3_REGION to what aws s3api get-bucket-location --bucket " + bucket
                                        + " answers (null is us-east-1)"
                                : "The store takes the bucket for one of another region, or wants another address: set AWS_S3_REGION"
                                        + " and AWS_ENDPOINT_URL_S3 to what its manual says");
    }

    private static Optional<String> bucketRegion(AwsServiceException answer) {
        return S3Failures.header(answer, BUCKET_REGION)
                .filter(name -> name.matches("[a-z0-9-]{1,63}"))
                .or(() -> EXPECTED_REGION
                        .matcher(message(answer))
                        .results()
                        .map(found -> found.group(1))
                        .findFirst());
    }

    private Optional<String> byStatus(AwsServiceException answer, boolean writes, BucketRight... rights) {
        int status = answer.statusCode();
        if (status == 301) {
            return Optional.of(wrongRegion(answer));
        }
        if (status == 401 || status == 403) {
            return refused(answer, List.of(rights));
        }
        if (writes && (status == 400 || status == 501)) {
            return Optional.of(
                    "The store refuses what each put sends. If it is the checksum (x-amz-checksum-crc32), set"
                            + " S3Settings.Builder.checksums(false); if it is If-None-Match, the store cannot be used");
        }
        if (status == 429 || (status >= 500 && status != 501)) {
            return Optional.of(
                    ofAmazon
                            ? "S3 is overloaded or down: try again, and see https://health.aws.amazon.com"
                            : "The store at " + host + " is overloaded or down: try again, and see its log");
        }
        return Optional.empty();
    }

    private Optional<String> refused(AwsServiceException answer, List<BucketRight> rights) {
        String action = refusedAction(answer);
        // What the answer names is meant, if it is one that we know.
        List<BucketRight> meant = Arrays.stream(BucketRight.values())
                .filter(right -> right.action().equals(action))
                .toList();
        List<BucketRight> missing = meant.isEmpty() ? rights : meant;
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        String names = missing.stream().map(BucketRight::action).collect(Collectors.joining(", "));
        Matcher deny = EXPLICIT_DENY.matcher(message(answer));
        if (deny.find()) {
            return Optional.of("A Deny in the " + deny.group(1) + " forbids " + names
                    + ": except this user or role from it, or remove it. No Allow helps against a Deny");
        }
        return Optional.of("Allow " + names + " to this user or role:\n" + statements(missing) + forAbsent(missing));
    }

    private String statements(List<BucketRight> rights) {
        return rights.stream().map(right -> right.statement(bucket, region)).collect(Collectors.joining(",\n"));
    }

    private static String forAbsent(List<BucketRight> missing) {
        return missing.contains(BucketRight.LIST)
                ? "\nWithout s3:ListBucket the answer for an object that is absent is 403, so that audits and health() fail"
                : "";
    }

    private static @Nullable String refusedAction(AwsServiceException answer) {
        Matcher action = REFUSED_ACTION.matcher(message(answer));
        return action.find() ? action.group(1) : null;
    }

    private static String message(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.errorMessage() == null ? "" : details.errorMessage();
    }

    /** For a store that has an object written over another. */
    String overwrites(String operation) {
        return "The store ignores If-None-Match of " + operation
                + ". Keys do not come twice, so this is a second net; use a version of the store that heeds it (docs/s3.md, Create-only)";
    }
}
