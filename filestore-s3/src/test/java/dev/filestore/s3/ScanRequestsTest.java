package dev.filestore.s3;

import static dev.filestore.s3.ScriptedS3.Operation.AbortMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.CompleteMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.CreateMultipartUpload;
import static dev.filestore.s3.ScriptedS3.Operation.PutObject;
import static dev.filestore.s3.ScriptedS3.Operation.UploadPart;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.FileRefusedException;
import dev.filestore.FileStore;
import dev.filestore.ProbeScanner;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a scanned upload sends: the verdict comes before the request that makes the object. */
class ScanRequestsTest {

    private final ProbeScanner scanner = new ProbeScanner();
    private ScriptedS3 s3;
    private FileStore store;

    @BeforeEach
    void start() throws IOException {
        s3 = new ScriptedS3();
        store = FileStore.builder()
                .storage(new S3StorageBackend(s3.settings().build()))
                .metadata(new MemoryMetadata())
                .scanner(scanner)
                .build();
    }

    @AfterEach
    void stop() {
        store.close();
        s3.close();
    }

    private void upload(int size) {
        byte[] content = Arrays.copyOf("%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII), size);
        store.upload(
                UploadRequest.of("a.pdf", new ByteArrayInputStream(content)).withOwner("123"));
    }

    @Test
    void upload_smallFileThatIsInfected_sendsNothing() {
        scanner.findingAtEnd();

        assertThatExceptionOfType(FileRefusedException.class).isThrownBy(() -> upload(4096));

        assertThat(s3.operations()).isEmpty();
    }

    @Test
    void upload_largeFileThatIsInfected_isAborted() {
        scanner.findingAtEnd();

        assertThatExceptionOfType(FileRefusedException.class).isThrownBy(() -> upload(2 * BucketContract.PART + 1000));

        assertThat(s3.operations())
                .startsWith(CreateMultipartUpload, UploadPart)
                .endsWith(AbortMultipartUpload)
                .doesNotContain(CompleteMultipartUpload);
    }

    @Test
    void end_smallFile_comesBeforeThePut() {
        scanner.at(ProbeScanner.Call.END, () -> assertThat(s3.operations()).isEmpty());

        upload(4096);

        assertThat(s3.operations()).containsExactly(PutObject);
    }

    @Test
    void end_largeFile_comesBeforeTheLastRequest() {
        scanner.at(ProbeScanner.Call.END, () -> assertThat(s3.operations()).doesNotContain(CompleteMultipartUpload));

        upload(2 * BucketContract.PART + 1000);

        assertThat(s3.operations())
                .containsExactly(CreateMultipartUpload, UploadPart, UploadPart, UploadPart, CompleteMultipartUpload);
    }
}
