package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.FileQuery;
import dev.filestore.FileStore;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the README is compiled or run. */
class ReadmeIT {

    private static final Path SOURCES = Path.of("src/test/java/dev/filestore/examples/webapp");

    @TempDir
    private Path folder;

    @Test
    void java_inReadme_isThatOfTheCompiledSource() throws IOException {
        String source = Files.readString(SOURCES.resolve("ReadmeSnippets.java"));
        List<String> compiled = Pattern.compile("(?s)// README \\d\n(.*?)\n *// end")
                .matcher(source)
                .results()
                .map(match -> match.group(1).stripIndent())
                .toList();

        assertThat(blocks("java")).isEqualTo(compiled).hasSize(4);
    }

    @Test
    void batch_ofReadme_storesWhatIsAccepted() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("below")).resolve("a.pdf"), "%PDF-1.7\n%%EOF\n");
        Files.writeString(folder.resolve("notes.txt"), "not accepted");
        try (FileStore store = FileStore.builder()
                .storage(new MemoryStorage())
                .metadata(new MemoryMetadata())
                .build()) {
            ReadmeSnippets.batch(store, folder);

            assertThat(store.list(FileQuery.of("123")).total()).isEqualTo(1);
        }
    }

    @Test
    void curlLines_ofReadme_runAgainstTheDemo() throws Exception {
        try (Program program = Program.start(folder, Map.of()).ready()) {
            String address = program.api().replace("/api/files", "");
            String lines = blocks("sh").get(1);
            assertThat(lines).contains("http://127.0.0.1:8000/api/files");

            Process bash = new ProcessBuilder(
                            "bash",
                            "-euc",
                            "TOKEN=" + program.token() + "\n" + lines.replace("http://127.0.0.1:8000", address))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(bash.waitFor()).as(printed).isZero();
            assertThat(printed)
                    .containsSubsequence(
                            "\"file_id\":1,", "\"total\":1,", "\"id\":1,", "\"presigned_url\":", "File deleted")
                    .doesNotContain("\"error\"");
        }
    }

    @Test
    void coordinates_ofReadme_areThoseOfTheBuild() throws IOException {
        String pom = Files.readString(root().resolve("pom.xml"));
        for (String element : List.of("groupId", "artifactId", "version")) {
            assertThat(first(element, blocks("xml").get(0))).isEqualTo(first(element, pom));
        }
        assertThat(pom).contains("<id>demo</id>");
        assertThat(Pattern.compile("`dev\\.filestore:(filestore-[a-z0-9]+)`")
                        .matcher(readme())
                        .results()
                        .map(match -> match.group(1)))
                .hasSize(4)
                .allSatisfy(module -> assertThat(pom).contains("<module>" + module + "</module>"));
    }

    @Test
    void links_ofReadme_leadToFiles() throws IOException {
        assertThat(Pattern.compile("\\]\\(([^)#:]+)\\)")
                        .matcher(readme())
                        .results()
                        .map(match -> match.group(1)))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(root().resolve(link)).exists());
    }

    private static String first(String element, String xml) {
        return Pattern.compile("<" + element + ">([^<]*)<")
                .matcher(xml)
                .results()
                .findFirst()
                .map(match -> match.group(1))
                .orElseThrow();
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("(?s)```" + language + "\n(.*?)\n```")
                .matcher(readme())
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static String readme() throws IOException {
        return Files.readString(root().resolve("README.md"));
    }

    private static Path root() {
        return Path.of("../..");
    }
}
