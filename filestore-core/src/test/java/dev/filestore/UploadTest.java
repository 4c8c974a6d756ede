package dev.filestore;

import static dev.filestore.StoreFixture.PDF;
import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UploadTest {

    private final StoreFixture world = new StoreFixture();

    @Test
    void upload_goodFile_isRecordedWhole() {
        StoredFile file = world.store.upload(pdf("123").withDeclaredType("application/pdf"));

        assertThat(file.id()).isPositive();
        assertThat(file.owner()).isEqualTo("123");
        assertThat(file.key()).isEqualTo("uploads/123/20260226_143022_document.pdf");
        assertThat(file.originalFilename()).isEqualTo("document.pdf");
        assertThat(file.size()).isEqualTo(PDF.length);
        assertThat(file.contentType()).isEqualTo("application/pdf");
        assertThat(file.category()).isEqualTo(Category.DOCUMENT);
        assertThat(file.sha256()).isEqualTo("2b4a9cbce74363c0b52b807f8d27e0e3afea242ff0d7107761306a8fe7496f68");
        assertThat(file.url()).hasToString("https://app.example/api/files/" + file.id() + "/content");
        assertThat(file.cdnUrl()).isNull();
        assertThat(file.uploadedAt()).isEqualTo(world.clock.instant());
        assertThat(file.expiresAt()).isNull();
        assertThat(world.store.find(file.id())).contains(file);
        assertThat(world.read(file.id())).isEqualTo(PDF);
    }

    @Test
    void upload_goodFile_costsOneInsertOnePutOneUpdate() {
        world.store.upload(pdf("123"));

        assertThat(world.calls.made()).containsExactly("insert", "put", "compareAndSet");
    }

    @Test
    void upload_withTtl_expiresThatLongAfterItsStart() {
        StoredFile file = world.store.upload(pdf("123").withTtl(Duration.ofHours(24)));

        assertThat(file.expiresAt()).isEqualTo(file.uploadedAt().plus(Duration.ofHours(24)));
    }

    @Test
    void upload_withCdn_recordsItsAddress() {
        FileStore store = world.builder()
                .cdn(key -> java.net.URI.create("https://cdn.example/" + key))
                .build();

        assertThat(store.upload(pdf("123")).cdnUrl())
                .hasToString("https://cdn.example/uploads/123/20260226_143022_document.pdf");
    }

    @Test
    void upload_withoutOwner_isMisuse() {
        UploadRequest nobodys = UploadRequest.of("a.pdf", new ByteArrayInputStream(PDF));

        assertThatThrownBy(() -> world.store.upload(nobodys))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("withOwner");
    }

    @Test
    void upload_sameSecondSameNameFiftyThreads_areFiftyFiles() throws Exception {
        int threads = 50;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            Set<String> keys = ConcurrentHashMap.newKeySet();
            List<Future<?>> uploads = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                uploads.add(pool.submit(() -> {
                    start.await();
                    return keys.add(world.store.upload(pdf("123")).key());
                }));
            }
            start.countDown();
            for (Future<?> upload : uploads) {
                upload.get();
            }
            assertThat(keys)
                    .hasSize(threads)
                    .contains("uploads/123/20260226_143022_document.pdf")
                    .allMatch(key -> key.matches("uploads/123/20260226_143022_([0-9a-f]{16}_)?document\\.pdf"));
            assertThat(world.objects()).containsExactlyInAnyOrderElementsOf(keys);
        } finally {
            pool.shutdownNow();
        }
    }

    @Nested
    class Refused {

        @Test
        void upload_noBytes_isEmptyAndTouchesNothing() {
            assertRefused(UploadRequest.of("a.pdf", InputStream.nullInputStream()), FileRefusedException.Reason.EMPTY);
            assertThat(world.calls.made()).isEmpty();
        }

        @Test
        void upload_wrongType_touchesNothing() {
            assertRefused(
                    UploadRequest.of("a.png", new ByteArrayInputStream(PDF)),
                    FileRefusedException.Reason.TYPE_NOT_ALLOWED);
            assertThat(world.calls.made()).isEmpty();
        }

        @Test
        void upload_announcedTooLarge_touchesNothing() {
            assertRefused(
                    UploadRequest.of("a.pdf", new ByteArrayInputStream(PDF))
                            .withLength(AllowedTypes.DEFAULT_MAX_BYTES + 1),
                    FileRefusedException.Reason.TOO_LARGE);
            assertThat(world.calls.made()).isEmpty();
        }

        @Test
        void upload_oneByteTooMany_leavesNothing() {
            FileStore store = world.builder()
                    .policy(AllowedTypes.standardTypes()
                            .maxBytes(PDF.length - 1)
                            .build())
                    .build();

            assertThatExceptionOfType(FileRefusedException.class)
                    .isThrownBy(() -> store.upload(pdf("123")))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(FileRefusedException.Reason.TOO_LARGE));
            world.assertNothingLeft();
        }

        @Test
        void upload_exactlyTheLimit_isAccepted() {
            FileStore store = world.builder()
                    .policy(AllowedTypes.standardTypes().maxBytes(PDF.length).build())
                    .build();

            assertThat(store.upload(pdf("123")).size()).isEqualTo(PDF.length);
        }

        private void assertRefused(UploadRequest request, FileRefusedException.Reason reason) {
            assertThatExceptionOfType(FileRefusedException.class)
                    .isThrownBy(() -> world.store.upload(request.withOwner("123")))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        }
    }

    @Nested
    class FailingWorld {

        @ParameterizedTest
        @EnumSource(SpiCalls.Fault.class)
        void upload_insertFails_nothingIsLeftInTheEnd(SpiCalls.Fault fault) {
            world.calls.fail("insert", fault);

            assertThatThrownBy(() -> world.store.upload(pdf("123"))).isInstanceOf(MetadataException.class);

            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }

        @ParameterizedTest
        @EnumSource(SpiCalls.Fault.class)
        void upload_putFails_nobodySeesItAndNothingIsLeftInTheEnd(SpiCalls.Fault fault) {
            world.calls.fail("put", fault);

            assertThatThrownBy(() -> world.store.upload(pdf("123"))).isInstanceOf(StorageException.class);

            // Nothing is compensated on the spot: the put may still land.
            assertThat(world.calls.made()).containsExactly("insert", "put");
            assertThat(world.store.list(FileQuery.of("123")).files()).isEmpty();
            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }

        @Test
        void upload_activationFails_nobodySeesItAndNothingIsLeftInTheEnd() {
            world.calls.fail("compareAndSet", SpiCalls.Fault.BEFORE);

            assertThatThrownBy(() -> world.store.upload(pdf("123"))).isInstanceOf(MetadataException.class);

            world.calls.heal();
            assertThat(world.store.list(FileQuery.of("123")).files()).isEmpty();
            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }

        @Test
        void upload_answerToActivationLost_fileStaysWhole() {
            world.calls.fail("compareAndSet", SpiCalls.Fault.AFTER);

            assertThatThrownBy(() -> world.store.upload(pdf("123"))).isInstanceOf(MetadataException.class);

            world.assertConsistentInTheEnd();
            assertThat(world.store.list(FileQuery.of("123")).files())
                    .singleElement()
                    .satisfies(file -> assertThat(world.read(file.id())).isEqualTo(PDF));
        }

        @Test
        void upload_storageThrowsAnIOExceptionOfItsOwn_keepsTheRowThatNamesTheBytes() {
            FileStore store = world.builder()
                    .storage(new OddStorage(world.storage, "none"))
                    .build();

            assertThatThrownBy(() -> store.upload(pdf("123"))).isInstanceOf(StorageException.class);

            assertThat(world.rows()).extracting(FileRow::key).containsExactlyElementsOf(world.objects());
            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }

        @Test
        void upload_activationRepeatedByTheDatabase_isAcknowledgedAndKeepsItsBytes() {
            FileStore store = world.builder()
                    .metadata(new ReplayingMetadata(world.metadata))
                    .build();

            StoredFile file = store.upload(pdf("123"));

            assertThat(world.read(file.id())).isEqualTo(PDF);
        }

        @Test
        void upload_putLandsAfterTheFirstRemoval_isRemovedByTheSecond() throws IOException {
            world.calls.fail("put", SpiCalls.Fault.BEFORE);
            assertThatThrownBy(() -> world.store.upload(pdf("123"))).isInstanceOf(StorageException.class);
            world.calls.heal();
            world.clock.advance(Duration.ofMinutes(31));
            assertThat(world.store.sweep().abandoned()).isEqualTo(1);

            String key = world.rows().get(0).key();
            world.storage.put(key, new ObjectHeaders("a/b", "attachment"), new ByteArrayInputStream(PDF), -1);

            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }
    }

    @Nested
    class Leases {

        @Test
        void upload_slowButAlive_isNotGivenUp() {
            StoredFile file = world.store.upload(UploadRequest.of("a.pdf", slow(6, Duration.ofMinutes(6), true))
                    .withOwner("123"));

            assertThat(Duration.between(file.uploadedAt(), world.clock.instant()))
                    .isGreaterThan(Uploads.LEASE);
            assertThat(world.store.find(file.id())).contains(file);
        }

        @Test
        void upload_frozenBeyondItsLease_neverBecomesVisible() {
            assertThatThrownBy(() -> world.store.upload(UploadRequest.of("a.pdf", slow(2, Duration.ofMinutes(40), true))
                            .withOwner("123")))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("given up");

            assertThat(world.store.list(FileQuery.of("123")).files()).isEmpty();
            world.assertConsistentInTheEnd();
            world.assertNothingLeft();
        }

        @Test
        void upload_wakesUpAtTheEndOfItsBytesWhenItsRowIsLongGone_commitsNothing() {
            byte[] moreThanTheHead = Arrays.copyOf(PDF, MimePolicy.HEAD_BYTES + 1);
            InputStream frozen = new ProbeSource(moreThanTheHead).beforeEnd(() -> {
                world.clock.advance(Duration.ofMinutes(31));
                world.store.sweep();
                world.clock.advance(Duration.ofHours(2));
                world.store.sweep();
                assertThat(world.rows()).isEmpty();
            });
            world.calls.clear();

            assertThatThrownBy(() ->
                            world.store.upload(UploadRequest.of("a.pdf", frozen).withOwner("123")))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("given up");

            assertThat(world.calls.made())
                    .filteredOn("purge"::equals)
                    .as("by the sweeps")
                    .hasSize(2);
            world.assertNothingLeft();
        }

        /** After the head, chunks with a pause before each in which another node sweeps. */
        private InputStream slow(int chunks, Duration pause, boolean sweep) {
            return new InputStream() {
                private int chunk;

                @Override
                public int read() {
                    throw new AssertionError("read in bulk");
                }

                @Override
                public int read(byte[] buffer, int offset, int length) {
                    if (chunk == 0) {
                        System.arraycopy(PDF, 0, buffer, offset, PDF.length);
                        chunk++;
                        return PDF.length;
                    }
                    if (chunk > chunks) {
                        return -1;
                    }
                    if (!world.rows().isEmpty()) {
                        world.clock.advance(pause);
                        if (sweep) {
                            world.store.sweep();
                        }
                        chunk++;
                    }
                    int read = Math.min(length, MimePolicy.HEAD_BYTES);
                    return read;
                }
            };
        }
    }

    @Test
    void upload_clockWithNanoseconds_isKeptToTheMicrosecond() {
        world.clock.advance(Duration.ofNanos(789));

        assertThat(world.store.upload(pdf("123")).uploadedAt()).isEqualTo(Instant.parse("2026-02-26T14:30:22.123456Z"));
    }
}
