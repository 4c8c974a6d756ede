package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class S3SettingsTest {

    private static final Map<String, String> ALL = Map.of(
            "AWS_S3_BUCKET", "uploads",
            "AWS_S3_REGION", "eu-west-1",
            "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000",
            "AWS_ACCESS_KEY_ID", "the-id",
            "AWS_SECRET_ACCESS_KEY", "the-secret",
            "AWS_SESSION_TOKEN", "the-token");

    @Test
    void fromEnvironment_all_areTaken() {
        S3Settings settings = S3Settings.fromEnvironment(ALL);
        assertThat(settings.bucket()).isEqualTo("uploads");
        assertThat(settings.region()).isEqualTo("eu-west-1");
        assertThat(settings.endpoint()).isEqualTo(URI.create("http://127.0.0.1:9000"));
        assertThat(settings.pathStyle()).isTrue();
        AwsCredentials credentials =
                Objects.requireNonNull(settings.credentials()).resolveCredentials();
        assertThat(credentials.accessKeyId()).isEqualTo("the-id");
        assertThat(credentials.secretAccessKey()).isEqualTo("the-secret");
        assertThat(((AwsSessionCredentials) credentials).sessionToken()).isEqualTo("the-token");
    }

    @Test
    void fromEnvironment_bucketAlone_leavesTheRestToTheSdk() {
        S3Settings settings = S3Settings.fromEnvironment(Map.of("AWS_S3_BUCKET", "uploads", "AWS_S3_REGION", " "));
        assertThat(settings.region()).isNull();
        assertThat(settings.endpoint()).isNull();
        assertThat(settings.credentials()).isNull();
        assertThat(settings.pathStyle()).isFalse();
        assertThat(settings.checksums()).isTrue();
        assertThat(settings.partSizeBytes()).isEqualTo(8 * 1024 * 1024);
        assertThat(settings.requestTimeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void fromEnvironment_incomplete_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3Settings.fromEnvironment(Map.of()))
                .withMessageContaining("AWS_S3_BUCKET");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3Settings.fromEnvironment(
                        Map.of("AWS_S3_BUCKET", "uploads", "AWS_SECRET_ACCESS_KEY", "the-secret")))
                .withMessageContaining("AWS_ACCESS_KEY_ID")
                .withMessageNotContaining("the-secret");
    }

    @Test
    void toString_credentials_areNotShown() {
        assertThat(S3Settings.fromEnvironment(ALL))
                .asString()
                .contains("uploads", "eu-west-1", "127.0.0.1:9000")
                .doesNotContain("the-id", "the-secret", "the-token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host",
                "host:9000",
                "https:/path",
                "https://user:password@host",
                "https://host/?query",
                "https://host/#fragment"
            })
    void endpoint_notABaseAddress_isRefused(String endpoint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> S3Settings.builder("uploads").endpoint(URI.create(endpoint)))
                .withMessageNotContaining("password");
    }

    @Test
    void builder_valuesOutOfBounds_areRefused() {
        S3Settings.Builder builder = S3Settings.builder("uploads");
        assertThatIllegalArgumentException().isThrownBy(() -> S3Settings.builder("a/b"));
        assertThatIllegalArgumentException().isThrownBy(() -> S3Settings.builder(""));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.region("eu.west"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.partSizeBytes(5 * 1024 * 1024 - 1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.partSizeBytes(512 * 1024 * 1024 + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxConnections(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ofMinutes(11)));
    }
}
