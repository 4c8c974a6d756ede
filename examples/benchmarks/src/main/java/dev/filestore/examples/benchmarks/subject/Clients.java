package dev.filestore.examples.benchmarks.subject;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients of the SDK, as people make them and as well as one can. */
public final class Clients {

    public static final String BUCKET = "bench";
    public static final String REGION = "us-east-1";
    public static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAIOSFODNN7EXAMPLE", "bench-secret"));

    /** More than the harness ever has at once. */
    private static final int CONNECTIONS = 128;

    private Clients() {}

    private static S3ClientBuilder builder(URI endpoint) {
        return S3Client.builder()
                .region(Region.of(REGION))
                .credentialsProvider(CREDENTIALS)
                .endpointOverride(endpoint)
                .forcePathStyle(true);
    }

    /** Nothing set but what must be. */
    public static S3Client defaults(URI endpoint) {
        return builder(endpoint).httpClientBuilder(Apache5HttpClient.builder()).build();
    }

    /** No round trip for Expect, no chunks, no checksums but one's own. */
    static S3Client best(URI endpoint) {
        return best(
                endpoint,
                Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .expectContinueEnabled(false)
                        .tcpKeepAlive(true)
                        .build());
    }

    /** The same on another HTTP client. */
    public static S3Client best(URI endpoint, SdkHttpClient http) {
        return builder(endpoint)
                .serviceConfiguration(s3 -> s3.expectContinueEnabled(false).chunkedEncodingEnabled(false))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClient(http)
                .build();
    }
}
