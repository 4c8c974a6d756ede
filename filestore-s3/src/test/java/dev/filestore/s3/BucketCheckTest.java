package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.CheckReport;
import dev.filestore.CheckReport.Finding;
import dev.filestore.CheckReport.Status;
import dev.filestore.FileStore;
import dev.filestore.SettableClock;
import dev.filestore.memory.MemoryMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What a check tells of a bucket, by the answers that Amazon documents. Real servers are in {@link BucketCheckOnServersTest}. */
class BucketCheckTest {

    private static final List<String> OF_THE_BUCKET = List.of(
            "bucket: credentials",
            "bucket: answer",
            "bucket: clock",
            "bucket: abandoned uploads",
            "bucket: lifecycle of files",
            "bucket: versioning",
            "bucket: object lock",
            "bucket: public access");

    private static final List<String> OF_OBJECTS = List.of(
            "storage: put",
            "storage: stat",
            "storage: read",
            "storage: read a range",
            "storage: list",
            "storage: list unfinished",
            "storage: create only",
            "storage: read by strangers",
            "storage: multipart put",
            "storage: multipart list",
            "storage: multipart create only",
            "storage: multipart abort",
            "storage: delete",
            "storage: stat when absent",
            "storage: purge");

    private ScriptedBucket bucket;

