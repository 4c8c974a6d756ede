package dev.filestore.s3;

import java.util.Comparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3ProxyStorageTest extends BucketContract {

    private static S3ProxyServer server;
    private static S3StorageBackend storage;

    S3ProxyStorageTest() {
        super(storage, server.client(), S3ProxyServer.BUCKET);
    }

    @BeforeAll
    static void start() throws Exception {
        server = S3ProxyServer.inMemory();
        storage = new S3StorageBackend(server.settings().partSizeBytes(PART).build());
    }

    @AfterAll
    static void stop() throws Exception {
        storage.close();
        server.close();
    }

    /** Its memory is a file system with paths for keys. */
    @Override
    protected boolean refusesKeyBelowObject() {
        return true;
    }

    /** It compares the units of UTF-16. */
    @Override
    protected Comparator<String> listingOrder() {
        return Comparator.naturalOrder();
    }
}
