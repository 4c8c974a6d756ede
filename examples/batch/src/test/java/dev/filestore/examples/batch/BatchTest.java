package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.AllowedTypes;
import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.MimePolicy;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.examples.batch.Outcome.Kind;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.Normalizer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTest {

    private static final String OWNER = "kim";

    @TempDir
    private Path folder;

    private final FileStore store = FileStore.builder()
            .storage(new MemoryStorage())
            .metadata(new MemoryMetadata())
            .build();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void run_treeOfFiles_storesEachOnce() throws Exception {
        pdf("a.pdf", "1");
        pdf("deep/er/a.pdf", "2");
        pdf("deep/b.pdf", "3");

        assertThat(run()).extracting(Outcome::kind).containsOnly(Kind.STORED).hasSize(3);
        assertThat(stored())
                .extracting(StoredFile::originalFilename)
                .containsExactlyInAnyOrder("a.pdf", "a.pdf", "b.pdf");
    }

    @Test
    void run_again_storesNothing() throws Exception {
        pdf("a.pdf", "1");
        pdf("b.pdf", "2");
        run();

        assertThat(run())
                .extracting(Outcome::kind)
                .containsOnly(Kind.THERE_ALREADY)
                .hasSize(2);
        assertThat(stored()).hasSize(2);
    }

    @Test
    void run_sameNameAndBytesInTwoFolders_keepsTwo() throws Exception {
        pdf("x/a.pdf", "same");
        run();
        pdf("y/a.pdf", "same");

        assertThat(run()).extracting(Outcome::kind).containsExactlyInAnyOrder(Kind.THERE_ALREADY, Kind.STORED);
        assertThat(run()).extracting(Outcome::kind).containsOnly(Kind.THERE_ALREADY);
        assertThat(stored()).hasSize(2);
    }

    @Test
    void run_sameNameAndSizeOtherBytes_storesBoth() throws Exception {
        pdf("a.pdf", "1");
        run();
        pdf("a.pdf", "2");

        assertThat(run()).extracting(Outcome::kind).containsOnly(Kind.STORED);
        assertThat(stored())
                .extracting(StoredFile::sha256)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void run_nameInDecomposedForm_isKnownAgain() throws Exception {
        pdf(Normalizer.normalize("문서.pdf", Normalizer.Form.NFD), "1");
        run();

        assertThat(run()).extracting(Outcome::kind).containsOnly(Kind.THERE_ALREADY);
        assertThat(stored()).extracting(StoredFile::originalFilename).containsExactly("문서.pdf");
    }

    @Test
    void run_fileOfAnotherOwner_isNotTakenForOurs() throws Exception {
        Path file = pdf("a.pdf", "1");
        store.upload(UploadRequest.of(file).withOwner("lee"));

        assertThat(run()).extracting(Outcome::kind).containsOnly(Kind.STORED);
    }

    @Test
    void run_moreFilesThanAPageOfTheList_knowsAllAgain() throws Exception {
        for (int i = 0; i < 2 * FileQuery.MAX_LIMIT + 1; i++) {
            pdf(i + ".pdf", "n" + i);
        }
        run();

        assertThat(run())
                .extracting(Outcome::kind)
                .containsOnly(Kind.THERE_ALREADY)
                .hasSize(201);
    }

    @Test
    void run_fileThatIsNotAccepted_isToldWithTheReason() throws Exception {
        Files.writeString(folder.resolve("notes.txt"), "no such type");
        Files.createFile(folder.resolve("empty.pdf"));
        pdf("a.pdf", "1");

        List<Outcome> outcomes = run();

        assertThat(outcomes)
                .filteredOn(outcome -> outcome.kind() == Kind.REFUSED)
                .extracting(Outcome::path)
                .containsExactlyInAnyOrder(folder.resolve("notes.txt"), folder.resolve("empty.pdf"));
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.kind() == Kind.REFUSED)
                .noneMatch(outcome -> outcome.reason().isBlank());
        assertThat(stored()).hasSize(1);
    }

    @Test
    void run_fileThatGrewSinceTheTreeWasWalked_fails() throws Exception {
        Path file = pdf("a.pdf", "1");
        LocalFiles walked = LocalFiles.below(folder);
        pdf("a.pdf", "1 and more");

        assertThat(batch(store, walked).run(walked, 1))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.kind()).isEqualTo(Kind.FAILED))
                .satisfies(outcome -> assertThat(outcome.path()).isEqualTo(file));
        assertThat(stored()).isEmpty();
    }

    @Test
    void run_linkToAFolderAbove_isNotFollowed() throws Exception {
        pdf("a.pdf", "1");
        Files.createSymbolicLink(folder.resolve("up"), folder);

        assertThat(run()).hasSize(1);
    }

    @Test
    void stop_whileAFileIsRead_leavesNothingOfItAndReachesNoOther() throws Exception {
        pdf("a.pdf", "x".repeat(1 << 20));
        pdf("b.pdf", "2");
        LocalFiles local = LocalFiles.below(folder);
        AtomicReference<Batch> running = new AtomicReference<>();
        MimePolicy stopping = (name, type, head) -> {
            running.get().stop();
            return AllowedTypes.standard().judge(name, type, head);
        };
        MemoryStorage storage = new MemoryStorage();
        try (FileStore stopped = FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .policy(stopping)
                .build()) {
            running.set(batch(stopped, local));

            assertThat(running.get().run(local, 1))
                    .extracting(Outcome::kind)
                    .containsOnly(Kind.NOT_REACHED)
                    .hasSize(2);
            assertThat(storage.list("", "", 1)).isEmpty();
        }
    }

    private List<Outcome> run() throws IOException, InterruptedException {
        LocalFiles local = LocalFiles.below(folder);
        return batch(store, local).run(local, 4);
    }

    private static Batch batch(FileStore store, LocalFiles local) {
        return new Batch(
                store,
                OWNER,
                new Progress(quiet(), false, System::nanoTime, local.files().size(), local.bytes()));
    }

    private static PrintStream quiet() {
        return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    }

    private List<StoredFile> stored() {
        return store.list(FileQuery.of(OWNER).withLimit(FileQuery.MAX_LIMIT)).files();
    }

    private Path pdf(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.copy(
                new ByteArrayInputStream(("%PDF-1.7\n" + text).getBytes(StandardCharsets.UTF_8)),
                file,
                StandardCopyOption.REPLACE_EXISTING);
        return file;
    }
}
