package dev.filestore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.ByteRange;
import dev.filestore.CheckReport;
import dev.filestore.FileQuery;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.SettableClock;
import dev.filestore.StorageException;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@link FullDiskTest} runs in a process that may mount file systems for itself. */
final class FullDiskScenarios {

    private static final ObjectHeaders HEADERS = new ObjectHeaders("application/pdf", "attachment");
    private static final int PAGES = 40;
    private static final byte[] LARGE = pdf(PAGES * SmallDisk.PAGE);
    private static final byte[] SMALL = pdf(100);

    private final boolean links;
    private int cases;

    private FullDiskScenarios(boolean links) {
        this.links = links;
    }

    interface Scenario {
        void run(FullDiskScenarios self) throws IOException;
    }

    static final Map<String, Scenario> ALL = new LinkedHashMap<>();

    static {
        ALL.put("put_fullAfterEveryPage_failsAndGivesTheSpaceBack", FullDiskScenarios::fullAfterEveryPage);
        ALL.put("put_noInodeForEveryStep_failsAndGivesTheInodesBack", FullDiskScenarios::noInodeForEveryStep);
        ALL.put("delete_fullDisk_makesRoom", FullDiskScenarios::deleteOnAFullDisk);
        ALL.put("purge_fullDisk_removesWhatACrashLeft", FullDiskScenarios::purgeOnAFullDisk);
        ALL.put("open_noInodeForEveryStep_failsOrWorks", FullDiskScenarios::openWithoutInodes);
        ALL.put("everyCall_readOnlyDisk_failsOrReads", FullDiskScenarios::readOnly);
        ALL.put("upload_fullDisk_leavesNoFileAndNoRow", FullDiskScenarios::uploadToAFullDisk);
        ALL.put("sweep_readOnlyDisk_finishesLater", FullDiskScenarios::sweepOfAReadOnlyDisk);
        ALL.put("check_readOnlyFullOrTwoDisks_saysSo", FullDiskScenarios::check);
    }

    /** Tells of each scenario, with links and without, how it went: a line with its name, and its trace if it failed. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        for (boolean links : new boolean[] {true, false}) {
            ALL.forEach((name, scenario) -> {
                FullDiskScenarios self = new FullDiskScenarios(links);
                try {
                    scenario.run(self);
                    out.println(FullDiskTest.PASSED + name(name, links) + " " + self.cases);
                } catch (Throwable e) {
                    out.println(FullDiskTest.FAILED + name(name, links));
                    e.printStackTrace(out);
                }
            });
        }
        out.println(FullDiskTest.END);
    }

    static String name(String name, boolean links) {
        return name + (links ? "" : "_withoutLinks");
    }

    private static byte[] pdf(int size) {
        byte[] bytes = new byte[size];
        byte[] head = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, bytes, 0, head.length);
        bytes[size - 1] = 1;
        return bytes;
    }

    private LocalStorage open(SmallDisk disk) {
        return new LocalStorage(disk.root(), Folders.Sync.DISK, links);
    }

    private static void put(LocalStorage storage, String key, byte[] content) throws IOException {
        storage.put(key, HEADERS, new ByteArrayInputStream(content), content.length);
    }

    private static byte[] read(LocalStorage storage, String key) throws IOException {
        try (InputStream in = storage.open(key, ByteRange.ALL, null).orElseThrow()) {
            return in.readAllBytes();
        }
    }

    /** Nothing of the key is there, to no reader and on no disk. */
    private static void assertNothing(LocalStorage storage, SmallDisk disk, String key) throws IOException {
        assertThat(storage.stat(key)).isEmpty();
        assertThat(storage.open(key, ByteRange.ALL, null)).isEmpty();
        assertThat(storage.list(key, "", 10)).isEmpty();
        assertThat(storage.listUnfinished("", "", 10)).isEmpty();
        assertThat(disk.root().resolve("unfinished")).isEmptyDirectory();
    }

    private void fullAfterEveryPage() throws IOException {
        try (SmallDisk disk = new SmallDisk();
                LocalStorage storage = open(disk)) {
            put(storage, "kept", SMALL);
            for (int free = 0; free < PAGES; free++) {
                String key = "large-" + free;
                disk.leavePages(free);
                assertThatThrownBy(() -> put(storage, key, LARGE))
                        .isInstanceOf(StorageException.class)
                        .hasMessage("put " + key)
                        .rootCause()
                        .hasMessageContaining("No space left on device");
                assertNothing(storage, disk, key);
                assertThat(disk.freePages()).as("pages that are free again").isEqualTo(free);
                if (free > 0) {
                    put(storage, key, SMALL);
                    assertThat(read(storage, key)).isEqualTo(SMALL);
                    storage.delete(key);
                    assertThat(disk.freePages()).isEqualTo(free);
                }
                assertThat(read(storage, "kept")).isEqualTo(SMALL);
                disk.empty();
                cases++;
            }
            disk.leavePages(PAGES);
            put(storage, "large", LARGE);
            assertThat(read(storage, "large")).isEqualTo(LARGE);
        }
    }

