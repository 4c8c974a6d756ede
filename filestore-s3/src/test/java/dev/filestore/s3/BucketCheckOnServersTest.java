package dev.filestore.s3;

import static dev.filestore.s3.BucketCheckTest.finding;
import static dev.filestore.s3.BucketCheckTest.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.CheckReport;
import dev.filestore.CheckReport.Status;
import dev.filestore.FileStore;
import dev.filestore.memory.MemoryMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortIncompleteMultipartUpload;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;

/** What a check tells of servers that run: what is wrong with them is all that it finds. */
class BucketCheckOnServersTest {

    private static S3ProxyServer proxy;
    private static S3MockServer mock;

    @BeforeAll
    static void start() throws Exception {
        proxy = S3ProxyServer.inMemory();
        mock = new S3MockServer();
    }

    @AfterAll
    static void stop() {
        proxy.close();
        mock.close();
    }

    private static CheckReport check(S3StorageBackend storage) {
        try (FileStore store = FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .build()) {
            return store.check();
        }
    }

    private static void assertNothingLeft(S3Client client, String bucket) {
        assertThat(client.listObjectsV2(request -> request.bucket(bucket)).contents())
                .isEmpty();
        assertThat(client.listMultipartUploads(request -> request.bucket(bucket))
                        .uploads())
                .isEmpty();
    }

    /** It knows nothing of the settings that are unknown. */
    @Test
    void check_s3Proxy_findsNothingWrong() {
        CheckReport report = BucketCheckTest.check(proxy.settings().build());

        assertThat(names(report, Status.UNKNOWN))
                .as(report::toString)
                .containsExactly("bucket: lifecycle", "bucket: object lock", "bucket: public access");
        assertThat(report.of(Status.OK)).hasSize(report.findings().size() - 3);
        assertNothingLeft(proxy.client(), S3ProxyServer.BUCKET);
    }

    /** It lets anybody read, and takes the object away with the upload that is aborted. */
    @Test
    void check_s3Mock_findsThatItIsOpenToAll() throws Exception {
        LifecycleRule rule = LifecycleRule.builder()
                .id("abandoned")
                .status(ExpirationStatus.ENABLED)
                .filter(LifecycleRuleFilter.builder().prefix("uploads/").build())
                .abortIncompleteMultipartUpload(AbortIncompleteMultipartUpload.builder()
                        .daysAfterInitiation(7)
                        .build())
                .build();
        mock.client()
                .putBucketLifecycleConfiguration(request ->
                        request.bucket(S3MockServer.BUCKET).lifecycleConfiguration(rules -> rules.rules(rule)));

        CheckReport report = check(mock.storage(mock.settings().build()));

        assertThat(finding(report, "bucket: abandoned uploads").found()).contains("its rule abandoned");
        assertThat(names(report, Status.WARNING))
                .as(report::toString)
                .containsExactly("bucket: public access", "storage: read by strangers");
        assertThat(names(report, Status.UNKNOWN)).containsExactly("bucket: object lock");
        assertThat(report.of(Status.FAILED)).isEmpty();
        assertNothingLeft(mock.client(), S3MockServer.BUCKET);
    }

    @Test
    void check_certificateOfNobodyWeTrust_saysSo() {
        CheckReport report = BucketCheckTest.check(mock.settings().build());

        assertThat(names(report, Status.FAILED)).containsExactly("bucket: answer");
        assertThat(finding(report, "bucket: answer").cure().orElseThrow())
                .startsWith("The certificate of " + mock.endpoint().getAuthority())
                .contains("keytool");
    }

    @ParameterizedTest
    @CsvSource({
        S3ProxyServer.ACCESS_KEY_ID + ", another, AWS_SECRET_ACCESS_KEY is not that of",
        "another, " + S3ProxyServer.SECRET_ACCESS_KEY + ", There is no such access key"
    })
    void check_wrongCredentials_saysWhichOfTheTwo(String id, String secret, String cure) {
        CheckReport report = BucketCheckTest.check(proxy.settings()
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)))
                .build());

        assertThat(names(report, Status.FAILED)).containsExactly("bucket: answer");
        assertThat(finding(report, "bucket: answer").cure().orElseThrow()).startsWith(cure);
    }

    @Test
    void check_noSuchBucket_saysHowToMakeIt() {
        CheckReport report = BucketCheckTest.check(S3Settings.builder("absent")
                .region(S3ProxyServer.REGION)
                .endpoint(proxy.endpoint())
                .credentials(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3ProxyServer.ACCESS_KEY_ID, S3ProxyServer.SECRET_ACCESS_KEY)))
                .build());

        assertThat(names(report, Status.FAILED)).containsExactly("bucket: answer");
        assertThat(finding(report, "bucket: answer").cure().orElseThrow())
                .startsWith("There is no bucket absent: mend AWS_S3_BUCKET");
    }
}
