package dev.filestore.s3;

import java.util.Comparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3MockStorageTest extends BucketContract {

    private static S3MockServer server;
    private static S3StorageBackend storage;

    S3MockStorageTest() {
        super(storage, server.client(), S3MockServer.BUCKET);
    }

    @BeforeAll
    static void start() throws Exception {
        server = new S3MockServer();
        storage = new S3StorageBackend(server.settings().partSizeBytes(PART).build(), S3MockServer.http());
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

    /** Its uploads live in the folder of the object, which goes with them: see the test of that alone below. */
    @Override
    protected boolean losesObjectToGivenUpParts() {
        return true;
    }
}
