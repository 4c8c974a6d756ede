package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.ByteRange;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.StorageException;
import dev.filestore.UploadRequest;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserDataTest {

    @TempDir
    private Path folder;

    private final MemoryStorage storage = new MemoryStorage();
    private final FileStore store =
            FileStore.builder().storage(storage).metadata(new MemoryMetadata()).build();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @AfterEach
    void close() {
        store.close();
    }

    private void upload(String owner, int files) {
        byte[] pdf = "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < files; i++) {
            store.upload(
                    UploadRequest.of("a.pdf", new ByteArrayInputStream(pdf)).withOwner(owner));
        }
    }

    private static UserData parse(String... args) throws Exception {
        return Objects.requireNonNull(UserData.parse(args));
    }

    private boolean run(UserData command) throws IOException {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return command.run(store, out, new Ticker(out, false, System::nanoTime));
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private long filesOf(String owner) {
        return store.list(FileQuery.of(owner)).total();
    }

    @Test
    void erase_user_erasesAllOfTheirFilesAndSaysWhatIsLeft() throws Exception {
        upload("kim", 3);
        upload("lee", 1);

        assertThat(run(parse("erase", "kim"))).isTrue();

        assertThat(filesOf("kim")).isZero();
        assertThat(filesOf("lee")).isOne();
        assertThat(printed()).contains("3 erased, 0 failed", "3 rows with the user's id and file names are left");
    }

    @Test
    void erase_stopped_saysThatNotAllIsErasedAndGoesOn() throws Exception {
        upload("kim", 150);
        UserData command = parse("erase", "kim");
        command.stop();

        assertThat(run(command)).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(command.isStopped()).isTrue();
        assertThat(filesOf("kim")).isEqualTo(50);
        assertThat(printed()).contains("run the same command again");

        assertThat(run(parse("erase", "kim"))).isTrue();
        assertThat(filesOf("kim")).isZero();
    }

    @Test
    void export_user_writesAWholeArchiveUnderItsName() throws Exception {
        upload("kim", 3);
        Path archive = folder.resolve("kim.zip");

        assertThat(run(parse("export", "kim", archive.toString()))).isTrue();

        try (ZipFile zip = new ZipFile(archive.toFile())) {
            assertThat(zip.size()).isEqualTo(4);
            assertThat(zip.getEntry("manifest.json")).isNotNull();
        }
        assertThat(printed()).contains("3 files, ");
        assertThat(filesIn(folder)).containsExactly(archive);
        assertThatThrownBy(() -> parse("export", "kim", archive.toString()))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessageContaining("already");
    }

    @Test
    void export_fails_leavesNoArchive() throws Exception {
        upload("kim", 1);
        String key = storage.list("", "", 1).get(0).key();
        assertThat(storage.open(key, ByteRange.ALL, null)).isPresent();
        storage.delete(key);
        UserData command = parse("export", "kim", folder.resolve("kim.zip").toString());

        assertThatThrownBy(() -> run(command)).isInstanceOf(StorageException.class);

        assertThat(filesIn(folder)).isEmpty();
    }

    @Test
    void export_stopped_leavesNoArchive() throws Exception {
        upload("kim", 1);
        UserData command = parse("export", "kim", folder.resolve("kim.zip").toString());
        command.stop();

        assertThat(run(command)).isFalse();

        assertThat(filesIn(folder)).isEmpty();
        assertThat(printed()).contains("nothing is exported");
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "erase, 'erase needs the user, and nothing else'",
        "erase kim lee, 'erase needs the user, and nothing else'",
        "export kim, 'export needs the user and the archive, and nothing else'",
    })
    void parse_wrongUsage_saysWhat(String line, String message) {
        assertThatThrownBy(() -> UserData.parse(line.split(" ")))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"sweep", "audit", "--owner"})
    void parse_anotherCommand_isNotOurs(String command) throws Exception {
        assertThat(UserData.parse(command)).isNull();
        assertThat(UserData.parse()).isNull();
    }
}
