package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UserFilesTest {

    private final StoreFixture world = new StoreFixture();

    private record Verb(String name, BiConsumer<UserFiles, Long> run) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> verbs() {
        return Stream.of(
                        new Verb("find", UserFiles::find),
                        new Verb("open", (files, id) -> closed(files.open(id))),
                        new Verb("presign", (files, id) -> files.presign(id, Duration.ofHours(1))),
                        new Verb("delete", UserFiles::delete))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void verb_ownFile_works(Verb verb) {
        long id = world.uploaded("123").id();

        verb.run.accept(world.store.as(Caller.user("123")), id);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void verb_foreignFileByAdmin_works(Verb verb) {
        long id = world.uploaded("123").id();

        verb.run.accept(world.store.as(Caller.admin("root")), id);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void verb_foreignFile_isNotAuthorizedAndChangesNothing(Verb verb) {
        StoredFile file = world.uploaded("123");

        assertThatThrownBy(() -> verb.run.accept(world.store.as(Caller.user("124")), file.id()))
                .isInstanceOf(NotAuthorizedException.class);
        assertThat(world.calls.made()).containsExactly("find");
        assertThat(world.store.find(file.id())).contains(file);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void verb_idsThatDifferInCaseOnly_areTwoUsers(Verb verb) {
        long id = world.uploaded("Bob").id();

        assertThatThrownBy(() -> verb.run.accept(world.store.as(Caller.user("bob")), id))
                .isInstanceOf(NotAuthorizedException.class);
    }

    @Test
    void delete_foreignFileBrokenOff_isMissing() {
        long id = world.uploaded("123").id();
        world.calls.fail("delete", SpiCalls.Fault.BEFORE);
        assertThatThrownBy(() -> world.store.as(Caller.user("123")).delete(id)).isInstanceOf(StorageException.class);
        world.calls.heal();

        assertThatThrownBy(() -> world.store.as(Caller.user("124")).delete(id))
                .isInstanceOf(FileMissingException.class);
        world.store.as(Caller.user("123")).delete(id);
    }

    @Test
    void find_noSuchFile_isEmpty() {
        assertThat(world.store.as(Caller.user("123")).find(4711)).isEmpty();
    }

    @Test
    void upload_belongsToTheCaller() {
        StoredFile file = world.store
                .as(Caller.user("123"))
                .upload(UploadRequest.of("a.pdf", new ByteArrayInputStream(StoreFixture.PDF)));

        assertThat(file.owner()).isEqualTo("123");
    }

    @Test
    void upload_forSomebodyElse_isNotAuthorized() {
        assertThatThrownBy(() -> world.store.as(Caller.admin("root")).upload(pdf("123")))
                .isInstanceOf(NotAuthorizedException.class);
        assertThat(world.calls.made()).isEmpty();
    }

    @Test
    void list_namesAnotherOwner_givesTheCallersOwn() {
        world.uploaded("123");
        StoredFile mine = world.uploaded("124");

        assertThat(world.store.as(Caller.user("124")).list(FileQuery.of("123")).files())
                .containsExactly(mine);
        assertThat(world.store.as(Caller.admin("root")).list(FileQuery.all()).files())
                .isEmpty();
    }

    private static void closed(FileContent content) {
        try {
            content.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
