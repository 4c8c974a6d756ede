package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An upload that sleeps between the making of its key and its row: by then the key may be one that was deleted. */
class UploadKeyTest {

    private final StoreFixture world = new StoreFixture();

    private FileStore storeThatTakes(Duration time, int times) {
        return world.builder()
                .metadata(new ForwardingMetadata(world.metadata) {
                    private int slow = times;

                    @Override
                    public Optional<FileRow> insert(FileRow row) {
                        if (slow-- > 0) {
                            world.clock.advance(time);
                        }
                        return super.insert(row);
                    }
                })
                .build();
    }

    @Test
    void upload_rowMinutesAfterItsKey_takesTheKeyOfThePresent() {
        FileStore store = storeThatTakes(Duration.ofMinutes(6), 1);

        StoredFile file = store.upload(pdf("123"));

        assertThat(file.key()).isEqualTo("uploads/123/20260226_143622_document.pdf");
        assertThat(file.uploadedAt()).isEqualTo(world.clock.instant());
        assertThat(world.rows()).singleElement().extracting(FileRow::id).isEqualTo(file.id());
        assertThat(world.objects()).containsExactly(file.key());
    }

    @Test
    void upload_keyOfFileThatSomebodyStillDeletes_doesNotLoseItsBytes() {
        StoredFile old = world.uploaded("123");
        FileStore store = world.builder()
                .metadata(new ForwardingMetadata(world.metadata) {
                    @Override
                    public Optional<FileRow> insert(FileRow row) {
                        if (world.metadata.find(old.id()).isPresent()) {
                            world.clock.advance(Duration.ofMinutes(6));
                            world.store.delete(old.id());
                        }
                        return super.insert(row);
                    }
                })
                .build();

        StoredFile file = store.upload(pdf("123"));
        // What another node, which slept since it had marked the old file, does when it wakes up.
        world.storage.delete(old.key());

        assertThat(world.read(file.id())).isEqualTo(StoreFixture.PDF);
    }

    @Test
    void upload_erasedBeforeItHasAFreshKey_doesNotComeBack() {
        FileStore store = world.builder()
                .metadata(new ForwardingMetadata(world.metadata) {
                    @Override
                    public Optional<FileRow> insert(FileRow row) {
                        Optional<FileRow> inserted = super.insert(row);
                        world.clock.advance(Duration.ofMinutes(2));
                        world.store.eraseOwner("123");
                        return inserted;
                    }
                })
                .build();

        assertThatThrownBy(() -> store.upload(pdf("123")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("or its owner's files were erased");
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void upload_secondsBetweenKeyAndRow_keepsTheKey() {
        FileStore store = storeThatTakes(Duration.ofSeconds(59), 1);

        assertThat(store.upload(pdf("123")).key()).isEqualTo("uploads/123/20260226_143022_document.pdf");
    }

    @Test
    void upload_everyRowMinutesAfterItsKey_failsAndLeavesNothing() {
        FileStore store = storeThatTakes(Duration.ofMinutes(1), 100);

        assertThatThrownBy(() -> store.upload(pdf("123")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no key in 5 attempts: 0 were taken, see KeyLayout.key; for each of the others the database"
                        + " took 60 seconds or more");
        world.assertNothingLeft();
    }
}