    @BeforeEach
    void start() throws IOException {
        bucket = new ScriptedBucket();
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    private CheckReport check() {
        return check(bucket.settings().build(), Clock.systemUTC(), Duration.ofSeconds(30));
    }

    static CheckReport check(S3Settings settings) {
        return check(settings, Clock.systemUTC(), Duration.ofSeconds(30));
    }

    private static CheckReport check(S3Settings settings, Clock clock, Duration deadline) {
        try (FileStore store = FileStore.builder()
                .storage(new S3StorageBackend(settings))
                .metadata(new MemoryMetadata())
                .clock(clock)
                .build()) {
            CheckReport report = store.check(deadline);
            assertThat(report.toString()).doesNotContain(ScriptedBucket.SECRET, ScriptedBucket.KEY_ID);
            return report;
        }
    }

    static Finding finding(CheckReport report, String name) {
        return report.findings().stream()
                .filter(finding -> finding.check().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in\n" + report));
    }

    static List<String> names(CheckReport report, Status status) {
        return report.of(status).stream().map(Finding::check).toList();
    }

    @Test
    void check_wellKeptBucket_findsEachThingOnceAndLeavesNothing() {
        CheckReport report = check();

        assertThat(names(report, Status.OK)).as(report::toString).hasSameSizeAs(report.findings());
        assertThat(names(report, Status.OK)).containsSubsequence(OF_THE_BUCKET).containsSubsequence(OF_OBJECTS);
        assertThat(report.findings()).hasSize(4 + OF_THE_BUCKET.size() + OF_OBJECTS.size());
        assertThat(bucket.objects()).isEmpty();
        assertThat(bucket.uploads()).isEmpty();
        assertThat(finding(report, "bucket: answer").found())
                .isEqualTo(
                        "the bucket bucket answered at " + bucket.endpoint().getAuthority() + ", as one of eu-west-1");
    }

    @ParameterizedTest
    @CsvSource({
        "PutObject, s3:PutObject, bucket/*, storage: put",
        "CreateMultipartUpload, s3:PutObject, bucket/*, storage: multipart put",
        "UploadPart, s3:PutObject, bucket/*, storage: multipart put",
        "CompleteMultipartUpload, s3:PutObject, bucket/*, storage: multipart create only",
        "HeadObject, s3:GetObject, bucket/*, storage: stat",
        "GetObject, s3:GetObject, bucket/*, storage: read",
        "GetObject, s3:GetObject, bucket/*, storage: read a range",
        "ListObjectsV2, s3:ListBucket, bucket, storage: list",
        "ListMultipartUploads, s3:ListBucketMultipartUploads, bucket, storage: list unfinished",
        "ListMultipartUploads, s3:ListBucketMultipartUploads, bucket, storage: multipart list",
        "DeleteObject, s3:DeleteObject, bucket/*, storage: delete",
        "AbortMultipartUpload, s3:AbortMultipartUpload, bucket/*, storage: multipart abort"
    })
    void check_oneRightIsMissing_saysWhichWithTheStatementThatGivesIt(
            String operation, String right, String resource, String name) {
        bucket.refuse(operation, 403, "AccessDenied");

        CheckReport report = check();

        Finding found = finding(report, name);
        assertThat(found.status()).isEqualTo(Status.FAILED);
        assertThat(found.found()).contains("403");
        assertThat(found.cure().orElseThrow())
                .startsWith("Allow " + right + " to this user or role:\n")
                .contains("{ \"Effect\": \"Allow\", \"Action\": \"" + right + "\", \"Resource\": \"arn:aws:s3:::"
                        + resource + "\" }");
        assertThat(finding(report, "bucket: answer").status()).isEqualTo(Status.OK);
    }

    @Test
    void check_absentKeysAreRefused_namesTheRightToList() {
        bucket.refuse("HeadObject", 403, "AccessDenied");

        Finding found = finding(check(), "storage: stat when absent");

        assertThat(found.status()).isEqualTo(Status.FAILED);
        assertThat(found.cure().orElseThrow())
                .contains("\"s3:ListBucket\", \"Resource\": \"arn:aws:s3:::bucket\"")
                .contains("Without s3:ListBucket the answer for an object that is absent is 403");
    }

    @Test
    void check_purgeIsRefused_namesAllThatItTakes() {
        bucket.refuse("ListMultipartUploads", 403, "AccessDenied");

        assertThat(finding(check(), "storage: purge").cure().orElseThrow())
                .startsWith("Allow s3:ListBucketMultipartUploads, s3:AbortMultipartUpload, s3:DeleteObject to");
    }

    @Test
    void check_answerNamesTheAction_believesIt() {
        bucket.refuse(
                "GetObject",
                403,
                "AccessDenied",
                "User: arn:aws:iam::123456789012:user/files is not authorized to perform: s3:ListBucket on resource:"
                        + " \"arn:aws:s3:::bucket\" because no identity-based policy allows the s3:ListBucket action");

        Finding found = finding(check(), "storage: read");

        assertThat(found.cure().orElseThrow()).startsWith("Allow s3:ListBucket to this user or role");
        assertThat(found.toString()).doesNotContain("123456789012");
    }

    @Test
    void check_explicitDeny_saysThatNoAllowHelps() {
        bucket.refuse(
                "PutObject",
                403,
                "AccessDenied",
                "User: arn:aws:iam::123456789012:user/files is not authorized to perform: s3:PutObject on resource:"
                        + " \"arn:aws:s3:::bucket/a\" with an explicit deny in a resource-based policy");

        assertThat(finding(check(), "storage: put").cure().orElseThrow())
                .startsWith("A Deny in the resource-based policy forbids s3:PutObject: ")
                .contains("No Allow helps");
    }

    @Test
    void check_bucketIsEncryptedByAKeyOutOfReach_namesTheRightOnTheKey() {
        bucket.refuse(
                "PutObject",
                403,
                "AccessDenied",
                "User: arn:aws:iam::123456789012:user/files is not authorized to perform: kms:GenerateDataKey on resource:"
                        + " arn:aws:kms:eu-west-1:123456789012:key/1 because no identity-based policy allows it");
        bucket.refuse("GetObject", 400, "KMS.DisabledException");

        CheckReport report = check();

        assertThat(finding(report, "storage: put").cure().orElseThrow())
                .contains("allow kms:GenerateDataKey on that key");
        assertThat(finding(report, "storage: read").cure().orElseThrow()).contains("enable it");
    }

    @ParameterizedTest
    @CsvSource({"400, InvalidRequest", "501, NotImplemented"})
    void check_putIsNotUnderstood_saysWhatTheStoreMayNotKnow(int status, String code) {
        bucket.refuse("PutObject", status, code);

        CheckReport report = check();

        assertThat(finding(report, "storage: put").cure().orElseThrow())
                .contains("S3Settings.Builder.checksums(false)", "If-None-Match");
        assertThat(finding(report, "storage: multipart put").found())
                .isEqualTo("not tried, since there is no object to ask for");
        assertThat(finding(report, "storage: stat").status()).isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "404, NoSuchBucket, aws s3 mb s3://bucket --region eu-west-1",
        "307, TemporaryRedirect, in some minutes",
        "403, InvalidAccessKeyId, There is no such access key",
        "403, SignatureDoesNotMatch, AWS_SECRET_ACCESS_KEY is not that of the AWS_ACCESS_KEY_ID",
        "400, ExpiredToken, The session token has ended",
        "400, InvalidToken, AWS_SESSION_TOKEN",
        "403, RequestTimeTooSkewed, more than 15 minutes off",
        "403, AllAccessDisabled, billing",
        "400, InvalidBucketName, mend AWS_S3_BUCKET",
        "405, MethodNotAllowed, is the endpoint (AWS_ENDPOINT_URL_S3) that of an S3 store?",
        "404, NotFound, See the documentation of the store for NotFound"
    })
    void check_bucketIsRefused_saysWhyAndTriesNothingElse(int status, String code, String cure) {
        bucket.refuse("ListObjectsV2", status, code);

        CheckReport report = check();

        assertThat(names(report, Status.FAILED)).containsExactly("bucket: answer");
        Finding found = finding(report, "bucket: answer");
        assertThat(found.found())
                .isEqualTo("the bucket bucket was refused: " + status + " " + code + ", request REQUEST1");
        assertThat(found.cure().orElseThrow()).contains(cure);
        assertThat(finding(report, "bucket: clock").status()).isEqualTo(Status.OK);
        assertThat(names(report, Status.UNKNOWN)).contains("bucket: versioning").containsSubsequence(OF_OBJECTS);
        assertThat(bucket.operations()).containsOnly("ListObjectsV2");
    }

    @ParameterizedTest
    @CsvSource({
        "301, PermanentRedirect, of the script, us-west-2, set AWS_S3_REGION=us-west-2",
        "301, '', of the script, us-west-2, set AWS_S3_REGION=us-west-2",
        "400, IllegalLocationConstraintException, of the script, us-west-2, The bucket is in us-west-2",
        "301, PermanentRedirect, of the script, '', set AWS_S3_REGION and AWS_ENDPOINT_URL_S3",
        "301, PermanentRedirect, of the script, 'x y', set AWS_S3_REGION and AWS_ENDPOINT_URL_S3"
    })
    void check_bucketIsInAnotherRegion_saysWhich(int status, String code, String message, String region, String cure) {
        bucket.refuseAsOfRegion(status, code, message, region);

        assertThat(finding(check(), "bucket: answer").cure().orElseThrow()).contains(cure);
    }

    @Test
    void check_signatureIsForAnotherRegion_saysWhich() {
        bucket.refuseAsOfRegion(
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-west-2'",
                "");

        assertThat(finding(check(), "bucket: answer").cure())
                .contains("The bucket is in us-west-2: set AWS_S3_REGION=us-west-2");
    }

    @Test
    void check_nobodyListens_saysWhere() {
        URI endpoint = bucket.endpoint();
        bucket.close();

        Finding found = finding(check(), "bucket: answer");

        assertThat(found.status()).isEqualTo(Status.FAILED);
        assertThat(found.found()).startsWith("no answer from " + endpoint.getAuthority());
        assertThat(found.cure().orElseThrow()).startsWith("Nothing listens at " + endpoint.getAuthority());
    }

    @Test
    void check_noSuchHost_saysWhatNamesIt() {
        // Longer than a name can be: nobody is asked for it.
        String host = "a".repeat(64) + ".invalid";
        S3Settings settings =
                bucket.settings().endpoint(URI.create("http://" + host)).build();

        assertThat(finding(check(settings), "bucket: answer").cure().orElseThrow())
                .startsWith("There is no host " + host)
                .contains("AWS_ENDPOINT_URL_S3", "pathStyle(true)");
    }

    @Test
    void check_noCredentials_saysWhereTheyComeFrom() {
        AwsCredentialsProvider none = () -> {
            throw SdkClientException.create("Unable to load credentials from any of the providers in the chain");
        };

        CheckReport report = check(bucket.settings().credentials(none).build());

        Finding found = finding(report, "bucket: credentials");
        assertThat(names(report, Status.FAILED)).containsExactly("bucket: credentials");
        assertThat(found.cure().orElseThrow()).contains("AWS_ACCESS_KEY_ID", "software.amazon.awssdk:sts");
        assertThat(bucket.operations()).isEmpty();
    }

    @Test
    void check_credentialsHaveEnded_saysWhen() {
        Instant now = Instant.parse("2026-02-26T14:30:22Z");
        AwsCredentialsProvider ended = () -> AwsSessionCredentials.builder()
                .accessKeyId(ScriptedBucket.KEY_ID)
                .secretAccessKey(ScriptedBucket.SECRET)
                .sessionToken("token")
                .expirationTime(now)
                .build();

        CheckReport report =
                check(bucket.settings().credentials(ended).build(), new SettableClock(now), Duration.ofSeconds(30));

        assertThat(finding(report, "bucket: credentials").found()).isEqualTo("they ended at 2026-02-26T14:30:22Z");
        assertThat(finding(report, "bucket: credentials").status()).isEqualTo(Status.FAILED);
    }

    /** How long the request takes to arrive is part of what is seen. */
    @ParameterizedTest
    @CsvSource({"PT2M, WARNING, ahead", "PT-10M, FAILED, behind"})
    void check_clockIsOff_saysHowFar(Duration off, Status status, String direction) {
        CheckReport report =
                check(bucket.settings().build(), Clock.offset(Clock.systemUTC(), off), Duration.ofSeconds(30));

        Finding clock = finding(report, "bucket: clock");
        assertThat(clock.status()).isEqualTo(status);
        Matcher found = Pattern.compile("this machine's clock is (\\d+) s (ahead|behind)")
                .matcher(clock.found());
        assertThat(found.matches()).as(clock.found()).isTrue();
        assertThat(Long.parseLong(found.group(1)))
                .isBetween(off.abs().toSeconds() - 30, off.abs().toSeconds() + 30);
        assertThat(found.group(2)).isEqualTo(direction);
        assertThat(clock.cure().orElseThrow()).contains("NTP");
    }

    @Test
    void check_storeOverwrites_warnsOfBothWays() {
        bucket.ignoreConditions();

        CheckReport report = check();

        assertThat(names(report, Status.WARNING))
                .containsExactly("storage: create only", "storage: multipart create only");
        assertThat(finding(report, "storage: create only").cure().orElseThrow())
                .startsWith("The store ignores If-None-Match of PutObject");
        assertThat(finding(report, "storage: multipart create only").cure().orElseThrow())
                .startsWith("The store ignores If-None-Match of CompleteMultipartUpload");
        assertThat(names(report, Status.FAILED)).isEmpty();
        assertThat(bucket.objects()).isEmpty();
        assertThat(bucket.uploads()).isEmpty();
    }

    @Test
    void check_anybodyCanRead_warns() {
        bucket.answer("StrangersGetObject", "written by a check of the store");

        CheckReport report = check();

        assertThat(names(report, Status.WARNING)).containsExactly("storage: read by strangers");
        assertThat(finding(report, "storage: read by strangers").cure().orElseThrow())
                .contains("aws s3api put-public-access-block --bucket bucket");
    }

    @Test
    void check_uploadIsNotListed_failed() {
        bucket.answer(
                "ListMultipartUploads",
                "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");

        CheckReport report = check();

        assertThat(names(report, Status.FAILED)).containsExactly("storage: multipart list");
        assertThat(finding(report, "storage: multipart list").cure().orElseThrow())
                .contains("Bucket");
    }

    @Test
    void check_uploadCannotBeAborted_saysSoAndASweepFindsIt() {
        bucket.refuse("AbortMultipartUpload", 403, "AccessDenied");
        SettableClock clock = new SettableClock(Instant.now());
        FileStore store = FileStore.builder()
                .storage(new S3StorageBackend(bucket.settings().build()))
                .metadata(new MemoryMetadata())
                .clock(clock)
                .build();

        assertThat(names(store.check(), Status.FAILED)).containsExactly("storage: multipart abort", "storage: purge");
        assertThat(bucket.uploads()).hasSize(1);
        bucket.answer("AbortMultipartUpload", "");
        clock.advance(Duration.ofHours(2));

        assertThat(store.sweep().failed()).isZero();
        assertThat(bucket.operations()).endsWith("AbortMultipartUpload", "DeleteObject");
        store.close();
    }

    @Test
    void check_noAnswerComes_failsAtTheDeadlineAndTriesNoFurther() {
        bucket.keepSilent("ListObjectsV2");

        CheckReport report = check(bucket.settings().build(), Clock.systemUTC(), Duration.ofSeconds(1));

        assertThat(names(report, Status.FAILED)).containsExactly("bucket: answer");
        assertThat(finding(report, "bucket: answer").found()).isEqualTo("no answer within 1000 ms");
        assertThat(names(report, Status.UNKNOWN)).containsSubsequence(OF_OBJECTS);
    }

    @Test
    void check_isInterrupted_endsWithTheRestUnknown() throws InterruptedException {
        bucket.keepSilent("ListObjectsV2");
        CheckReport[] report = new CheckReport[1];
        Thread thread = new Thread(() -> report[0] = check());
        thread.start();
        bucket.awaitSilence();

        thread.interrupt();
        thread.join();

        assertThat(finding(report[0], "bucket: answer").found()).isEqualTo("the check was interrupted");
        assertThat(names(report[0], Status.FAILED)).isEmpty();
    }
}
