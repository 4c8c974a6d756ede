package com.example.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links of the documents to each other, and to sources, lead to a file and a heading that are there. */
class DocumentLinksTest {

    private static final Path ROOT = Path.of("../..");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

    private static String withoutCode(Path document) throws IOException {
        return Files.readString(document).replaceAll("(?ms)^```.*?^```", "");
    }

    /** The headings as the addresses of GitHub and GitLab have them. */
    private static Set<String> anchors(Path document) throws IOException {
        return HEADING.matcher(withoutCode(document))
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void links_ofAllDocuments_leadSomewhere() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        List<String> broken = new ArrayList<>();
        for (Path document : documents) {
            LINK.matcher(withoutCode(document)).results().forEach(link -> {
                Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
                try {
                    if (!Files.exists(target)
                            || (link.group(2) != null && !anchors(target).contains(link.group(2)))) {
                        broken.add(document.getFileName() + ": " + link.group(0));
                    }
                } catch (IOException e) {
                    broken.add(document.getFileName() + ": " + link.group(0) + ": " + e);
                }
            });
        }

        assertThat(documents).hasSizeGreaterThan(15);
        assertThat(broken).isEmpty();
    }
}
