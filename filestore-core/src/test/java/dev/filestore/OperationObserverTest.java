package dev.filestore;

import static dev.filestore.StoreFixture.PDF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperationObserverTest {

    private final StoreFixture world = new StoreFixture();
    private final List<Operation> seen = new ArrayList<>();
    private final FileStore store = world.builder()
            .observer(new OperationObserver() {
                @Override
                public void finished(Operation operation) {
                    seen.add(operation);
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
        assertThat(seen.get(3).swept()).isEqualTo(new SweepReport(0, 0, 0, 0));
        assertThat(seen.get(4).swept()).isNull();
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

    /** Writes down what it is told, and whether by the thread that began. */
    private static OperationObserver noting(String name, List<String> told) {
        return new OperationObserver() {
            @Override
            public Course begun(Operation.Kind kind) {
                Thread beginner = Thread.currentThread();
                told.add(name + " begun " + kind);
                return new Course() {
                    private void note(String what) {
                        told.add(name + " " + what + (Thread.currentThread() == beginner ? "" : " elsewhere"));
                    }

                    @Override
                    public void entered(Operation.Stage stage) {
                        note("entered " + stage);
                    }

                    @Override
                    public void left() {
                        note("left");
                    }

                    @Override
                    public void finished(Operation operation, @Nullable Throwable failure) {
                        note("finished " + operation.outcome() + " "
                                + (failure == null ? "" : failure.getClass().getSimpleName()));
                    }
                };
            }

            @Override
            public void finished(Operation operation) {
                told.add(name + " told " + operation.outcome());
            }
        };
    }

    @Test
    void courses_ofAnUpload_areToldItsStagesAndLeftInnermostFirst() {
        List<String> told = new ArrayList<>();
        FileStore watched = world.builder()
                .observer(noting("a", told))
                .observer(noting("b", told))
                .build();

        watched.upload(StoreFixture.pdf("123"));

        assertThat(told)
                .startsWith("a begun UPLOAD", "b begun UPLOAD")
                .containsSubsequence(
                        "a entered JUDGE", "a entered INSERT", "a entered PUT", "a entered ACTIVATE", "a left")
                .endsWith(
                        "b left",
                        "a left",
                        "b finished SUCCESS ",
                        "a finished SUCCESS ",
                        "a told SUCCESS",
                        "b told SUCCESS");
    }

    @Test
    void courses_ofADownload_areLeftWhenItsBytesAreHandedOut() throws Exception {
        long id = world.uploaded("123").id();
        List<String> told = new ArrayList<>();
        FileStore watched = world.builder().observer(noting("a", told)).build();

        InputStream stream = watched.open(id).stream();
        assertThat(told).containsExactly("a begun DOWNLOAD", "a left");
        CompletableFuture.runAsync(() -> assertThatNoException().isThrownBy(stream::close))
                .get(10, TimeUnit.SECONDS);
        stream.close();
        world.calls.fail("open", SpiCalls.Fault.BEFORE);
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> watched.open(id).stream());

        assertThat(told)
                .containsExactly(
                        "a begun DOWNLOAD",
                        "a left",
                        "a finished SUCCESS  elsewhere",
                        "a told SUCCESS",
                        "a begun DOWNLOAD",
                        "a left",
                        "a finished STORAGE_FAILED StorageException",
                        "a told STORAGE_FAILED");
    }

    @Test
    void course_throws_theOperationStandsAndOthersAreTold() {
        List<String> told = new ArrayList<>();
        FileStore watched = world.builder()
                .observer(new OperationObserver() {
                    @Override
                    public Course begun(Operation.Kind kind) {
                        if (kind == Operation.Kind.DELETE) {
                            throw new IllegalStateException("an observer's own fault");
                        }
                        return new Course() {
                            @Override
                            public void entered(Operation.Stage stage) {
                                throw new IllegalStateException("an observer's own fault");
                            }

                            @Override
                            public void left() {
                                throw new IllegalStateException("an observer's own fault");
                            }

                            @Override
                            public void finished(Operation operation, @Nullable Throwable failure) {
                                throw new IllegalStateException("an observer's own fault");
                            }
                        };
                    }
                })
                .observer(noting("b", told))
                .build();

        long id = watched.upload(StoreFixture.pdf("123")).id();
        watched.delete(id);

        assertThat(watched.find(id)).isEmpty();
        assertThat(told).contains("b entered ACTIVATE", "b begun DELETE").endsWith("b told SUCCESS");
    }
}
