package dev.filestore.examples.benchmarks.micro;

import dev.filestore.Category;
import dev.filestore.ObjectHeaders;
import dev.filestore.SignedUrl;
import dev.filestore.StoredFile;
import dev.filestore.examples.benchmarks.subject.Clients;
import dev.filestore.s3.S3Settings;
import dev.filestore.s3.S3StorageBackend;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * How many addresses a second are signed, beside {@code S3Presigner}?
 *
 * <pre>java -jar benchmarks.jar micro</pre>
 */
@State(Scope.Benchmark)
public class Presigning {

    private static final String KEY = "uploads/123/20260226_143022_report.pdf";
    static final ObjectHeaders HEADERS = new ObjectHeaders("application/pdf", "attachment; filename=\"report.pdf\"");
    private static final Duration LIFETIME = Duration.ofHours(24);

    private final S3StorageBackend storage = storage();
    private final S3Presigner presigner = S3Presigner.builder()
            .region(Region.of(Clients.REGION))
            .credentialsProvider(Clients.CREDENTIALS)
            .build();
    private final StoredFile file = file();

    static S3StorageBackend storage() {
        return new S3StorageBackend(S3Settings.builder(Clients.BUCKET)
                .region(Clients.REGION)
                .credentials(Clients.CREDENTIALS)
                .build());
    }

    static StoredFile file() {
        return new StoredFile(
                42,
                "123",
                KEY,
                "report.pdf",
                2_048_576,
                "application/pdf",
                Category.DOCUMENT,
                "0123456789abcdef".repeat(4),
                null,
                null,
                Instant.parse("2026-02-26T14:30:22Z"),
                null);
    }

    @Benchmark
    public SignedUrl filestore() {
        Instant now = Instant.now();
        return storage.sign(file, HEADERS, now, now.plus(LIFETIME));
    }

    @Benchmark
    public URL presigner() {
        return presigner
                .presignGetObject(sign -> sign.signatureDuration(LIFETIME)
                        .getObjectRequest(get -> get.bucket(Clients.BUCKET).key(KEY)))
                .url();
    }
}
