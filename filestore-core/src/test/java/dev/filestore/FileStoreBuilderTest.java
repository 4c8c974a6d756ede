package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStoreBuilderTest {

    private final FileStore.Builder builder = FileStore.builder();

    @Test
    void build_withoutStorageOrMetadata_isMisuse() {
        String message = "a store needs a storage and a metadata repository";
        assertThatIllegalStateException().isThrownBy(builder::build).withMessage(message);
        builder.storage(new MemoryStorage());
        assertThatIllegalStateException().isThrownBy(builder::build).withMessage(message);
        builder.metadata(new MemoryMetadata());
        try (FileStore store = builder.build()) {
            assertThat(store.find(1)).isEmpty();
        }
    }

    @Test
    void set_nothing_isMisuse() {
        assertThatNullPointerException().isThrownBy(() -> builder.storage(null)).withMessage("storage");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.metadata(null))
                .withMessage("metadata");
        assertThatNullPointerException().isThrownBy(() -> builder.policy(null)).withMessage("policy");
        assertThatNullPointerException().isThrownBy(() -> builder.keys(null)).withMessage("keys");
        assertThatNullPointerException().isThrownBy(() -> builder.urls(null)).withMessage("urls");
        assertThatNullPointerException().isThrownBy(() -> builder.cdn(null)).withMessage("cdn");
        assertThatNullPointerException().isThrownBy(() -> builder.clock(null)).withMessage("clock");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31})
    void secret_tooShort_isMisuseAndTheSecretIsNotShown(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.secret(new byte[length]))
                .withMessage("a secret has at least 32 bytes, found " + length);
    }

    @Test
    void secret_changedAfterwards_isTheOneThatWasSet() {
        byte[] secret = new byte[32];
        StoreFixture first = new StoreFixture();
        FileStore.Builder other = first.builder().secret(secret);
        secret[0] = 1;
        StoredFile file = first.uploaded("bob");
        URI ours = first.store.presign(file.id(), Duration.ofHours(1)).url();
        assertThat(other.build().presign(file.id(), Duration.ofHours(1)).url()).isEqualTo(ours);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/files",
                "app.example/api",
                "",
                "https://a.example/?x=1",
                "https://a.example/#x",
                "mailto:a@b.example"
            })
    void signedUrls_baseThatNothingCanFollow_isMisuse(String base) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.signedUrls(URI.create(base)))
                .withMessageStartingWith("the base of signed addresses is absolute");
    }

    @Test
    void presign_storeThatCannotSign_saysWhatToSet() {
        StoreFixture fixture = new StoreFixture();
        StoredFile file = fixture.uploaded("bob");
        FileStore store = FileStore.builder()
                .storage(fixture.storage)
                .metadata(fixture.metadata)
                .clock(fixture.clock)
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> store.presign(file.id(), Duration.ofHours(1)))
                .withMessageContaining("FileStore.Builder.signedUrls");
        assertThatIllegalArgumentException().isThrownBy(() -> store.presign(file.id(), Duration.ZERO));
        assertThat(store.canPresign()).isFalse();
        assertThat(fixture.store.canPresign()).isTrue();
    }
}
