package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.Checkable.Act;
import dev.filestore.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Cures of answers that a server in a test would have to repeat, or that depend on whose store it is. */
class S3CuresTest {

    private static S3Cures cures(Region region, boolean ofAmazon) {
        return new S3Cures("bucket", region, ofAmazon, "s3.example.org");
    }

    private static StorageException answer(int status, String code) {
        return new StorageException(
                "of the test",
                S3Exception.builder()
                        .statusCode(status)
                        .awsErrorDetails(
                                AwsErrorDetails.builder().errorCode(code).build())
                        .build());
    }

    @ParameterizedTest
    @CsvSource({
        "503, SlowDown, true, https://health.aws.amazon.com",
        "500, InternalError, true, https://health.aws.amazon.com",
        "503, SlowDown, false, The store at s3.example.org is overloaded or down",
        "429, TooManyRequests, false, The store at s3.example.org is overloaded or down",
        "301, PermanentRedirect, true, aws s3api get-bucket-location --bucket bucket",
        "301, PermanentRedirect, false, AWS_ENDPOINT_URL_S3",
        "403, InvalidObjectState, true, moved to an archive",
        "403, AccountProblem, true, billing"
    })
    void cure_ofAnswer_dependsOnWhoseStoreItIs(int status, String code, boolean ofAmazon, String cure) {
        assertThat(cures(Region.EU_WEST_1, ofAmazon)
                        .cure(Act.OPEN, answer(status, code))
                        .orElseThrow())
                .contains(cure);
    }

    @ParameterizedTest
    @CsvSource({"eu-west-1, aws", "cn-north-1, aws-cn", "us-gov-west-1, aws-us-gov", "garage, aws"})
    void cure_rightIsMissing_namesTheBucketInItsPartition(String region, String partition) {
        assertThat(cures(Region.of(region), true)
                        .cure(Act.LIST, answer(403, "AccessDenied"))
                        .orElseThrow())
                .contains("\"Resource\": \"arn:" + partition + ":s3:::bucket\"");
    }

    @ParameterizedTest
    @EnumSource(
            value = Act.class,
            names = {"PUT", "PUT_AGAIN", "STAT", "STAT_ABSENT", "OPEN", "LIST", "LIST_UNFINISHED", "DELETE", "PURGE"})
    void cure_refusedWithoutABody_isARightForEveryMethod(Act act) {
        StorageException refusal = new StorageException(
                "of the test", S3Exception.builder().statusCode(403).build());

        assertThat(cures(Region.EU_WEST_1, true).cure(act, refusal).orElseThrow())
                .startsWith("Allow s3:");
    }

    @Test
    void cure_ofWhatNobodyKnows_isNone() {
        S3Cures cures = cures(Region.EU_WEST_1, true);

        assertThat(cures.cure(Act.PUT, new StorageException("of the test", null)))
                .isEmpty();
        assertThat(cures.cure(Act.OPEN, new StorageException("of the test", SdkClientException.create("of the test"))))
                .isEmpty();
        assertThat(cures.cure(Act.OPEN, answer(418, "Teapot"))).isEmpty();
    }
}