    /** A put takes an inode for its temporary file, for each new folder, and for the object's name or its reservation. */
    private void noInodeForEveryStep() throws IOException {
        int needed = 4;
        for (int free = 0; free <= needed; free++) {
            try (SmallDisk disk = new SmallDisk();
                    LocalStorage storage = open(disk)) {
                put(storage, "kept", SMALL);
                disk.leaveInodes(free);
                if (free == needed) {
                    put(storage, "a/b/file", SMALL);
                } else {
                    assertThatThrownBy(() -> put(storage, "a/b/file", SMALL))
                            .isInstanceOf(StorageException.class)
                            .rootCause()
                            .hasMessageContaining("No space left on device");
                    assertNothing(storage, disk, "a/b/file");
                    assertThat(disk.freeInodes() + folders(disk))
                            .as("all but the folders")
                            .isEqualTo(free);
                    disk.empty();
                    put(storage, "a/b/file", SMALL);
                }
                assertThat(read(storage, "a/b/file")).isEqualTo(SMALL);
                assertThat(read(storage, "kept")).isEqualTo(SMALL);
                cases++;
            }
        }
    }

    private static int folders(SmallDisk disk) throws IOException {
        int[] count = {-1};
        Files.walkFileTree(disk.root().resolve("objects"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                count[0]++;
                return FileVisitResult.CONTINUE;
            }
        });
        return count[0];
    }

    private void deleteOnAFullDisk() throws IOException {
        try (SmallDisk disk = new SmallDisk();
                LocalStorage storage = open(disk)) {
            put(storage, "a/large", LARGE);
            put(storage, "a/small", SMALL);
            disk.leavePages(0);
            disk.leaveInodes(0);
            assertThat(read(storage, "a/large")).isEqualTo(LARGE);
            assertThat(storage.list("", "", 10)).extracting(ObjectInfo::key).containsExactly("a/large", "a/small");
            storage.delete("a/large");
            storage.purge("a/small");
            storage.delete("a/absent");
            assertThat(storage.list("", "", 10)).isEmpty();
            assertThat(disk.freePages()).isEqualTo(PAGES + 1);
            cases++;
        }
    }

    private void purgeOnAFullDisk() throws IOException {
        try (SmallDisk disk = new SmallDisk();
                LocalStorage storage = open(disk)) {
            Path left = new Unfinished(
                            disk.root().resolve("unfinished"), new Folders(disk.root(), Folders.Sync.DISK), links)
                    .newFile("a/large");
            Files.write(left, LARGE);
            disk.leavePages(0);
            disk.leaveInodes(0);
            storage.purge("a/large");
            assertNothing(storage, disk, "a/large");
            assertThat(disk.freePages()).isEqualTo(PAGES);
            cases++;
        }
    }

    /** A disk that has no room to find out whether it knows links must not be taken for one that knows none. */
    private void openWithoutInodes() throws IOException {
        for (int free = 0; free <= 2; free++) {
            try (SmallDisk disk = new SmallDisk()) {
                open(disk).close();
                disk.leaveInodes(free);
                assertOpens(disk, !links || free == 2);
                assertThat(disk.freeInodes()).isEqualTo(free);
                cases++;
            }
        }
    }

    private void assertOpens(SmallDisk disk, boolean opens) {
        if (opens) {
            open(disk).close();
        } else {
            assertThatThrownBy(() -> open(disk))
                    .isInstanceOf(StorageException.class)
                    .hasMessageStartingWith("open the storage in ");
        }
    }

    private void readOnly() throws IOException {
        try (SmallDisk disk = new SmallDisk();
                LocalStorage storage = open(disk)) {
            put(storage, "a/kept", SMALL);
            disk.readOnly(true);
            assertThatThrownBy(() -> put(storage, "a/new", SMALL))
                    .isInstanceOf(StorageException.class)
                    .rootCause()
                    .hasMessageContaining("Read-only file system");
            assertThatThrownBy(() -> put(storage, "b/new", SMALL)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> storage.delete("a/kept")).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> storage.purge("a/kept")).isInstanceOf(StorageException.class);
            assertOpens(disk, !links);
            assertThat(read(storage, "a/kept")).isEqualTo(SMALL);
            assertThat(storage.stat("a/kept")).isPresent();
            assertThat(storage.list("", "", 10)).hasSize(1);
            disk.readOnly(false);
            assertNothing(storage, disk, "a/new");
            put(storage, "a/new", SMALL);
            storage.delete("a/kept");
            assertThat(storage.list("", "", 10)).extracting(ObjectInfo::key).containsExactly("a/new");
            cases++;
        }
    }

    /** A store whose bytes are on the disk. */
    private final class World {

        final SettableClock clock = new SettableClock(Instant.parse("2026-02-26T14:30:22Z"));
        final MemoryMetadata rows = new MemoryMetadata();
        final LocalStorage storage;
        final FileStore store;

        World(SmallDisk disk) {
            storage = open(disk);
            store = FileStore.builder()
                    .storage(storage)
                    .metadata(rows)
                    .clock(clock)
                    .build();
        }

        StoredFile upload(byte[] content) {
            return store.upload(
                    UploadRequest.of("a.pdf", new ByteArrayInputStream(content)).withOwner("123"));
        }

        void assertOneToOneInTheEnd(StoredFile... files) {
            for (int i = 0; i < 3; i++) {
                clock.advance(Duration.ofHours(7));
                assertThat(store.sweep().failed()).isZero();
            }
            assertThat(rows.listByKey("", "", 100))
                    .hasSize(files.length)
                    .allMatch(row -> row.state() == FileState.AVAILABLE);
            assertThat(storage.list("", "", 100))
                    .extracting(ObjectInfo::key)
                    .containsExactlyElementsOf(rows.listByKey("", "", 100).stream()
                            .map(FileRow::key)
                            .toList());
            for (StoredFile file : files) {
                assertThat(store.find(file.id())).contains(file);
            }
        }
    }

    private void uploadToAFullDisk() throws IOException {
        try (SmallDisk disk = new SmallDisk()) {
            World world = new World(disk);
            StoredFile kept = world.upload(SMALL);
            StoredFile large = world.upload(LARGE);
            for (int free = 0; free < PAGES; free += 13) {
                disk.leavePages(free);
                assertThatThrownBy(() -> world.upload(LARGE)).isInstanceOf(StorageException.class);
                assertThat(world.store.list(FileQuery.all()).files()).hasSize(2);
                disk.empty();
                cases++;
            }
            disk.leavePages(0);
            world.store.delete(large.id());
            StoredFile again = world.upload(LARGE);
            world.assertOneToOneInTheEnd(kept, again);
            world.store.close();
        }
    }

    private void sweepOfAReadOnlyDisk() throws IOException {
        try (SmallDisk disk = new SmallDisk()) {
            World world = new World(disk);
            StoredFile kept = world.upload(SMALL);
            StoredFile deleted = world.upload(SMALL);
            disk.readOnly(true);
            assertThatThrownBy(() -> world.upload(SMALL)).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> world.store.delete(deleted.id())).isInstanceOf(StorageException.class);
            assertThat(world.store.find(deleted.id())).isEmpty();
            world.clock.advance(Duration.ofHours(1));
            assertThat(world.store.sweep().failed())
                    .as("the delete; of the upload nothing is there")
                    .isEqualTo(1);
            assertThat(world.store.find(kept.id())).contains(kept);
            disk.readOnly(false);
            world.assertOneToOneInTheEnd(kept);
            world.store.close();
            cases++;
        }
    }

    private void check() throws IOException {
        try (SmallDisk disk = new SmallDisk();
                LocalStorage storage = open(disk)) {
            CheckReport small = DiskCheckTest.check(storage);
            assertThat(small.of(CheckReport.Status.FAILED))
                    .extracting(CheckReport.Finding::check)
                    .containsExactly("disk: space");
            disk.leaveInodes(0);
            assertThat(DiskCheckTest.finding(DiskCheckTest.check(storage), "storage: put")
                            .cure()
                            .orElseThrow())
                    .contains("No space left on device");
            disk.empty();
            disk.readOnly(true);
            CheckReport.Finding found = DiskCheckTest.finding(DiskCheckTest.check(storage), "disk: folders");
            assertThat(found.status()).isEqualTo(CheckReport.Status.FAILED);
            assertThat(found.found()).contains("is mounted read-only");
            assertThat(found.cure().orElseThrow()).contains("mount -o remount,rw");
            disk.readOnly(false);
            cases++;
        }
        Path root = Files.createTempDirectory("two-disks");
        try (LocalStorage storage = new LocalStorage(root, Folders.Sync.DISK, links)) {
            try (SmallDisk disk = new SmallDisk(root.resolve("unfinished"))) {
                assertThat(disk.freePages()).isPositive();
                CheckReport.Finding found =
                        DiskCheckTest.finding(DiskCheckTest.check(storage), "disk: one file system");
                assertThat(found.status()).isEqualTo(CheckReport.Status.FAILED);
                assertThat(found.cure().orElseThrow()).contains("Mount the folder above both");
            }
            cases++;
        }
    }
}
