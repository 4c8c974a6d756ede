package dev.filestore;

import static dev.filestore.ProbeScanner.Call.BEGIN;
import static dev.filestore.ProbeScanner.Call.CLOSE;
import static dev.filestore.ProbeScanner.Call.END;
import static dev.filestore.ProbeScanner.Call.UPDATE;
import static dev.filestore.StoreFixture.PDF;
import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Uploads on their way past a {@link ContentScanner}. */
class ScanTest {

    private static final int LARGE = 100_000;

    private final StoreFixture world = new StoreFixture();
    private final ProbeScanner scanner = new ProbeScanner();
    private final FileStore store = world.builder().scanner(scanner).build();

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) (i * 31 + (i >> 8));
        }
        System.arraycopy(PDF, 0, content, 0, Math.min(PDF.length, size));
        return content;
    }

    private static UploadRequest upload(InputStream source) {
        return UploadRequest.of("a.pdf", source).withOwner("123");
    }

    /** Throws what a method may not, as code in other languages does. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void raise(Throwable thrown) throws X {
        throw (X) thrown;
    }

    private void assertInfected(InputStream source) {
        assertThatExceptionOfType(FileRefusedException.class)
                .isThrownBy(() -> store.upload(upload(source)))
                .withMessage("The file is infected: the scanner found " + ProbeScanner.FOUND)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(FileRefusedException.Reason.INFECTED));
    }

    @Nested
    class Clean {

        @Test
        void upload_clean_isStoredAtTheUsualCost() {
            StoredFile file = store.upload(pdf("123"));

            assertThat(world.read(file.id())).isEqualTo(PDF);
            assertThat(world.calls.made()).startsWith("insert", "put", "compareAndSet");
            assertThat(scanner.calls()).containsExactly(BEGIN, UPDATE, END, CLOSE);
        }

        @Test
        void begin_anyUpload_isToldWhatIsKnownOfIt() {
            store.upload(UploadRequest.of("C:\\Temp\\\u202Ea.pdf", new ByteArrayInputStream(PDF))
                    .withOwner("123")
                    .withLength(PDF.length));
            store.upload(pdf("김철수").withDeclaredType("application/octet-stream"));

            assertThat(scanner.uploads())
                    .containsExactly(
                            new ContentScanner.Upload("123", "a.pdf", "application/pdf", PDF.length),
                            new ContentScanner.Upload("김철수", "document.pdf", "application/pdf", -1));
        }

        @ParameterizedTest
        @ValueSource(ints = {9, 8191, 8192, 8193, LARGE})
        void update_fileOfAnySize_seesExactlyTheBytesThatAreStored(int size) {
            byte[] content = content(size);

            StoredFile file = store.upload(upload(new ProbeSource(content).inPiecesOf(777)));

            assertThat(scanner.seen()).isEqualTo(content);
            assertThat(world.read(file.id())).isEqualTo(content);
        }

        /** A protocol that ends a stream by a piece of no bytes, as ClamAV's does, would pass over all that follows. */
        @Test
        void update_sourceThatGivesNothingToSomeReads_isNotCalledForThose() {
            byte[] content = content(LARGE);
            InputStream hesitant = new ByteArrayInputStream(content) {
                private int reads;

                @Override
                public synchronized int read(byte[] buffer, int offset, int length) {
                    return reads++ % 2 == 1 ? 0 : super.read(buffer, offset, Math.min(length, 10_000));
                }

                @Override
                public synchronized byte[] readNBytes(int length) {
                    byte[] head = new byte[length];
                    super.read(head, 0, length);
                    return head;
                }
            };

            store.upload(upload(hesitant));

            assertThat(scanner.seen()).isEqualTo(content);
        }

        /** Else readers could have what nobody has judged, see owncloud/reva#596. */
        @Test
        void end_whileItJudges_nobodySeesTheFile() {
            scanner.at(END, () -> {
                assertThat(world.objects()).isEmpty();
                assertThat(store.list(FileQuery.of("123")).files()).isEmpty();
                assertThat(world.rows()).extracting(FileRow::state).containsExactly(FileState.PENDING);
            });

            assertThat(store.upload(pdf("123")).size()).isEqualTo(PDF.length);
            assertThat(scanner.calls()).contains(END);
        }

        @Test
        void close_anyUpload_comesBeforeTheFileIsVisible() {
            scanner.at(CLOSE, () -> assertThat(world.objects()).isEmpty());

            store.upload(pdf("123"));

            assertThat(scanner.calls()).containsOnlyOnce(CLOSE);
        }

        @Test
        void upload_temporaryFileOfAnnouncedDigest_keepsItsTtl() {
            StoredFile file = store.upload(pdf("123")
                    .withTtl(Duration.ofHours(24))
                    .withSha256("2b4a9cbce74363c0b52b807f8d27e0e3afea242ff0d7107761306a8fe7496f68"));

            assertThat(file.expiresAt()).isEqualTo(file.uploadedAt().plus(Duration.ofHours(24)));
        }
    }

    @Nested
    class Infected {

        @ParameterizedTest
        @ValueSource(ints = {100, LARGE})
        void end_findsSomething_fileIsRefusedAndNothingIsLeft(int size) {
            scanner.findingAtEnd();

            assertInfected(new ByteArrayInputStream(content(size)));

            assertThat(world.calls.made()).containsExactly("insert", "put", "remove");
            assertThat(scanner.calls()).containsExactly(BEGIN, UPDATE, END, CLOSE);
            world.assertNothingLeft();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 8192, 8193, 50_000, LARGE})
        void update_findsSomething_uploadEndsAtOnceAndNothingIsLeft(int bytes) {
            scanner.findingAfter(bytes);
            ProbeSource source = new ProbeSource(content(LARGE)).inPiecesOf(4096);

            assertInfected(source);

            assertThat(source.isEnded()).isFalse();
            assertThat(scanner.seen().length).isBetween(bytes, bytes + 8191);
            assertThat(scanner.calls()).containsExactly(BEGIN, UPDATE, CLOSE);
            world.assertNothingLeft();
        }

        @Test
        void upload_asUser_isScannedTheSame() {
            scanner.findingAtEnd();

            assertThatExceptionOfType(FileRefusedException.class)
                    .isThrownBy(() -> store.as(Caller.admin("root"))
                            .upload(UploadRequest.of("a.pdf", new ByteArrayInputStream(PDF))));

            world.assertNothingLeft();
        }

        @Test
        void upload_storageThatCommitsBeforeTheEnd_isNeverVisible() {
            scanner.findingAtEnd();
            FileStore hasty = world.builder()
                    .scanner(scanner)
                    .storage(new ForwardingStorage(world.storage) {
                        @Override
                        public String put(String key, ObjectHeaders headers, InputStream source, long length)
                                throws IOException {
                            byte[] most = source.readNBytes(PDF.length - 1);
                            return super.put(key, headers, new ByteArrayInputStream(most), length);
                        }
                    })
                    .build();

            assertThatThrownBy(() -> hasty.upload(pdf("123"))).isInstanceOf(IllegalStateException.class);

            assertThat(store.list(FileQuery.of("123")).files()).isEmpty();
            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }

        @Test
        void upload_rowCannotBeRemoved_sweepRemovesIt() {
            scanner.findingAtEnd();
            world.calls.fail("remove", SpiCalls.Fault.BEFORE);

            assertInfected(new ByteArrayInputStream(PDF));

            assertThat(world.rows()).extracting(FileRow::state).containsExactly(FileState.PENDING);
            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }

        @Test
        void upload_findingQuotesTheFile_isToldAndLoggedWithoutItsControlCharacters() {
            ContentScanner quoting = upload -> new ContentScanner.Scan() {
                @Override
                public Optional<ContentScanner.Finding> update(byte[] buffer, int offset, int length) {
                    return Optional.of(new ContentScanner.Finding("in a/b\r\n\u202E\u0000" + "x".repeat(900)));
                }

                @Override
                public Optional<ContentScanner.Finding> end() {
                    throw new AssertionError("something was found already");
                }

                @Override
                public void close() {}
            };
            Logger log = (Logger) LoggerFactory.getLogger(FileStore.class);
            ListAppender<ILoggingEvent> lines = new ListAppender<>();
            lines.start();
            log.addAppender(lines);
            try (FileStore other = world.builder().scanner(quoting).build()) {
                assertThatExceptionOfType(FileRefusedException.class)
                        .isThrownBy(() -> other.upload(UploadRequest.of("a.pdf", new ByteArrayInputStream(PDF))
                                .withOwner("eve\nroot")))
                        .withMessageStartingWith("The file is infected: the scanner found in a/b????xxx")
                        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
            } finally {
                log.detachAppender(lines);
            }
            assertThat(lines.list).singleElement().satisfies(line -> {
                assertThat(line.getLevel()).isEqualTo(Level.WARN);
                assertThat(line.getFormattedMessage())
                        .startsWith("file 1: the scanner found in a/b????xxx")
                        .contains(" in the upload of uploads/eve=0Aroot/")
                        .endsWith(" by user eve?root");
            });
        }
    }

    @Nested
    class Failing {

        static Stream<Arguments> failures() {
            return Stream.of(BEGIN, UPDATE, END)
                    .flatMap(call -> Stream.of(
                                    new ScanException("the scanner is down", null),
                                    new IllegalStateException("odd"),
                                    new StorageException("of the scanner's own store", null),
                                    new FileRefusedException(FileRefusedException.Reason.EMPTY, "not its to say"),
                                    new IOException("thrown unchecked"))
                            .map(thrown -> Arguments.of(call, thrown)));
        }

        /** A scanner that cannot be reached must not let files pass, see nextcloud/files_antivirus#594. */
        @ParameterizedTest
        @MethodSource("failures")
        void anyCall_throws_uploadFailsAndNothingIsLeft(ProbeScanner.Call call, Exception thrown) {
            scanner.at(call, () -> raise(thrown));

            assertThatExceptionOfType(ScanException.class)
                    .isThrownBy(() -> store.upload(upload(new ByteArrayInputStream(content(LARGE)))))
                    .satisfies(e ->
                            assertThat(e == thrown || e.getCause() == thrown).isTrue());

            assertThat(world.calls.made()).isEqualTo(call == BEGIN ? List.of() : List.of("insert", "put", "remove"));
            assertThat(scanner.calls())
                    .isEqualTo(
                            call == BEGIN
                                    ? List.of(BEGIN)
                                    : call == UPDATE
                                            ? List.of(BEGIN, UPDATE, CLOSE)
                                            : List.of(BEGIN, UPDATE, END, CLOSE));
            world.assertNothingLeft();
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2})
        void anyCall_answersNull_isNoCleanFile(int nulls) {
            FileStore odd = world.builder()
                    .scanner(upload -> nulls == 0
                            ? null
                            : new ContentScanner.Scan() {
                                @Override
                                public Optional<ContentScanner.Finding> update(byte[] buffer, int offset, int length) {
                                    return nulls == 1 ? null : Optional.empty();
                                }

                                @Override
                                public Optional<ContentScanner.Finding> end() {
                                    return null;
                                }

                                @Override
                                public void close() {}
                            })
                    .build();

            assertThatExceptionOfType(ScanException.class)
                    .isThrownBy(() -> odd.upload(pdf("123")))
                    .withMessageEndingWith("the scanner answered null");
            world.assertNothingLeft();
        }

        @Test
        void close_throws_cleanFileIsStored() {
            scanner.at(CLOSE, () -> raise(new IOException("the connection is gone")));

            assertThat(store.upload(pdf("123")).size()).isEqualTo(PDF.length);
        }

        @Test
        void close_throws_infectedFileIsRefusedAsSuch() {
            scanner.findingAtEnd().at(CLOSE, () -> raise(new IllegalStateException("odd")));

            assertInfected(new ByteArrayInputStream(PDF));
            world.assertNothingLeft();
        }

        @Test
        void end_hangsTillItsThreadIsInterrupted_uploadFailsAndNothingIsLeft() throws Exception {
            CountDownLatch hanging = new CountDownLatch(1);
            scanner.at(END, () -> {
                hanging.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ScanException("interrupted", e);
                }
            });
            ExecutorService pool = Executors.newSingleThreadExecutor();
            try {
                Future<Boolean> interrupted = pool.submit(() -> {
                    assertThatExceptionOfType(ScanException.class).isThrownBy(() -> store.upload(pdf("123")));
                    return Thread.interrupted();
                });
                assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
                pool.shutdownNow();
                assertThat(interrupted.get()).isTrue();
            } finally {
                pool.shutdownNow();
            }
            world.assertNothingLeft();
        }
    }

    @Nested
    class OtherFailures {

        @Test
        void upload_refusedByThePolicy_isNotScanned() {
            assertThatExceptionOfType(FileRefusedException.class)
                    .isThrownBy(() -> store.upload(UploadRequest.of("a.png", new ByteArrayInputStream(PDF))
                            .withOwner("123")));

            assertThat(scanner.calls()).isEmpty();
        }

        static Stream<Arguments> brokenUploads() {
            byte[] content = content(LARGE);
            return Stream.of(
                    Arguments.of(
                            "too long",
                            upload(new ByteArrayInputStream(content)).withLength(LARGE - 1)),
                    Arguments.of(
                            "too short",
                            upload(new ByteArrayInputStream(content)).withLength(LARGE + 1)),
                    Arguments.of(
                            "other bytes",
                            upload(new ByteArrayInputStream(content)).withSha256("0".repeat(64))),
                    Arguments.of("broken off", upload(ProbeSource.failingAt(content, 60_000))),
                    Arguments.of(
                            "no TTL", upload(new ByteArrayInputStream(content)).withTtlAtEnd(() -> {
                                throw new IllegalStateException("the form broke off");
                            })));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("brokenUploads")
        void upload_notWhole_isNotJudged(String how, UploadRequest request) {
            assertThatExceptionOfType(SourceException.class).isThrownBy(() -> store.upload(request));

            assertThat(scanner.calls()).as(how).containsExactly(BEGIN, UPDATE, CLOSE);
            world.assertNothingLeft();
        }

        @ParameterizedTest
        @ValueSource(strings = {"insert", "put", "compareAndSet"})
        void upload_worldFails_scanIsClosedOnce(String call) {
            world.calls.fail(call, SpiCalls.Fault.BEFORE);

            assertThatThrownBy(() -> store.upload(pdf("123"))).isInstanceOf(FileStoreException.class);

            assertThat(scanner.calls()).containsOnlyOnce(CLOSE).endsWith(CLOSE);
            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }
    }

    @Nested
    class Leases {

        /** The client may have been slow, too: the scanner gets all of a lease. */
        @Test
        void end_afterASlowEndOfTheBytes_hasAWholeLease() {
            InputStream slow = new ProbeSource(content(LARGE)).beforeEnd(() -> pass(29));
            scanner.at(END, () -> pass(29));

            StoredFile file = store.upload(upload(slow));

            assertThat(store.find(file.id())).contains(file);
        }

        @Test
        void update_longScans_extendTheLease() {
            scanner.at(UPDATE, () -> pass(20));

            StoredFile file = store.upload(upload(new ByteArrayInputStream(content(LARGE))));

            assertThat(Duration.between(file.uploadedAt(), world.clock.instant()))
                    .isGreaterThan(Uploads.LEASE);
        }

        @ParameterizedTest
        @EnumSource(
                value = ProbeScanner.Call.class,
                names = {"UPDATE", "END"})
        void anyCall_longerThanTheLease_commitsNothing(ProbeScanner.Call call) {
            scanner.at(call, () -> pass(40));

            assertThatThrownBy(() -> store.upload(pdf("123")))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("given up");

            assertThat(world.objects()).isEmpty();
            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }

        @Test
        void end_ownerIsErasedMeanwhile_nothingIsLeft() {
            scanner.at(END, () -> store.eraseOwner("123"));

            assertThatThrownBy(() -> store.upload(pdf("123")))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("given up");

            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }

        private void pass(long minutes) {
            world.clock.advance(Duration.ofMinutes(minutes));
            store.sweep();
        }
    }

    @Test
    void scanner_none_isMisuse() {
        assertThatThrownBy(() -> world.builder().scanner(null)).isInstanceOf(NullPointerException.class);
    }

    /** Each upload has a scan of its own, whatever others do at the same time. */
    @Test
    void upload_manyAtOnce_eachIsJudgedByItsOwnBytes() throws Exception {
        FileStore busy = world.builder()
                .scanner(upload -> new ProbeScanner()
                        .findingAfter(upload.fileName().startsWith("bad") ? LARGE : Long.MAX_VALUE)
                        .begin(upload))
                .build();
        byte[] content = content(LARGE);
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Future<Boolean>> stored = Stream.iterate(0, i -> i + 1)
                    .limit(64)
                    .map(i -> pool.submit(() -> {
                        String name = (i % 2 == 0 ? "good" : "bad") + i + ".pdf";
                        try {
                            busy.upload(UploadRequest.of(name, new ByteArrayInputStream(content))
                                    .withOwner("123"));
                            return true;
                        } catch (FileRefusedException e) {
                            return false;
                        }
                    }))
                    .toList();
            for (int i = 0; i < stored.size(); i++) {
                assertThat(stored.get(i).get()).as("upload " + i).isEqualTo(i % 2 == 0);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(world.rows()).hasSize(32);
        assertThat(world.objects()).hasSize(32);
    }
}
