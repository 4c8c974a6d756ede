package dev.filestore.examples.benchmarks.peers;

import dev.filestore.examples.benchmarks.subject.Clients;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import java.net.URI;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** The client of MinIO, with the part size of its documentation. */
final class MinioJava {

    private static final long UNKNOWN = -1;
    private static final long PART_BYTES = 10 * 1024 * 1024;

    private MinioJava() {}

    static Peer.Library library(URI endpoint) {
        MinioClient client = MinioClient.builder()
                .endpoint(endpoint.toString())
                .region(Clients.REGION)
                .credentials(
                        Clients.CREDENTIALS.resolveCredentials().accessKeyId(),
                        Clients.CREDENTIALS.resolveCredentials().secretAccessKey())
                // Its own default does not look at the JVM's trust store.
                .httpClient(new OkHttpClient.Builder()
                        .protocols(List.of(Protocol.HTTP_1_1))
                        .build())
                .build();
        return (key, content) -> client.putObject(
                PutObjectArgs.builder().bucket(Clients.BUCKET).object(key).stream(content, UNKNOWN, PART_BYTES)
                        .contentType("application/pdf")
                        .build());
    }
}
