package com.example.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/spring-boot.md} shows is what runs here. */
class DocumentTest {

    @Test
    void javaSnippets_areInTheSources() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> found = Files.walk(Path.of("../spring-boot/src/main/java"))) {
            for (Path source : found.filter(Files::isRegularFile).toList()) {
                sources.append(Files.readString(source));
            }
        }
        List<String> snippets = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/spring-boot.md")))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(snippets)
                .hasSizeGreaterThan(4)
                .allSatisfy(snippet -> assertThat(sources).contains(snippet));
    }
}
