package dev.filestore;

import static dev.filestore.StoreFixture.PDF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/personal-data.md} shows is what runs here. */
class PersonalDataDocTest {

    @TempDir
    private Path folder;

    private final StoreFixture world = new StoreFixture();

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/personal-data.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static void erase(FileStore store) {
        EraseReport report = store.eraseOwner("123");
        if (!report.isDone()) {
            throw new IllegalStateException(report.failed() + " files are left; call again");
        }
    }

    private static void export(FileStore store, Path archive) throws IOException {
        try (OutputStream out = Files.newOutputStream(archive)) {
            store.exportOwner("123", out);
        }
    }

    @Test
    void javaSnippets_areThisSource() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/filestore/PersonalDataDocTest.java"));

        assertThat(blocks("java"))
                .hasSize(2)
                .allSatisfy(block -> assertThat(source).contains(block));
    }

    @Test
    void erase_asShown_erasesOrSaysSo() {
        world.uploaded("123");
        world.calls.fail("delete", SpiCalls.Fault.BEFORE);
        assertThatIllegalStateException().isThrownBy(() -> erase(world.store)).withMessageStartingWith("1 files");

        world.calls.heal();
        erase(world.store);

        assertThat(world.objects()).isEmpty();
    }

    @Test
    void export_asShown_givesTheManifestAsShown() throws IOException {
        world.clock.advance(Duration.ofNanos(-123_456_000));
        world.store.upload(
                UploadRequest.of("문서.pdf", new ByteArrayInputStream(PDF)).withOwner("123"));
        world.clock.advance(Duration.ofSeconds(1));
        Path archive = folder.resolve("export.zip");

        export(world.store, archive);

        try (ZipFile zip = new ZipFile(archive.toFile())) {
            assertThat(zip.getInputStream(zip.getEntry("manifest.json")).readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(blocks("json").get(0));
        }
    }
}
