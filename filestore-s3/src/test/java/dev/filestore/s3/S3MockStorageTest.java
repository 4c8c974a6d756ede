package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class S3MockStorageTest extends BucketContract {

    private static S3MockServer server;
    private static S3StorageBackend storage;

    S3MockStorageTest() {
        super(storage, server.client(), S3MockServer.BUCKET);
    }

    @BeforeAll
    static void start() throws Exception {
        server = new S3MockServer();
        storage = server.storage(server.settings().partSizeBytes(PART).build());
    }

    @AfterAll
    static void stop() {
        storage.close();
        server.close();
    }

    @Override
    protected CreateOnly createOnly() {
        return CreateOnly.UNLESS_CONCURRENT;
    }

    /** It compares the units of UTF-16. */
    @Override
    protected Comparator<String> listingOrder() {
        return Comparator.naturalOrder();
    }

    /** It looks at the key-marker, and not at the upload-id-marker. */
    @Override
    protected boolean passesOverOthersOfKey() {
        return true;
    }

    /** Its uploads live in the folder of the object, which goes with them: see the test of that alone below. */
    @Override
    protected boolean losesObjectToGivenUpParts() {
        return true;
    }

    @Test
    void gap_abortedUpload_takesTheObjectWithIt() {
        String key = key("file");
        store(key, new byte[] {1});
        String id = server.client()
                .createMultipartUpload(
                        request -> request.bucket(S3MockServer.BUCKET).key(key))
                .uploadId();
        assertThat(storage.stat(key)).isPresent();
        server.client()
                .abortMultipartUpload(
                        request -> request.bucket(S3MockServer.BUCKET).key(key).uploadId(id));
        assertThat(storage.stat(key)).isEmpty();
    }

    @Test
    void gap_credentials_areNotLookedAt() throws Exception {
        store(key("file"), new byte[] {1});
        S3Settings other = server.settings()
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("other", "other")))
                .build();
        try (S3StorageBackend stranger = server.storage(other)) {
            assertThat(stranger.stat(key("file"))).isPresent();
        }
    }
}
