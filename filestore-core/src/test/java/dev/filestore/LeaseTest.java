package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that fails while an upload goes on: as long as the lease lasts, nothing is lost. */
class LeaseTest {

    private static final int CHUNK = MimePolicy.HEAD_BYTES;

    private final StoreFixture world = new StoreFixture();

    /** Something that happens before a chunk. */
    private interface Step {
        void run();
    }

    private Step pass(long minutes) {
        return () -> world.clock.advance(Duration.ofMinutes(minutes));
    }

    private Step fail(SpiCalls.Fault fault) {
        return () -> world.calls.fail("compareAndSet", fault);
    }

    private Step failAll() {
        return () -> {
            world.calls.fail("compareAndSet", SpiCalls.Fault.BEFORE);
            world.calls.fail("find", SpiCalls.Fault.BEFORE);
        };
    }

    /** After the head, a chunk behind each step; the last one comes before the end. */
    private UploadRequest steps(Step... steps) {
        Iterator<Step> left = List.of(steps).iterator();
        InputStream source = new InputStream() {
            private boolean begun;

            @Override
            public int read() {
                throw new AssertionError("read in bulk");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                byte[] chunk = Arrays.copyOf(StoreFixture.PDF, Math.min(length, CHUNK));
                if (begun) {
                    left.next().run();
                    if (!left.hasNext()) {
                        return -1;
                    }
                }
                begun = true;
                System.arraycopy(chunk, 0, buffer, offset, chunk.length);
                return chunk.length;
            }
        };
        return UploadRequest.of("a.pdf", source).withOwner("123");
    }

    @ParameterizedTest
    @EnumSource(SpiCalls.Fault.class)
    void extend_databaseFailsForAWhile_uploadGoesOn(SpiCalls.Fault fault) {
        StoredFile file = world.store.upload(
                steps(pass(1), fail(fault), pass(6), pass(6), pass(6), world.calls::heal, pass(6), pass(24), pass(24)));

        assertThat(world.store.find(file.id())).contains(file);
        assertThat(file.size()).isEqualTo(8L * CHUNK);
        world.assertConsistentInTheEnd();
        assertThat(world.rows()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(SpiCalls.Fault.class)
    void extend_failsAtTheEndOfTheBytes_isNoReasonToFailTheUpload(SpiCalls.Fault fault) {
        FileStore store = world.builder()
                .storage(new ForwardingStorage(new RecordingStorage(world.storage, world.calls)) {
                    @Override
                    public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                            throws IOException {
                        String tag = super.put(key, headers, source, length);
                        world.calls.heal();
                        return tag;
                    }
                })
                .build();

        StoredFile file = store.upload(steps(pass(1), fail(fault), pass(6)));

        assertThat(world.store.find(file.id())).contains(file);
    }

    @Test
    void extend_databaseFailsTillTheLeaseIsOver_uploadFailsAndNothingIsLeft() {
        assertThatThrownBy(() -> world.store.upload(
                        steps(failAll(), pass(6), pass(6), pass(6), pass(6), pass(6), pass(6), pass(1))))
                .isInstanceOf(MetadataException.class);

        assertThat(world.objects()).isEmpty();
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void extend_erasedWhileTheDatabaseFailed_uploadIsGivenUp() {
        assertThatThrownBy(() -> world.store.upload(steps(
                        fail(SpiCalls.Fault.AFTER),
                        pass(6),
                        () -> {
                            world.calls.heal();
                            world.store.eraseOwner("123");
                        },
                        pass(6),
                        pass(1))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("given up");

        assertThat(world.objects()).isEmpty();
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }
}
