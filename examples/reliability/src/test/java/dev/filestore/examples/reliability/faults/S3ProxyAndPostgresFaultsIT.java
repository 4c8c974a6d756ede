package dev.filestore.examples.reliability.faults;

import dev.filestore.FaultContract;
import dev.filestore.FaultStack;
import dev.filestore.MetadataRepository;
import dev.filestore.StorageBackend;
import dev.filestore.jpa.Databases;
import dev.filestore.s3.S3ProxyServer;
import dev.filestore.s3.S3StorageBackend;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

class S3ProxyAndPostgresFaultsIT extends FaultContract {

    private static Quiet quiet;
    private static S3ProxyServer s3;
    private static Rows rows;
    private static S3ProxyAndPostgres stack;

    @BeforeAll
    static void start() throws Exception {
        quiet = new Quiet();
        s3 = S3ProxyServer.inMemory();
        rows = new Rows(Databases.postgres());
        stack = new S3ProxyAndPostgres(s3, rows);
    }

    @AfterAll
    static void stop() {
        stack.storage().close();
        rows.close();
        s3.close();
        quiet.close();
    }

    @Override
    protected FaultStack stack() {
        return stack;
    }

    @Override
    protected int leastCases() {
        return 2_000;
    }

    private record S3ProxyAndPostgres(S3ProxyServer s3, StorageBackend storage, Rows rows) implements FaultStack {

        private static final int PART = 5 * 1024 * 1024;

        S3ProxyAndPostgres(S3ProxyServer s3, Rows rows) {
            this(s3, new S3StorageBackend(s3.settings().partSizeBytes(PART).build()), rows);
        }

        @Override
        public String name() {
            return "s3proxy-postgresql";
        }

        @Override
        public MetadataRepository metadata() {
            return rows.repository();
        }

        @Override
        public int partSizeBytes() {
            return PART;
        }

        @Override
        public boolean isWatchedAtEachCall() {
            return false;
        }

        @Override
        public int oneInPairs() {
            return Integer.getInteger("faults.oneInPairs", 101);
        }

        @Override
        public List<String> unfinished() {
            return open().map(MultipartUpload::key).toList();
        }

        private Stream<MultipartUpload> open() {
            return s3
                    .client()
                    .listMultipartUploadsPaginator(request -> request.bucket(S3ProxyServer.BUCKET))
                    .uploads()
                    .stream();
        }

        @Override
        public void clear() {
            rows.clear();
            storage.list("", "", 1000).forEach(object -> storage.delete(object.key()));
            open().forEach(upload -> s3.client()
                    .abortMultipartUpload(request -> request.bucket(S3ProxyServer.BUCKET)
                            .key(upload.key())
                            .uploadId(upload.uploadId())));
        }
    }
}
