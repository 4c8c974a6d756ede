package dev.filestore.examples.benchmarks.subject;

import dev.filestore.AllowedTypes;
import dev.filestore.FileStore;
import dev.filestore.UploadRequest;
import dev.filestore.examples.benchmarks.harness.Payload;
import dev.filestore.s3.S3Settings;
import dev.filestore.s3.S3StorageBackend;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.sql.SQLException;

/** The store as its documentation says it is made. */
public final class Stores {

    private final FileStore store;

    private Stores(FileStore store) {
        this.store = store;
    }

    /** A store of files of any size. */
    public static Stores streams(URI endpoint, String database) throws SQLException, IOException {
        return new Stores(builder(endpoint, Rows.open(database))
                .policy(AllowedTypes.standardTypes().maxBytes(Long.MAX_VALUE).build())
                .build());
    }

    /** The usual one. */
    static FileStore usual(URI endpoint, Rows rows) {
        return builder(endpoint, rows).build();
    }

    private static FileStore.Builder builder(URI endpoint, Rows rows) {
        S3Settings settings = S3Settings.builder(Clients.BUCKET)
                .region(Clients.REGION)
                .endpoint(endpoint)
                .credentials(Clients.CREDENTIALS)
                .build();
        return FileStore.builder().storage(new S3StorageBackend(settings)).metadata(rows.metadata());
    }

    /** Stores a stream; the key is the store's own business. */
    public void store(String ignored, InputStream content) {
        store.upload(UploadRequest.of(Payload.nextName(), content)
                .withDeclaredType(Payload.TYPE)
                .withOwner("123"));
    }
}
