package dev.filestore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.CheckReport;
import dev.filestore.CheckReport.Finding;
import dev.filestore.CheckReport.Status;
import dev.filestore.FileStore;
import dev.filestore.SettableClock;
import dev.filestore.memory.MemoryMetadata;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a check tells of a disk. A disk that is read-only, full or in two is in {@link FullDiskScenarios}. */
class DiskCheckTest {

    @TempDir
    Path folder;

    static CheckReport check(LocalStorage storage) {
        return FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .clock(new SettableClock(Instant.parse("2026-02-26T14:30:22Z")))
                .build()
                .check();
    }

    static Finding finding(CheckReport report, String name) {
        return report.findings().stream()
                .filter(finding -> finding.check().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private DiskCheck disk(boolean escapes) {
        return new DiskCheck(folder.resolve("objects"), folder.resolve("unfinished"), escapes);
    }

    @Test
    void check_usualDisk_isWell() throws IOException {
        CheckReport report = check(new LocalStorage(folder));

        assertThat(report.findings())
                .filteredOn(finding -> !finding.check().equals("disk: space"))
                .hasSize(17)
                .allMatch(finding -> finding.status() == Status.OK);
        assertThat(finding(report, "disk: space").found()).contains("MiB are free for " + folder.toRealPath());
        assertThat(folder.resolve("unfinished")).isEmptyDirectory();
    }

    @Test
    void check_folderIsGone_failsAndTriesNothingElse() throws IOException {
        LocalStorage storage = new LocalStorage(folder);
        Files.delete(folder.resolve("unfinished"));
        Files.createFile(folder.resolve("unfinished"));

        CheckReport report = check(storage);

        assertThat(report.of(Status.FAILED)).hasSize(1);
        Finding found = finding(report, "disk: folders");
        assertThat(found.found()).isEqualTo(folder.toRealPath().resolve("unfinished") + " is no folder any more");
        assertThat(found.cure().orElseThrow()).contains("mkdir -p " + folder.toRealPath());
        assertThat(finding(report, "storage: put").status()).isEqualTo(Status.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "0, FAILED, 0 MiB",
        "67108863, FAILED, 63 MiB",
        "67108864, WARNING, 64 MiB",
        "1073741823, WARNING, '1,023 MiB'",
        "1073741824, OK, '1,024 MiB'"
    })
    void space_littleIsLeft_isTold(long bytes, Status status, String found) {
        Finding finding = disk(false).space(bytes);

        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.found()).startsWith(found + " are free");
        assertThat(finding.cure().isPresent()).isEqualTo(status != Status.OK);
    }

    @ParameterizedTest
    @CsvSource({"false, false, OK", "true, false, OK", "true, true, OK", "false, true, WARNING"})
    void letterCase_twoKeysCouldBeOneFile_isTold(boolean escapes, boolean folding, Status status) {
        Finding finding = disk(escapes).letterCase(folding);

        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.cure().isPresent()).isEqualTo(status != Status.OK);
    }

    @Test
    void check_storageOfAFoldingDisk_saysThatItEscapes() {
        CheckReport report = check(new LocalStorage(folder, Folders.Sync.DISK, true, true));

        assertThat(finding(report, "disk: letter case").found()).contains("escaped");
        assertThat(report.isOk()).isTrue();
    }

    @Test
    void cure_ofWhatADiskSays_isACommand() {
        DiskCheck disk = disk(false);

        assertThat(disk.cure(new IOException(new AccessDeniedException("x"))).orElseThrow())
                .contains("chown -R " + System.getProperty("user.name") + " " + folder);
        assertThat(disk.cure(new IOException(new FileSystemException("x", null, "No space left on device")))
                        .orElseThrow())
                .contains("No space left on device", "df -h");
        assertThat(disk.cure(new IOException("other"))).isEmpty();
    }
}
