package dev.filestore;

import static dev.filestore.StoreFixture.PDF;
import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EraseTest {

    private static final Duration DAY = Duration.ofDays(1);

    private final StoreFixture world = new StoreFixture();

    private FileRow row(long id) {
        return world.metadata.find(id).orElseThrow();
    }

    private void upload(int count) {
        for (int i = 0; i < count; i++) {
            world.clock.advance(Duration.ofSeconds(1));
            world.uploaded("123");
        }
    }

    /** One row of each state, the first of them expired. */
    private void uploadInEveryState() {
        world.store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        world.clock.advance(DAY);
        upload(3);
        List<FileRow> rows = world.metadata.listByOwner("123", null, 10);
        world.calls.fail("delete", SpiCalls.Fault.BEFORE);
        assertThatThrownBy(() -> world.store.delete(rows.get(2).id())).isInstanceOf(StorageException.class);
        world.calls.heal();
        world.store.delete(rows.get(3).id());
        world.calls.fail("put", SpiCalls.Fault.AFTER);
        assertThatThrownBy(() -> world.store.upload(pdf("123"))).isInstanceOf(StorageException.class);
        world.calls.heal();
        assertThat(world.metadata.listByOwner("123", null, 10))
                .extracting(FileRow::state)
                .containsExactly(
                        FileState.AVAILABLE,
                        FileState.AVAILABLE,
                        FileState.DELETING,
                        FileState.DELETED,
                        FileState.PENDING);
        world.calls.clear();
    }

    @Test
    void erase_oldFiles_leavesNothing() {
        upload(2);
        StoredFile others = world.uploaded("456");
        world.clock.advance(DAY);

        EraseReport report = world.store.eraseOwner("123");

        assertThat(report).isEqualTo(new EraseReport(2, 0, 0, null, false));
        assertThat(report.isDone()).isTrue();
        assertThat(world.calls.made())
                .containsExactly(
                        "listByOwner",
                        "compareAndSet",
                        "delete",
                        "remove",
                        "compareAndSet",
                        "delete",
                        "remove",
                        "listByOwner");
        assertThat(world.rows()).extracting(FileRow::id).containsExactly(others.id());
        assertThat(world.read(others.id())).isEqualTo(PDF);
    }

    @Test
    void erase_rowsOfEveryState_leavesWhatMustWaitAndSaysUntilWhen() {
        uploadInEveryState();
        Instant start = world.clock.instant();

        EraseReport report = world.store.eraseOwner("123");

        assertThat(report).isEqualTo(new EraseReport(4, 0, 4, start.plus(Duration.ofHours(1)), false));
        assertThat(world.objects()).isEmpty();
        assertThat(world.rows()).extracting(FileRow::state).containsOnly(FileState.DELETED);
        world.clock.advance(Duration.ofHours(1).minusNanos(1000));
        world.store.sweep();
        assertThat(world.rows()).hasSize(1);
        world.clock.advance(Duration.ofNanos(1000));
        world.store.sweep();
        world.assertNothingLeft();
    }

    @Test
    void erase_rowsThatWaited_goWhenTheirTimeIsOver() {
        uploadInEveryState();
        world.store.eraseOwner("123");
        world.clock.advance(Duration.ofHours(1));

        assertThat(world.store.eraseOwner("123")).isEqualTo(new EraseReport(0, 0, 0, null, false));
        world.assertNothingLeft();
    }

    @Test
    void erase_again_doesNothingMore() {
        upload(2);
        EraseReport first = world.store.eraseOwner("123");

        EraseReport second = world.store.eraseOwner("123");

        assertThat(first.erased()).isEqualTo(2);
        assertThat(second).isEqualTo(new EraseReport(0, 0, 2, first.waitingUntil(), false));
    }

    @Test
    void erase_userWhoHasNothing_isDone() {
        world.uploaded("456");

        assertThat(world.store.eraseOwner("123")).isEqualTo(new EraseReport(0, 0, 0, null, false));
        assertThat(world.calls.made()).containsExactly("listByOwner", "listByOwner");
        assertThatIllegalArgumentException().isThrownBy(() -> world.store.eraseOwner(""));
    }

    @Test
    void erase_moreFilesThanAPage_erasesAllAndTellsProgress() {
        upload(250);
        world.clock.advance(DAY);
        List<Long> progress = new ArrayList<>();

        assertThat(world.store.eraseOwner("123", report -> progress.add(report.erased())))
                .isEqualTo(new EraseReport(250, 0, 0, null, false));

        assertThat(progress).containsExactly(100L, 200L, 250L, 250L);
        world.assertNothingLeft();
    }

    @Test
    void erase_oneFileThatTheStorageKeeps_isCountedAndTheOthersGo() {
        upload(3);
        StoredFile odd = row(2).toStoredFile();
        world.clock.advance(DAY);
        FileStore store = world.builder()
                .storage(new OddStorage(world.storage, odd.key()))
                .build();

        EraseReport report = store.eraseOwner("123");

        assertThat(report).isEqualTo(new EraseReport(2, 1, 0, null, false));
        assertThat(report.isDone()).isFalse();
        assertThat(world.objects()).containsExactly(odd.key());
        assertThat(world.store.find(odd.id())).isEmpty();
        assertThat(world.store.eraseOwner("123")).isEqualTo(new EraseReport(1, 0, 0, null, false));
        world.assertNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({
        "compareAndSet, BEFORE", "compareAndSet, AFTER", "delete, BEFORE", "delete, AFTER", "purge, BEFORE",
        "purge, AFTER", "remove, BEFORE", "remove, AFTER", "find, BEFORE", "find, AFTER"
    })
    void erase_callFailsAtEachFile_isCountedAndARepeatFinishesIt(String call, SpiCalls.Fault fault) {
        uploadInEveryState();
        world.calls.fail(call, fault);

        EraseReport report = world.store.eraseOwner("123");

        assertNotDoneUnlessGone(report);
        world.calls.heal();
        EraseReport repeated = world.store.eraseOwner("123");
        assertThat(repeated.isDone()).isTrue();
        assertNotDoneUnlessGone(repeated);
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    private void assertNotDoneUnlessGone(EraseReport report) {
        if (report.isDone()) {
            assertThat(world.objects()).isEmpty();
            assertThat(world.metadata.listByOwner("123", null, 100))
                    .extracting(FileRow::state)
                    .allMatch(state -> state == FileState.DELETED)
                    .hasSize((int) report.waiting());
        } else {
            assertThat(report.failed()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(SpiCalls.Fault.class)
    void erase_rowsCannotBeListed_isThrownAndARepeatFinishesIt(SpiCalls.Fault fault) {
        uploadInEveryState();
        world.calls.fail("listByOwner", fault);
        assertThatExceptionOfType(MetadataException.class).isThrownBy(() -> world.store.eraseOwner("123"));

        world.calls.heal();

        assertThat(world.store.eraseOwner("123").isDone()).isTrue();
        assertThat(world.objects()).isEmpty();
    }

    /** Dies before, and after, the nth call. */
    private static final class Death implements SpiCalls.Conduct {

        private final int at;
        private final boolean before;
        private int made;

        Death(int at, boolean before) {
            this.at = at;
            this.before = before;
        }

        static final class Died extends Error {
            private static final long serialVersionUID = 1L;
        }

        @Override
        public <T, X extends Exception> T make(
                String call, Supplier<FileStoreException> failure, SpiCalls.Body<T, X> body) throws X {
            boolean dies = ++made == at;
            if (dies && before) {
                throw new Died();
            }
            T result = body.run();
            if (dies) {
                throw new Died();
            }
            return result;
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void erase_processDiesAtAnyCall_isFinishedByAnother(boolean before) {
        int deaths = 0;
        boolean died = true;
        while (died) {
            EraseTest fresh = new EraseTest();
            StoreFixture files = fresh.world;
            fresh.uploadInEveryState();
            SpiCalls dying = new SpiCalls(new Death(deaths + 1, before));
            FileStore doomed = files.builder()
                    .storage(new RecordingStorage(files.storage, dying))
                    .metadata(new RecordingMetadata(files.metadata, dying))
                    .build();
            try {
                doomed.eraseOwner("123");
                died = false;
            } catch (Death.Died e) {
                deaths++;
                EraseReport report = files.store.eraseOwner("123");
                assertThat(report.isDone())
                        .as("after the death at call %d", deaths)
                        .isTrue();
                fresh.assertNotDoneUnlessGone(report);
                files.assertConsistentInTheEnd();
                files.assertNothingLeft();
            }
        }
        // Two walks over the rows; to mark three of them, to remove and to forget four.
        assertThat(deaths).isEqualTo(2 + 3 + 4 + 4);
    }

    @Test
    void erase_uploadThatIsUnderWay_failsAndLeavesNothing() {
        AtomicReference<EraseReport> report = new AtomicReference<>();
        InputStream source = new ProbeSource(PDF).beforeEnd(() -> report.set(world.store.eraseOwner("123")));

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> world.store.upload(
                        UploadRequest.of("a.pdf", new Slow(source)).withOwner("123")))
                .withMessageContaining("erased");

        assertThat(report.get())
                .isEqualTo(new EraseReport(1, 0, 1, world.clock.instant().plus(Duration.ofHours(1)), false));
        assertThat(world.objects()).isEmpty();
        assertThat(world.rows()).extracting(FileRow::state).containsExactly(FileState.DELETED);
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    /** The first bytes are read before there is a row; so the end is told only when it is asked for again. */
    private static final class Slow extends InputStream {

        private final byte[] head = java.util.Arrays.copyOf(PDF, MimePolicy.HEAD_BYTES);
        private final InputStream rest;
        private int given;

        Slow(InputStream rest) {
            this.rest = rest;
        }

        @Override
        public int read() {
            throw new AssertionError("read in bulk");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws java.io.IOException {
            if (given == head.length) {
                return rest.read(buffer, offset, length);
            }
            int read = Math.min(length, head.length - given);
            System.arraycopy(head, given, buffer, offset, read);
            given += read;
            return read;
        }
    }

    @Test
    void erase_betweenPutAndActivation_leavesNothing() {
        FileStore uploading = world.builder()
                .storage(new ForwardingStorage(world.storage) {
                    @Override
                    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                            throws java.io.IOException {
                        String tag = super.put(key, headers, source, length);
                        assertThat(world.store.eraseOwner("123").isDone()).isTrue();
                        assertThat(world.objects()).isEmpty();
                        return tag;
                    }
                })
                .build();

        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> uploading.upload(pdf("123")));

        assertThat(world.objects()).isEmpty();
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void erase_beforeThePutLands_leavesNothing() {
        FileStore uploading = world.builder()
                .storage(new ForwardingStorage(world.storage) {
                    @Override
                    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                            throws java.io.IOException {
                        assertThat(world.store.eraseOwner("123").isDone()).isTrue();
                        return super.put(key, headers, source, length);
                    }
                })
                .build();

        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> uploading.upload(pdf("123")));

        assertThat(world.objects()).isEmpty();
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void erase_uploadActivatedAfterItsRowWasListed_isErasedToo() {
        FileStore racing = world.builder()
                .metadata(new ForwardingMetadata(world.metadata) {
                    @Override
                    public List<FileRow> listByOwner(String owner, RowQuery.Position after, int limit) {
                        List<FileRow> rows = super.listByOwner(owner, after, limit);
                        rows.stream()
                                .filter(row -> row.state() == FileState.PENDING)
                                .forEach(row -> super.compareAndSet(
                                        row.toAvailable(PDF.length, "0".repeat(64), null, null, null, null)));
                        return rows;
                    }
                })
                .build();
        world.calls.fail("put", SpiCalls.Fault.AFTER);
        assertThatThrownBy(() -> world.store.upload(pdf("123"))).isInstanceOf(StorageException.class);
        world.calls.heal();

        assertThat(racing.eraseOwner("123").erased()).isOne();

        assertThat(world.objects()).isEmpty();
        assertThat(world.store.list(FileQuery.of("123")).files()).isEmpty();
    }

    @Test
    void erase_rowAddedBehindItsBack_isErasedToo() {
        upload(100);
        world.clock.advance(DAY);
        boolean[] once = {true};

        EraseReport report = world.store.eraseOwner("123", progress -> {
            if (once[0]) {
                once[0] = false;
                world.clock.advance(Duration.ofDays(-2));
                world.uploaded("123");
                world.clock.advance(Duration.ofDays(2));
            }
        });

        assertThat(report).isEqualTo(new EraseReport(101, 0, 0, null, false));
        world.assertNothingLeft();
    }

    @Test
    @Timeout(60)
    void erase_userWhoUploadsAsFast_comesToItsEnd() {
        upload(150);
        Instant start = world.clock.instant();
        FileStore store = world.builder()
                .storage(new ForwardingStorage(world.storage) {
                    @Override
                    public void delete(String key) {
                        super.delete(key);
                        world.clock.advance(Duration.ofSeconds(2));
                        world.uploaded("123");
                    }
                })
                .build();

        assertThat(store.eraseOwner("123").isDone()).isTrue();

        assertThat(world.store.list(FileQuery.of("123")).files())
                .isNotEmpty()
                .allMatch(file -> file.uploadedAt().isAfter(start.plus(Duration.ofMinutes(5))));
    }

    @Test
    void erase_threadIsInterrupted_stopsAndARepeatGoesOn() {
        upload(3);
        world.clock.advance(DAY);
        int[] deletes = {0};
        FileStore store = world.builder()
                .storage(new ForwardingStorage(world.storage) {
                    @Override
                    public void delete(String key) {
                        super.delete(key);
                        if (++deletes[0] == 2) {
                            Thread.currentThread().interrupt();
                        }
                    }
                })
                .build();

        EraseReport report = store.eraseOwner("123");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report).isEqualTo(new EraseReport(2, 0, 0, null, true));
        assertThat(report.isDone()).isFalse();
        assertThat(world.objects()).hasSize(1);
        assertThat(store.eraseOwner("123")).isEqualTo(new EraseReport(1, 0, 0, null, false));
        world.assertNothingLeft();
    }

    @Test
    void erase_interruptedByItsProgress_makesNoFurtherCall() {
        upload(150);
        world.calls.clear();

        EraseReport report =
                world.store.eraseOwner("123", progress -> Thread.currentThread().interrupt());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.interrupted()).isTrue();
        assertThat(report.erased()).isEqualTo(100);
        assertThat(world.calls.made().stream().filter("listByOwner"::equals)).hasSize(1);
    }

    @Test
    void erase_fourAtOnceAndASweep_eraseAll() throws Exception {
        upload(200);
        world.clock.advance(DAY);
        List<Callable<Boolean>> calls = new ArrayList<>(
                Collections.nCopies(4, () -> world.store.eraseOwner("123").erased() >= 0));
        calls.add(() -> world.store.sweep().failed() == 0);

        assertThat(MetadataRepositoryContract.atOnce(calls)).containsOnly(true);

        assertThat(world.store.eraseOwner("123").isDone()).isTrue();
        world.assertNothingLeft();
    }

    @Test
    void erase_whileAListenerHearsOfTheUpload_isDone() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        List<String> told = new ArrayList<>();
        FileStore store = world.builder()
                .storage(new ForwardingStorage(world.storage) {
                    @Override
                    public void delete(String key) {
                        super.delete(key);
                        waiting.remove().run();
                    }
                })
                .listener(new FileStoreListener() {
                    @Override
                    public void deleted(FileEvent event) {
                        told.add(event.id());
                    }
                })
                .listenerExecutor(waiting::add)
                .build();
        store.upload(pdf("123"));

        assertThat(store.eraseOwner("123").isDone()).isTrue();

        waiting.forEach(Runnable::run);
        assertThat(told).containsExactly("1/deleted");
    }

    @Test
    void erase_withListeners_tellsEachDeletedFile() {
        List<String> told = new ArrayList<>();
        FileStore store = world.builder()
                .listener(new FileStoreListener() {
                    @Override
                    public void deleted(FileEvent event) {
                        told.add(event.id());
                    }
                })
                .listenerExecutor(Runnable::run)
                .build();
        upload(2);
        world.clock.advance(DAY);

        assertThat(store.eraseOwner("123")).isEqualTo(new EraseReport(2, 0, 0, null, false));

        assertThat(told).containsExactly("1/deleted", "2/deleted");
        world.assertNothingLeft();
    }
}
