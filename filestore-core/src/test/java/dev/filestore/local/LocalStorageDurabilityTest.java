package dev.filestore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.ByteRange;
import dev.filestore.ObjectHeaders;
import dev.filestore.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged outlives a loss of power, and what a loss of power brings back is removed. */
class LocalStorageDurabilityTest {

    private static final ObjectHeaders HEADERS = new ObjectHeaders("text/plain", "attachment");

    @TempDir
    Path root;

    private final List<String> synced = new ArrayList<>();
    private boolean disksFail;
    private boolean foldersFail;

    private LocalStorage open() {
        return new LocalStorage(root, this::sync, true);
    }

    private void sync(FileChannel channel, Path path) throws IOException {
        if (disksFail || (foldersFail && Files.isDirectory(path))) {
            throw new IOException("the disk failed, as the test told it");
        }
        String name = root.toRealPath().relativize(path).toString();
        synced.add(name.startsWith("unfinished/") ? "bytes" : name);
        channel.force(true);
    }

    @Test
    void open_newRoot_syncsTheFolderOfEachNewFolder() throws IOException {
        Path below = root.resolve("new/root");
        new LocalStorage(below, this::sync, true).close();
        assertThat(synced).containsExactly("", "new", "new/root", "new/root");
    }

    @Test
    void put_newFolders_syncsTheFolderOfEachAndOfTheObject() throws IOException {
        LocalStorage storage = open();
        synced.clear();
        put(storage, "a/b/file");
        assertThat(synced).containsExactly("bytes", "objects", "objects/a", "objects/a/b");
    }

    @Test
    void put_knownFolder_syncsThatOfTheObjectOnly() throws IOException {
        LocalStorage storage = open();
        put(storage, "a/b/one");
        synced.clear();
        put(storage, "a/b/two");
        assertThat(synced).containsExactly("bytes", "objects/a/b");
    }

    @Test
    void put_folderMadeByAnotherProcess_syncsItAgain() throws IOException {
        put(open(), "a/b/one");
        LocalStorage other = open();
        synced.clear();
        put(other, "a/b/two");
        assertThat(synced).containsExactly("bytes", "objects", "objects/a", "objects/a/b");
    }

    @Test
    void put_syncOfTheFolder_comesWhenTheObjectIsInPlaceAndNothingElseIs() throws IOException {
        List<Boolean> inPlace = new ArrayList<>();
        LocalStorage storage = new LocalStorage(
                root,
                (channel, folder) -> {
                    if (folder.endsWith("a")) {
                        inPlace.add(Files.exists(folder.resolve("file"))
                                && unfinished().isEmpty());
                    }
                },
                true);
        put(storage, "a/file");
        assertThat(inPlace).containsExactly(true);
    }

