package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyTest {

    private static final byte[] LARGE = Arrays.copyOf(StoreFixture.PDF, 300_000);

    private final MemoryStorage storage = new MemoryStorage();
    private Runnable beforeOpen = () -> {};
    private UnaryOperator<InputStream> change = stored -> stored;
    private final AtomicBoolean closed = new AtomicBoolean();

    private final FileStore store = FileStore.builder()
            .storage(new ForwardingStorage(storage) {
                @Override
                public Optional<InputStream> open(String key, ByteRange range, @Nullable String tag) {
                    beforeOpen.run();
                    return super.open(key, range, tag).map(stored -> closing(change.apply(stored)));
                }
            })
            .metadata(new MemoryMetadata())
            .build();

    private final StoredFile file = store.upload(
            UploadRequest.of("a.pdf", new ByteArrayInputStream(LARGE)).withOwner("123"));

    private InputStream closing(InputStream stored) {
        return new SequenceInputStream(stored, InputStream.nullInputStream()) {
            @Override
            public void close() throws IOException {
                closed.set(true);
                super.close();
            }
        };
    }

    @Test
    void verify_bytesAsTheyCame_isIntact() {
        assertThat(store.verify(file.id())).isEqualTo(Verification.INTACT);
        assertThat(closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 65_536, 299_999})
    void verify_oneOtherByte_isDifferent(int position) {
        byte[] bytes = LARGE.clone();
        bytes[position] ^= 1;
        change = stored -> new ByteArrayInputStream(bytes);

        assertThat(store.verify(file.id())).isEqualTo(Verification.DIFFERENT);
        assertThat(closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 299_999, 300_001, 400_000})
    void verify_moreOrFewerBytes_isDifferent(int length) {
        change = stored -> new ByteArrayInputStream(Arrays.copyOf(LARGE, length));

        assertThat(store.verify(file.id())).isEqualTo(Verification.DIFFERENT);
        assertThat(closed).isTrue();
    }

    @Test
    void verify_objectIsGone_isMissing() {
        storage.delete(file.key());

        assertThat(store.verify(file.id())).isEqualTo(Verification.MISSING);
    }

    @Test
    void verify_anotherObjectUnderTheKey_isDifferent() throws IOException {
        storage.delete(file.key());
        storage.put(file.key(), new ObjectHeaders("a/b", "attachment"), new ByteArrayInputStream(LARGE), -1);

        assertThat(store.verify(file.id())).isEqualTo(Verification.DIFFERENT);
    }

    @Test
    void verify_noSuchFile_isMissingFile() {
        store.delete(file.id());

        assertThatThrownBy(() -> store.verify(file.id())).isInstanceOf(FileMissingException.class);
        assertThatThrownBy(() -> store.verify(4711)).isInstanceOf(FileMissingException.class);
    }

    @Test
    void verify_fileDeletedBeforeItsObjectIsOpened_isMissingFile() {
        beforeOpen = () -> store.delete(file.id());

        assertThatThrownBy(() -> store.verify(file.id())).isInstanceOf(FileMissingException.class);
    }

    @Test
    void verify_fileDeletedWhileItsBytesBreakOff_isMissingFile() {
        change = stored -> {
            store.delete(file.id());
            return new ByteArrayInputStream(new byte[1]);
        };

        assertThatThrownBy(() -> store.verify(file.id())).isInstanceOf(FileMissingException.class);
    }

    @Test
    void verify_bytesBreakOff_saysNothingOfThem() {
        ProbeSource broken = ProbeSource.failingAt(LARGE, 70_000);
        change = stored -> broken;

        assertThatThrownBy(() -> store.verify(file.id()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(file.key())
                .hasCause(broken.failure());
        assertThat(closed).isTrue();
    }

    @Test
    void verify_threadIsInterrupted_stops() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> store.verify(file.id())).isInstanceOf(StorageException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).isTrue();
    }
}
