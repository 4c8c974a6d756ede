package dev.filestore.examples.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.FileStore;
import dev.filestore.SignedUrl;
import dev.filestore.StorageBackend;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.local.LocalStorage;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.s3.S3Settings;
import dev.filestore.s3.S3StorageBackend;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudFrontTest {

    private static final Map<String, String> BUCKET = Map.of(
            "AWS_S3_BUCKET", "bucket",
            "AWS_S3_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "ID",
            "AWS_SECRET_ACCESS_KEY", "s3cret");

    @TempDir
    private Path folder;

    private StorageBackend bucket;

    @BeforeEach
    void open() {
        bucket = new S3StorageBackend(S3Settings.fromEnvironment(BUCKET));
    }

    @AfterEach
    void close() {
        bucket.close();
    }

    private Settings settings(Map<String, String> environment) {
        return Settings.load(folder.resolve("none"), environment);
    }

    private static String key() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @Test
    void addTo_keyPair_storeSignsForTheDistributionAndRecordsTheBucket() throws Exception {
        Path key = Files.writeString(folder.resolve("key.pem"), key());
        Settings settings = settings(Map.of(
                "CLOUDFRONT_DOMAIN", "d123abc456.cloudfront.net",
                "CLOUDFRONT_KEY_PAIR_ID", "K2JCJMDEHXQW5F",
                "CLOUDFRONT_PRIVATE_KEY", key.toString()));
        FileStore.Builder builder = FileStore.builder()
                .storage(new MemoryStorage(Clock.systemUTC()))
                .metadata(new MemoryMetadata());
        try (CloudFront cloudFront = CloudFront.of(settings, bucket)) {
            cloudFront.addTo(builder);
            try (FileStore store = builder.build()) {
                StoredFile file = store.upload(pdf());

                SignedUrl signed = store.presign(file.id(), Duration.ofHours(1));

                assertThat(signed.url().toString())
                        .startsWith("https://d123abc456.cloudfront.net/" + file.key() + "?Expires=")
                        .endsWith("&Key-Pair-Id=K2JCJMDEHXQW5F");
                assertThat(file.url()).hasToString("https://bucket.s3.eu-west-1.amazonaws.com/" + file.key());
            }
        }
    }

    @Test
    void addTo_distribution_requestOfADeleteComesByItself() throws Exception {
        ServerSocket edge = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Map<String, String> environment = new HashMap<>(BUCKET);
        environment.put("CLOUDFRONT_DOMAIN", "d123abc456.cloudfront.net");
        environment.put("CLOUDFRONT_DISTRIBUTION_ID", "E2QWRUHAPOMQZL");
        environment.put("AWS_ENDPOINT_URL_CLOUDFRONT", "http://127.0.0.1:" + edge.getLocalPort());
        MemoryMetadata rows = new MemoryMetadata();
        FileStore.Builder builder = FileStore.builder()
                .storage(new MemoryStorage(Clock.systemUTC()))
                .metadata(rows);
        try (CloudFront cloudFront = CloudFront.of(settings(environment), bucket)) {
            cloudFront.addTo(builder);
            try (FileStore store = builder.build()) {
                long id = store.upload(pdf()).id();

                store.delete(id);

                try (Socket request = edge.accept()) {
                    assertThat(request.getInputStream().read()).isEqualTo('P');
                } finally {
                    edge.close();
                }
                assertThat(rows.find(id)).as("left to a sweep").isPresent();
            }
        }
    }

    private static UploadRequest pdf() {
        byte[] bytes = "%PDF-1.7\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
        return UploadRequest.of("a.pdf", new ByteArrayInputStream(bytes)).withOwner("1");
    }

    @ParameterizedTest
    @CsvSource({
        "CLOUDFRONT_KEY_PAIR_ID, K2JCJMDEHXQW5F, CLOUDFRONT_PRIVATE_KEY",
        "CLOUDFRONT_PRIVATE_KEY, s3cret, CLOUDFRONT_KEY_PAIR_ID",
        "CLOUDFRONT_DISTRIBUTION_ID, E2QWRUHAPOMQZL, CLOUDFRONT_DOMAIN",
        "AWS_ENDPOINT_URL_CLOUDFRONT, https://cloudfront.example, CLOUDFRONT_DISTRIBUTION_ID",
    })
    void of_oneWithoutTheOther_namesTheOther(String name, String value, String missing) {
        assertThatThrownBy(() -> CloudFront.of(settings(Map.of(name, value)), bucket))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining(missing)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void of_keyThatIsNone_isRefusedWithoutAWordOfIt() {
        Settings settings = settings(Map.of(
                "CLOUDFRONT_DOMAIN", "d123abc456.cloudfront.net",
                "CLOUDFRONT_KEY_PAIR_ID", "K2JCJMDEHXQW5F",
                "CLOUDFRONT_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----"));
        assertThatThrownBy(() -> CloudFront.of(settings, bucket))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("CloudFront key")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CLOUDFRONT_KEY_PAIR_ID",
                "CLOUDFRONT_PRIVATE_KEY",
                "CLOUDFRONT_DISTRIBUTION_ID",
                "AWS_ENDPOINT_URL_CLOUDFRONT"
            })
    void open_filesOnDisk_refusesWhatIsOfABucket(String name) {
        Settings settings = settings(Map.of(name, "E2QWRUHAPOMQZL", "DATA_DIR", folder.toString()));
        assertThatThrownBy(() -> Backends.open(settings))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("AWS_S3_BUCKET");
    }

    @Test
    void of_filesOnDiskAndNothingOfCloudFront_addsNothing() {
        try (LocalStorage storage = new LocalStorage(folder.resolve("files"));
                CloudFront none = CloudFront.of(settings(Map.of()), storage)) {
            none.addTo(FileStore.builder());
        }
    }
}
