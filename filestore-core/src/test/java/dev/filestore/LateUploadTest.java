package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An upload that sleeps with all of its bytes in its hands, until its row is long gone, and then commits them. */
class LateUploadTest {

    private final StoreFixture world = new StoreFixture();
    private Runnable whenItWakes = () -> {};
    private final FileStore sleeping =
            world.builder().storage(storageThatSleeps()).build();

    private StorageBackend storageThatSleeps() {
        return new ForwardingStorage(new RecordingStorage(world.storage, world.calls)) {
            @Override
            public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                    throws IOException {
                byte[] bytes = source.readAllBytes();
                for (int i = 0; i < 2; i++) {
                    world.clock.advance(Duration.ofHours(2));
                    world.store.sweep();
                }
                world.assertNothingLeft();
                whenItWakes.run();
                return super.put(key, headers, new ByteArrayInputStream(bytes), bytes.length);
            }
        };
    }

    private void uploadTooLate() {
        assertThatThrownBy(() -> sleeping.upload(pdf("123")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("given up");
    }

    @Test
    void upload_rowIsGone_removesItsBytes() {
        uploadTooLate();

        assertThat(world.objects()).isEmpty();
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void upload_rowIsGoneAndItsBytesCannotBeRemoved_leavesThemToTheSweeper() {
        whenItWakes = () -> world.calls.fail("purge", SpiCalls.Fault.BEFORE);

        uploadTooLate();

        assertThat(world.objects()).hasSize(1);
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }
}