    @Test
    void put_syncOfTheFolderFails_failsAndPurgeCleansUp() throws IOException {
        LocalStorage storage = open();
        put(storage, "a/one");
        foldersFail = true;
        assertThatThrownBy(() -> put(storage, "a/two"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("put a/two")
                .hasRootCauseMessage("the disk failed, as the test told it");
        assertThatThrownBy(() -> put(storage, "b/three")).isInstanceOf(StorageException.class);
        assertThat(unfinished()).isEmpty();
        foldersFail = false;
        storage.purge("a/two");
        assertThat(storage.stat("a/two")).isEmpty();
        assertThat(storage.stat("b/three")).isEmpty();
        synced.clear();
        put(storage, "b/three");
        assertThat(synced).as("what failed is done again").containsExactly("bytes", "objects", "objects/b");
    }

    @Test
    void delete_syncFails_failsAndIsDoneByARepeat() throws IOException {
        LocalStorage storage = open();
        put(storage, "a/file");
        foldersFail = true;
        assertThatThrownBy(() -> storage.delete("a/file"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("delete a/file");
        foldersFail = false;
        synced.clear();
        storage.delete("a/file");
        assertThat(synced).containsExactly("objects/a");
        assertThat(storage.stat("a/file")).isEmpty();
    }

    @Test
    void delete_temporaryNameCameBack_removesIt() throws IOException {
        LocalStorage storage = open();
        put(storage, "a/file");
        Unfinished files = new Unfinished(root.resolve("unfinished"), new Folders(root, Folders.Sync.DISK), true);
        Files.createLink(files.newFile("a/file"), root.resolve("objects/a/file"));
        Files.createLink(files.newFile("a/file2"), root.resolve("objects/a/file"));
        storage.delete("a/file");
        assertThat(unfinished()).hasSize(1);
        storage.purge("a/file2");
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void put_crashBetweenReservationAndMove_isRefusedUntilPurged() throws IOException {
        LocalStorage storage = new LocalStorage(root, this::sync, false);
        Unfinished files = new Unfinished(root.resolve("unfinished"), new Folders(root, Folders.Sync.DISK), false);
        assertThatThrownBy(() -> files.publish("a", root.resolve("unfinished/no such file"), root.resolve("objects/a")))
                .isInstanceOf(IOException.class);
        assertThat(unfinished()).as("a failure takes its reservation back").isEmpty();
        String start = files.newFile("a").getFileName().toString().substring(0, 65);
        Files.createFile(root.resolve("unfinished").resolve(start + "publishing"));
        assertThatThrownBy(() -> put(storage, "a")).isInstanceOf(StorageException.class);
        assertThat(storage.stat("a")).isEmpty();
        storage.purge("a");
        assertThat(unfinished()).isEmpty();
        put(storage, "a");
        assertThat(storage.stat("a")).isPresent();
    }

    @Test
    void put_keyTakenByAnotherProcess_fails() throws IOException {
        LocalStorage one = open();
        LocalStorage other = open();
        put(one, "a/file");
        assertThatThrownBy(() -> put(other, "a/file")).isInstanceOf(StorageException.class);
        try (InputStream in = other.open("a/file", ByteRange.ALL, null).orElseThrow()) {
            assertThat(in.readAllBytes()).containsExactly(1);
        }
    }

    @Test
    void put_bytesAreNotOnTheDisk_failsAndLeavesNothing() throws IOException {
        LocalStorage storage = open();
        disksFail = true;
        assertThatThrownBy(() -> put(storage, "file")).isInstanceOf(StorageException.class);
        assertThat(unfinished()).isEmpty();
        assertThat(storage.stat("file")).isEmpty();
    }

    @Test
    void put_interruptedThread_failsAndLeavesNothing() throws IOException {
        LocalStorage storage = open();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> put(storage, "file")).isInstanceOf(StorageException.class);
        } finally {
            assertThat(Thread.interrupted()).as("the flag is still set").isTrue();
        }
        assertThat(unfinished()).isEmpty();
        assertThat(storage.stat("file")).isEmpty();
    }

    @Test
    void put_folderOfTemporaryFilesIsGone_failsAndLeavesNothing() throws IOException {
        LocalStorage storage = open();
        Files.delete(root.resolve("unfinished"));
        assertThatThrownBy(() -> put(storage, "a/file"))
                .isInstanceOf(StorageException.class)
                .hasMessage("put a/file");
        assertThat(root.resolve("objects")).isEmptyDirectory();
    }

    @Test
    void put_folderWasRemovedByHand_isMadeAgain() throws IOException {
        LocalStorage storage = open();
        put(storage, "a/file");
        storage.delete("a/file");
        Files.delete(root.resolve("objects/a"));
        put(storage, "a/file");
        assertThat(storage.stat("a/file")).isPresent();
    }

    private static void put(LocalStorage storage, String key) throws IOException {
        storage.put(key, HEADERS, new ByteArrayInputStream(new byte[] {1}), 1);
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("unfinished"))) {
            return files.toList();
        }
    }
}
