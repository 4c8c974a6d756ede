package dev.filestore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.ByteRange;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageException;
import dev.filestore.UnfinishedPut;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing outside the root is read, written or removed, whatever the key and whatever lies in the root. */
class LocalStorageConfinementTest {

    private static final ObjectHeaders HEADERS = new ObjectHeaders("text/plain", "attachment");

    @TempDir
    Path folder;

    private Path root;
    private Path outside;
    private LocalStorage storage;

    @BeforeEach
    void makeOutside() throws IOException {
        root = folder.resolve("root");
        outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        storage = new LocalStorage(root);
    }

    static final List<String> LEADING_AWAY = KeyPathsTest.LEADING_AWAY;

    @ParameterizedTest
    @FieldSource("LEADING_AWAY")
    void anyAct_keyLeadingAway_isRefusedAndChangesNothing(String key) throws IOException {
        List<Path> before = everything();
        assertRefused(key);
        assertThat(everything()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linked/secret", "linked/new", "linked/new/file", "linked"})
    void anyAct_overALinkToAFolder_isRefusedAndChangesNothing(String key) throws IOException {
        Files.createSymbolicLink(root.resolve("objects/linked"), outside);
        List<Path> before = everything();
        assertRefused(key);
        assertThat(everything()).isEqualTo(before);
        assertThat(outside.resolve("secret")).hasContent("secret");
    }

    @Test
    void anyAct_onALinkToAFile_isRefusedAndChangesNothing() throws IOException {
        Files.createSymbolicLink(root.resolve("objects/linked"), outside.resolve("secret"));
        Files.createSymbolicLink(root.resolve("objects/dangling"), outside.resolve("none"));
        List<Path> before = everything();
        assertRefused("linked");
        assertRefused("dangling");
        assertThat(everything()).isEqualTo(before);
        assertThat(outside.resolve("secret")).hasContent("secret");
    }

    @Test
    void put_folderBecameALink_isRefused() throws IOException {
        put("a/b/one");
        Files.move(root.resolve("objects/a"), outside.resolve("a"));
        Files.createSymbolicLink(root.resolve("objects/a"), outside.resolve("a"));
        assertRefused("a/b/two");
        assertRefused("a/b/new/two");
        assertThat(outside.resolve("a/b"))
                .isDirectoryNotContaining("glob:**two")
                .isDirectoryNotContaining("glob:**new");
    }

    @Test
    void list_linksAndEmptyFolders_areNotListed() throws IOException {
        Files.createSymbolicLink(root.resolve("objects/a"), outside);
        Files.createSymbolicLink(root.resolve("objects/b"), outside.resolve("secret"));
        Files.createDirectories(root.resolve("objects/c/d"));
        put("e/f");
        assertThat(storage.list("", "", 10)).extracting(ObjectInfo::key).containsExactly("e/f");
        assertThatThrownBy(() -> storage.list("a/", "", 10)).isInstanceOf(StorageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../", "../outside/", "/", "a/../../outside/", "../outside/sec"})
    void list_prefixLeadingAway_isRefused(String prefix) {
        assertThatThrownBy(() -> storage.list(prefix, "", 10)).isInstanceOf(StorageException.class);
    }

    @Test
    void list_unfinishedFiles_areNotListed() throws IOException {
        Files.writeString(root.resolve("unfinished/left"), "x");
        assertThat(storage.list("", "", 10)).isEmpty();
    }

    @Test
    void listUnfinished_linksAndFolders_areNotListed() throws IOException {
        Files.createSymbolicLink(root.resolve("unfinished/link"), outside.resolve("secret"));
        Files.createDirectories(root.resolve("unfinished/folder"));
        Files.writeString(root.resolve("unfinished/left"), "x");
        assertThat(storage.listUnfinished("", "", 10))
                .extracting(UnfinishedPut::id)
                .containsExactly("left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../outside/secret", "../objects/a", "..", ".", "", "x/../../objects/a", "/"})
    void abort_idLeadingAway_isRefusedAndChangesNothing(String id) throws IOException {
        put("a");
        List<Path> before = everything();
        assertThatThrownBy(() -> storage.abort(new UnfinishedPut(id, null, Instant.EPOCH)))
                .isInstanceOf(StorageException.class);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void put_keyNamedLikeTheFolders_isAnObject() throws IOException {
        put("unfinished/x");
        put("objects/x");
        assertThat(storage.list("", "", 10)).extracting(ObjectInfo::key).containsExactly("objects/x", "unfinished/x");
        storage.purge("unfinished/x");
        assertThat(storage.list("", "", 10)).extracting(ObjectInfo::key).containsExactly("objects/x");
    }

    @Test
    void open_rootIsALink_isFollowed() throws IOException {
        put("a");
        Path link = Files.createSymbolicLink(folder.resolve("link"), root);
        try (LocalStorage linked = new LocalStorage(link)) {
            assertThat(linked.stat("a")).isPresent();
        }
    }

    @Test
    void put_anyFile_isItsOwnersAlone() throws IOException {
        put("a/b");
        try (Stream<Path> all = Files.walk(root)) {
            assertThat(all)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    private void put(String key) throws IOException {
        storage.put(key, HEADERS, new ByteArrayInputStream(new byte[] {1}), 1);
    }

    private void assertRefused(String key) {
        List<ThrowingCallable> acts = List.of(
                () -> put(key),
                () -> storage.open(key, ByteRange.ALL, null),
                () -> storage.stat(key),
                () -> storage.delete(key),
                () -> storage.purge(key));
        assertThat(acts).allSatisfy(act -> assertThatThrownBy(act).isInstanceOf(StorageException.class));
    }

    private List<Path> everything() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.sorted().toList();
        }
    }
}
