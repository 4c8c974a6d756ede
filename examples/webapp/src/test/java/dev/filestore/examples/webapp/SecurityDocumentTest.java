package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/security.md says of the tests. */
class SecurityDocumentTest {

    private static final Path ROOT = Path.of("../..");
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]+(?:Test|IT|Contract))`");
    private static final Pattern ADVISORY = Pattern.compile("CVE-[0-9]{4}-[0-9]+|GHSA(?:-[a-z0-9]{4}){3}");

    @Test
    void everyTestThatIsNamed_isThere() throws IOException {
        assertThat(tests().keySet()).containsAll(matches(TEST, document()));
    }

    /** Each row names its advisories in one column and their tests in the other: each is in one of them, at least. */
    @Test
    void everyAdvisory_isNamedByATestOfItsRow() throws IOException {
        Map<String, Path> tests = tests();
        Set<String> missing = new TreeSet<>();
        for (String row :
                document().lines().filter(line -> line.startsWith("|")).toList()) {
            StringBuilder sources = new StringBuilder();
            for (String test : matches(TEST, row)) {
                sources.append(Files.readString(tests.get(test)));
            }
            Set<String> there = matches(ADVISORY, sources.toString());
            matches(ADVISORY, row).stream()
                    .filter(advisory -> !there.contains(advisory))
                    .forEach(missing::add);
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyAdvisoryThatATestNames_isInTheDocument() throws IOException {
        Set<String> told = matches(ADVISORY, document());
        Set<String> untold = new TreeSet<>();
        for (Path test : tests().values()) {
            untold.addAll(matches(ADVISORY, Files.readString(test)));
        }
        untold.removeAll(told);
        assertThat(told).hasSizeGreaterThan(50);
        assertThat(untold).isEmpty();
    }

    private static String document() throws IOException {
        return Files.readString(ROOT.resolve("docs/security.md"));
    }

    private static Map<String, Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> sources = files.filter(file -> file.toString().contains("/src/test/java/"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
            return sources.stream()
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            file -> file,
                            (one, other) -> one));
        }
    }

    private static Set<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(found.groupCount()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
