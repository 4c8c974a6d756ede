package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How many files one user may have: {@link FileStore.Builder#maxFilesPerOwner}, requirement 5.2.4 of OWASP ASVS 5.0.0. */
class FilesPerOwnerTest {

    private final StoreFixture world = new StoreFixture();
    private final FileStore store = world.builder().maxFilesPerOwner(2).build();

    @Test
    void upload_beyondTheLimit_isRefusedAndLeavesNothing() {
        store.upload(pdf("123"));
        store.upload(pdf("123"));
        world.calls.clear();

        assertThatThrownBy(() -> store.upload(pdf("123")))
                .isInstanceOfSatisfying(
                        FileRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(FileRefusedException.Reason.TOO_MANY_FILES))
                .hasMessage("The user has the 2 files that are allowed; delete one first");
        assertThat(world.calls.made()).containsExactly("count");
        assertThat(world.objects()).hasSize(2);
    }

    @Test
    void upload_byAdmin_isCountedForItsOwner() {
        store.upload(pdf("root"));
        store.upload(pdf("root"));
        UploadRequest third = pdf("root");

        assertThatThrownBy(() -> store.as(Caller.admin("root")).upload(third)).isInstanceOf(FileRefusedException.class);
    }

    @Test
    void upload_ofAnotherUser_isCountedForItself() {
        store.upload(pdf("123"));
        store.upload(pdf("123"));

        assertThat(store.upload(pdf("124")).owner()).isEqualTo("124");
    }

    @Test
    void upload_afterADeleteOrAnExpiry_hasRoomAgain() {
        long first = store.upload(pdf("123")).id();
        store.upload(pdf("123").withTtl(Duration.ofHours(1)));

        store.delete(first);
        store.upload(pdf("123"));
        world.clock.advance(Duration.ofHours(1));
        store.upload(pdf("123"));

        assertThat(store.list(FileQuery.of("123")).total()).isEqualTo(2);
    }

    @Test
    void upload_withoutALimit_isNotCounted() {
        world.store.upload(pdf("123"));

        assertThat(world.calls.made()).doesNotContain("count");
    }

    @Test
    void limit_below1_isRefused() {
        FileStore.Builder builder = world.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxFilesPerOwner(0))
                .withMessageContaining("found a limit of 0");
    }
}
