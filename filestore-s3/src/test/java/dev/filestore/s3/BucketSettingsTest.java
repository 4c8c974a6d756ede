package dev.filestore.s3;

import static dev.filestore.s3.BucketCheckTest.finding;
import static dev.filestore.s3.BucketCheckTest.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.CheckReport;
import dev.filestore.CheckReport.Finding;
import dev.filestore.CheckReport.Status;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a check tells of the settings of a bucket that act on files behind the store's back. */
class BucketSettingsTest {

    private static final String ABORT =
            "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
    private static final String OLD_VERSIONS =
            "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>";

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
        return BucketCheckTest.check(bucket.settings().build());
    }

    private static String rule(String filter, String does) {
        return "<Rule><ID>tidy</ID><Status>Enabled</Status>" + filter + does + "</Rule>";
    }

    private void lifecycle(String... rules) {
        bucket.answer("GetBucketLifecycleConfiguration", ScriptedBucket.lifecycle(String.join("", rules)));
    }

    private static void assertOnlyWarning(CheckReport report, String name) {
        assertThat(names(report, Status.WARNING)).as(report::toString).containsExactly(name);
        assertThat(names(report, Status.FAILED)).isEmpty();
        assertThat(names(report, Status.UNKNOWN)).isEmpty();
    }

    @Test
    void abandonedUploads_noRuleAtAll_warnsWithTheCommand() {
        bucket.refuse("GetBucketLifecycleConfiguration", 404, "NoSuchLifecycleConfiguration");

        CheckReport report = check();

        assertOnlyWarning(report, "bucket: abandoned uploads");
        assertThat(finding(report, "bucket: abandoned uploads").cure())
                .contains("aws s3api put-bucket-lifecycle-configuration --bucket bucket --lifecycle-configuration"
                        + " '{\"Rules\": [{\"ID\": \"abandoned-uploads\", \"Status\": \"Enabled\", \"Filter\": {},"
                        + " \"AbortIncompleteMultipartUpload\": {\"DaysAfterInitiation\": 7}}]}'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Filter/>",
                "<Filter><Prefix></Prefix></Filter>",
                "<Filter><Prefix>uploads/</Prefix></Filter>",
                "<Filter><Prefix>up</Prefix></Filter>",
                "<Prefix>uploads</Prefix>",
                "<Filter><And><Prefix>uploads/</Prefix></And></Filter>"
            })
    void abandonedUploads_ruleCoversAll_isWell(String filter) {
        lifecycle(rule(filter, ABORT));

        assertThat(finding(check(), "bucket: abandoned uploads").found())
                .isEqualTo("the bucket aborts them itself, by its rule tidy");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Filter><Prefix>uploads/123/</Prefix></Filter>",
                "<Filter><Prefix>logs/</Prefix></Filter>",
                "<Prefix>logs/</Prefix>",
                "<Filter><ObjectSizeGreaterThan>500</ObjectSizeGreaterThan></Filter>",
                "<Filter><And><Prefix>up</Prefix><ObjectSizeLessThan>500</ObjectSizeLessThan></And></Filter>",
                "<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>"
            })
    void abandonedUploads_ruleCoversSomeOrOthers_warnsAndKeepsTheRulesThatAreThere(String filter) {
        lifecycle(rule(filter, ABORT));

        CheckReport report = check();

        assertOnlyWarning(report, "bucket: abandoned uploads");
        assertThat(finding(report, "bucket: abandoned uploads").found()).contains("below uploads/");
        assertThat(finding(report, "bucket: abandoned uploads").cure().orElseThrow())
                .startsWith("Add this to the rules that are there, all of which the command replaces (aws s3api"
                        + " get-bucket-lifecycle-configuration --bucket bucket):\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Filter/>",
                "<Filter><Prefix>uploads/tmp/</Prefix></Filter>",
                "<Filter><Prefix>u</Prefix></Filter>",
                "<Filter><ObjectSizeGreaterThan>500</ObjectSizeGreaterThan></Filter>"
            })
    void filesLifecycle_ruleDeletesFiles_failed(String filter) {
        lifecycle(rule("<Filter/>", ABORT), rule(filter, "<Expiration><Days>30</Days></Expiration>"));

        CheckReport report = check();

        assertThat(names(report, Status.FAILED)).containsExactly("bucket: lifecycle of files");
        Finding found = finding(report, "bucket: lifecycle of files");
        assertThat(found.found()).contains("deletes files", "by its rule tidy");
        assertThat(found.cure().orElseThrow())
                .contains("keep it from uploads/", "TTL", "get-bucket-lifecycle-configuration --bucket bucket");
    }

    @ParameterizedTest
    @CsvSource({
        "GLACIER, FAILED",
        "DEEP_ARCHIVE, FAILED",
        "GLACIER_IR, OK",
        "INTELLIGENT_TIERING, OK",
        "STANDARD_IA, OK"
    })
    void filesLifecycle_ruleMovesFiles_failsWhereTheyCannotBeReadThere(String storageClass, Status status) {
        lifecycle(
                rule("<Filter/>", ABORT),
                rule(
                        "<Filter/>",
                        "<Transition><Days>30</Days><StorageClass>" + storageClass + "</StorageClass></Transition>"));

        Finding found = finding(check(), "bucket: lifecycle of files");

        assertThat(found.status()).isEqualTo(status);
        assertThat(found.cure().isPresent()).isEqualTo(status == Status.FAILED);
        assertThat(found.found()).contains(status == Status.FAILED ? "into an archive" : "no rule");
    }

    @Test
    void filesLifecycle_rulesAreForOthersOrOff_isWell() {
        String expires = "<Expiration><Days>30</Days></Expiration>";
        lifecycle(
                rule("<Filter/>", ABORT),
                rule("<Filter><Prefix>logs/</Prefix></Filter>", expires),
                rule("<Filter><Tag><Key>temporary</Key><Value>yes</Value></Tag></Filter>", expires),
                rule(
                        "<Filter><And><Prefix>uploads/</Prefix><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter>",
                        expires),
                rule(
                        "<Filter/>",
                        "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"),
                "<Rule><ID>off</ID><Status>Disabled</Status><Filter/>" + expires + "</Rule>");

        CheckReport report = check();

        assertThat(names(report, Status.OK)).as(report::toString).hasSameSizeAs(report.findings());
    }

    @ParameterizedTest
    @CsvSource({"Enabled, it is on", "Suspended, it was on"})
    void versioning_oldVersionsStay_warnsWithTheRule(String status, String found) {
        bucket.answer(
                "GetBucketVersioning",
                "<VersioningConfiguration><Status>" + status + "</Status></VersioningConfiguration>");

        CheckReport report = check();

        assertOnlyWarning(report, "bucket: versioning");
        assertThat(finding(report, "bucket: versioning").found()).startsWith(found);
        assertThat(finding(report, "bucket: versioning").cure().orElseThrow())
                .startsWith("Add this to the rules that are there")
                .contains(
                        "\"NoncurrentVersionExpiration\": {\"NoncurrentDays\": 1}",
                        "\"ExpiredObjectDeleteMarker\": true");
    }

    @Test
    void versioning_noRuleAtAll_isCuredByOneThatAbortsUploadsToo() {
        bucket.answer(
                "GetBucketVersioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        bucket.refuse("GetBucketLifecycleConfiguration", 404, "NoSuchLifecycleConfiguration");

        assertThat(finding(check(), "bucket: versioning").cure().orElseThrow())
                .startsWith("aws s3api put-bucket-lifecycle-configuration --bucket bucket ")
                .contains("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload");
    }

    @Test
    void versioning_ruleRemovesOldVersions_isWell() {
        bucket.answer(
                "GetBucketVersioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        lifecycle(rule("<Filter/>", ABORT + OLD_VERSIONS));

        assertThat(finding(check(), "bucket: versioning").status()).isEqualTo(Status.OK);
    }

    @Test
    void versioning_rulesMayNotBeSeen_isUnknown() {
        bucket.answer(
                "GetBucketVersioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        bucket.refuse("GetBucketLifecycleConfiguration", 403, "AccessDenied");

        Finding found = finding(check(), "bucket: versioning");

        assertThat(found.status()).isEqualTo(Status.UNKNOWN);
        assertThat(found.cure()).contains("Allow s3:GetLifecycleConfiguration to have it looked at");
    }

    @Test
    void objectLock_eachObjectIsLocked_warns() {
        bucket.answer(
                "GetObjectLockConfiguration",
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>"
                        + "<Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule></ObjectLockConfiguration>");

        CheckReport report = check();

        assertOnlyWarning(report, "bucket: object lock");
        assertThat(finding(report, "bucket: object lock").found()).contains("COMPLIANCE", "erased files stay");
        assertThat(finding(report, "bucket: object lock").cure().orElseThrow())
                .contains("aws s3api put-object-lock-configuration --bucket bucket");
    }

    @Test
    void objectLock_nothingIsLockedByItself_isWell() {
        bucket.answer(
                "GetObjectLockConfiguration",
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>");

        assertThat(finding(check(), "bucket: object lock").status()).isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @CsvSource({"false,true,true,true", "true,false,true,true", "true,true,false,true", "true,true,true,false"})
    void publicAccess_isNotBlockedWhole_warnsWithTheCommand(
            boolean acls, boolean ignored, boolean policy, boolean restricted) {
        bucket.answer("GetPublicAccessBlock", ScriptedBucket.publicAccessBlock(acls, ignored, policy, restricted));

        CheckReport report = check();

        assertOnlyWarning(report, "bucket: public access");
        assertThat(finding(report, "bucket: public access").cure())
                .contains(
                        "aws s3api put-public-access-block --bucket bucket --public-access-block-configuration"
                                + " BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true");
    }

    @Test
    void publicAccess_wasNeverBlocked_warns() {
        bucket.refuse("GetPublicAccessBlock", 404, "NoSuchPublicAccessBlockConfiguration");

        assertOnlyWarning(check(), "bucket: public access");
    }

    @ParameterizedTest
    @CsvSource({
        "GetBucketLifecycleConfiguration, bucket: lifecycle, s3:GetLifecycleConfiguration",
        "GetBucketVersioning, bucket: versioning, s3:GetBucketVersioning",
        "GetObjectLockConfiguration, bucket: object lock, s3:GetBucketObjectLockConfiguration",
        "GetPublicAccessBlock, bucket: public access, s3:GetBucketPublicAccessBlock"
    })
    void settings_mayNotBeSeen_areUnknownWithTheRightThatShowsThem(String operation, String name, String right) {
        bucket.refuse(operation, 403, "AccessDenied");

        CheckReport report = check();

        assertThat(names(report, Status.UNKNOWN)).containsExactly(name);
        assertThat(report.isOk()).isTrue();
        assertThat(finding(report, name).cure().orElseThrow())
                .contains("{ \"Effect\": \"Allow\", \"Action\": \"" + right
                        + "\", \"Resource\": \"arn:aws:s3:::bucket\" }");
    }

    @ParameterizedTest
    @CsvSource({"501, NotImplemented", "405, MethodNotAllowed", "400, InvalidRequest", "404, NoSuchKey"})
    void settings_storeDoesNotKnowThem_areUnknown(int status, String code) {
        bucket.refuse("GetPublicAccessBlock", status, code);

        CheckReport report = check();

        assertThat(names(report, Status.UNKNOWN)).containsExactly("bucket: public access");
        assertThat(finding(report, "bucket: public access").found())
                .isEqualTo("the store does not tell: " + status + " " + code + ", request REQUEST1");
        assertThat(finding(report, "bucket: public access").cure()).isEmpty();
    }
}
