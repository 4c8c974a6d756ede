package dev.filestore.examples.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.StorageBackendContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code docs/writing-a-backend.md} shows is what is compiled and run here, and what it names is there. */
class BackendDocTest {

    private static final Path DOCUMENT = Path.of("../../docs/writing-a-backend.md");

    private static List<String> found(String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"java, src, 11", "sql, src/main/resources, 1", "xml, pom.xml, 1"})
    void snippets_areInTheSources(String language, Path root, int atLeast) throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sources.append(Files.readString(file));
            }
        }

        assertThat(found("```" + language + "\n(.*?)```"))
                .hasSizeGreaterThanOrEqualTo(atLeast)
                .allSatisfy(snippet -> assertThat(sources).contains(snippet));
    }

    @Test
    void namedTests_areInTheKit() throws IOException {
        List<String> named = found("`([A-Za-z]+\\.[a-z][A-Za-z]*_[A-Za-z_]+)`");

        assertThat(named).hasSizeGreaterThan(25).allSatisfy(name -> {
            String[] parts = name.split("\\.", 2);
            assertThat(Stream.of(StorageBackendContract.class.getDeclaredClasses())
                            .filter(nested -> nested.getSimpleName().equals(parts[0]))
                            .flatMap(nested -> Stream.of(nested.getSuperclass().getDeclaredMethods())))
                    .as(name)
                    .anyMatch(method -> method.getName().equals(parts[1]));
        });
    }

    @Test
    void links_leadToFiles() throws IOException {
        assertThat(found("\\]\\(([^)#:]+)[^)]*\\)"))
                .isNotEmpty()
                .allSatisfy(link ->
                        assertThat(DOCUMENT.resolveSibling(link).normalize()).exists());
    }
}
