package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.filestore.memory.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upload leaves in a storage in which the scanner finds something, or at which it fails: nothing, at once. */
public abstract class InfectedUploadContract {

    private final ProbeScanner scanner = new ProbeScanner();
    private final MemoryMetadata metadata = new MemoryMetadata();

    /** The storage, without an object. */
    protected abstract StorageBackend storage();

    /** From which size on an object is sent in parts, or some size where it never is. */
    protected abstract int partSizeBytes();

    /** All that puts have left, as the storage itself tells. */
    protected abstract List<String> leftovers();

    private byte[] content(double parts) {
        byte[] head = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(head, (int) (parts * partSizeBytes()));
    }

    private void upload(byte[] content) {
        // Not closed: the storage is the subclass's.
        FileStore.builder()
                .storage(storage())
                .metadata(metadata)
                .scanner(scanner)
                .build()
                .upload(UploadRequest.of("a.pdf", new ByteArrayInputStream(content))
                        .withOwner("123"));
    }

    private void assertNothingLeft() {
        assertThat(leftovers()).isEmpty();
        assertThat(storage().list("", "", 10)).isEmpty();
        assertThat(storage().listUnfinished("", "", 10)).isEmpty();
        assertThat(metadata.listByKey("", "", 10)).isEmpty();
        assertThat(scanner.calls()).containsOnlyOnce(ProbeScanner.Call.CLOSE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 1, 2.5})
    void upload_infectedAtTheEnd_leavesNothing(double parts) {
        scanner.findingAtEnd();
        byte[] content = content(parts);

        assertThatExceptionOfType(FileRefusedException.class)
                .isThrownBy(() -> upload(content))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(FileRefusedException.Reason.INFECTED));

        assertNothingLeft();
        assertThat(scanner.seen()).isEqualTo(content);
    }

    @ParameterizedTest
    @CsvSource({"0.01, 0.005", "2.5, 0.5", "2.5, 1", "2.5, 1.5"})
    void upload_infectedInTheMiddle_leavesNothing(double parts, double found) {
        scanner.findingAfter((long) (found * partSizeBytes()));

        assertThatExceptionOfType(FileRefusedException.class).isThrownBy(() -> upload(content(parts)));

        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 2.5})
    void upload_scannerFailsAtTheEnd_leavesNothing(double parts) {
        scanner.at(ProbeScanner.Call.END, () -> {
            throw new ScanException("the scanner is down", null);
        });

        assertThatExceptionOfType(ScanException.class).isThrownBy(() -> upload(content(parts)));

        assertNothingLeft();
    }

    /** The source is read once, whatever the storage has to send again. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 2.5})
    void upload_clean_isScannedOnceAndStoredAsScanned(double parts) {
        byte[] content = content(parts);

        upload(content);

        FileRow row = metadata.listByKey("", "", 10).get(0);
        try (var stored =
                storage().open(row.key(), ByteRange.ALL, row.objectTag()).orElseThrow()) {
            assertThat(stored.readAllBytes()).isEqualTo(content);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        assertThat(scanner.seen()).isEqualTo(content);
        storage().delete(row.key());
    }
}
