package com.example.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.jpa.JpaMetadataRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/jakarta-ee.md} shows is what runs here. */
class JakartaEeDocumentTest {

    private static final Pattern SNIPPET = Pattern.compile("```(?:java|xml|properties)\n(.*?)```", Pattern.DOTALL);

    @Test
    void snippets_areInTheSources() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> found = Files.walk(Path.of("src"))) {
            for (Path source : found.filter(Files::isRegularFile).toList()) {
                sources.append(Files.readString(source));
            }
        }
        List<String> snippets = SNIPPET.matcher(Files.readString(Path.of("../../docs/jakarta-ee.md")))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(snippets)
                .hasSizeGreaterThan(5)
                .allSatisfy(snippet -> assertThat(sources).contains(snippet));
    }

    @Test
    void migrationOfTheTable_isTheScriptOfTheJar() throws IOException {
        try (InputStream script = JpaMetadataRepository.class.getResourceAsStream("schema/h2.sql")) {
            assertThat(Files.readString(Path.of("src/main/resources/db/migration/V2__file_uploads.sql")))
                    .isEqualTo(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
