package dev.filestore;

import static dev.filestore.StoreFixture.PDF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationObserverTest {

    private final StoreFixture world = new StoreFixture();
    private final List<Operation> seen = new ArrayList<>();
    private final List<SweepReport> swept = new ArrayList<>();
    private final FileStore store = world.builder()
            .observer(new OperationObserver() {
                @Override
                public void finished(Operation operation) {
                    seen.add(operation);
                }

                @Override
                public void swept(SweepReport report, Duration elapsed) {
                    swept.add(report);
                }
            })
            .build();

    private Operation only() {
        assertThat(seen).hasSize(1);
        return seen.get(0);
    }

    private static UploadRequest text(String name) {
        return UploadRequest.of(name, new ByteArrayInputStream("plain".getBytes(StandardCharsets.UTF_8)))
                .withOwner("123");
    }

    @Test
    void upload_succeeds_isToldWithFileBytesAndAllStages() {
        StoredFile file = store.upload(StoreFixture.pdf("123"));

        Operation told = only();
        assertThat(told.kind()).isEqualTo(Operation.Kind.UPLOAD);
        assertThat(told.outcome()).isEqualTo(Operation.Outcome.SUCCESS);
        assertThat(told.fileId()).isEqualTo(file.id());
        assertThat(told.category()).isEqualTo(file.category());
        assertThat(told.bytes()).isEqualTo(PDF.length);
        assertThat(told.stages()).containsOnlyKeys(Operation.Stage.values());
        Duration sum = told.stages().values().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(sum).isPositive().isLessThanOrEqualTo(told.elapsed());
    }

    @Test
    void upload_refused_isToldWithTheReasonAndNoLaterStage() {
        assertThatExceptionOfType(FileRefusedException.class).isThrownBy(() -> store.upload(text("fake.pdf")));

        Operation told = only();
        assertThat(told.outcome()).isEqualTo(Operation.Outcome.REFUSED);
        assertThat(told.reason()).isEqualTo(FileRefusedException.Reason.TYPE_NOT_ALLOWED);
        assertThat(told.fileId()).isZero();
        assertThat(told.category()).isNull();
        assertThat(told.stages()).containsOnlyKeys(Operation.Stage.JUDGE);
    }

    @Test
    void upload_sourceBreaks_isToldWithTheBytesThatCame() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("gone");
            }
        };
        byte[] head = Arrays.copyOf(PDF, MimePolicy.HEAD_BYTES);
        UploadRequest request = UploadRequest.of(
                        "document.pdf", new SequenceInputStream(new ByteArrayInputStream(head), broken))
                .withOwner("123");

        assertThatExceptionOfType(SourceException.class).isThrownBy(() -> store.upload(request));

        assertThat(only().outcome()).isEqualTo(Operation.Outcome.BROKEN_SOURCE);
        assertThat(only().bytes()).isEqualTo(head.length);
    }

    @Test
    void upload_storageFails_isToldAsSuch() {
        world.calls.fail("put", SpiCalls.Fault.BEFORE);

        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> store.upload(StoreFixture.pdf("123")));

        assertThat(only().outcome()).isEqualTo(Operation.Outcome.STORAGE_FAILED);
        assertThat(only().stages())
                .containsOnlyKeys(Operation.Stage.JUDGE, Operation.Stage.INSERT, Operation.Stage.PUT);
    }

    @Test
    void upload_databaseFails_isToldAsSuch() {
        world.calls.fail("insert", SpiCalls.Fault.BEFORE);

        assertThatExceptionOfType(MetadataException.class).isThrownBy(() -> store.upload(StoreFixture.pdf("123")));

        assertThat(only().outcome()).isEqualTo(Operation.Outcome.DATABASE_FAILED);
    }

    @Test
    void download_closed_isToldOnceWithTheBytesThatWereRead() throws IOException {
        long id = world.uploaded("123").id();

        try (FileContent content = store.open(id)) {
            assertThat(content.stream().readNBytes(5)).hasSize(5);
            assertThat(seen).isEmpty();
        }

        assertThat(only().kind()).isEqualTo(Operation.Kind.DOWNLOAD);
        assertThat(only().outcome()).isEqualTo(Operation.Outcome.SUCCESS);
        assertThat(only().bytes()).isEqualTo(5);
    }

    @Test
    void download_storageFails_isToldAsSuch() {
        long id = world.uploaded("123").id();
        world.calls.fail("open", SpiCalls.Fault.BEFORE);

        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> store.open(id).stream());

        assertThat(only().kind()).isEqualTo(Operation.Kind.DOWNLOAD);
        assertThat(only().outcome()).isEqualTo(Operation.Outcome.STORAGE_FAILED);
    }

    @Test
    void deletePresignAndSweep_areTold() {
        long id = world.uploaded("123").id();

        store.presign(id, Duration.ofHours(1));
        store.delete(id);
        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> store.delete(id));
        store.sweep();
        world.calls.fail("claimDue", SpiCalls.Fault.BEFORE);
        assertThatExceptionOfType(MetadataException.class).isThrownBy(store::sweep);

        assertThat(seen)
                .extracting(told -> told.kind() + " " + told.outcome() + " " + told.fileId())
                .containsExactly(
                        "PRESIGN SUCCESS " + id,
                        "DELETE SUCCESS " + id,
                        "DELETE MISSING " + id,
                        "SWEEP SUCCESS 0",
                        "SWEEP DATABASE_FAILED 0");
        assertThat(swept).hasSize(1);
    }

    @Test
    void observer_throws_theOperationStandsAndOthersAreTold() {
        FileStore watched = world.builder()
                .observer(new OperationObserver() {
                    @Override
                    public void finished(Operation operation) {
                        throw new IllegalStateException("an observer's own fault");
                    }
                })
                .observer(new OperationObserver() {
                    @Override
                    public void finished(Operation operation) {
                        seen.add(operation);
                    }
                })
                .build();

        StoredFile file = watched.upload(StoreFixture.pdf("123"));

        assertThat(watched.find(file.id())).isPresent();
        assertThat(only().outcome()).isEqualTo(Operation.Outcome.SUCCESS);
    }
}
