package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/database.md} shows is what the tests run. */
class DatabaseDocTest {

    private static List<String> blocks(String language) throws IOException {
        String text = Files.readString(Path.of("../docs/database.md"));
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    @Test
    void javaSnippets_areInTheTests() throws IOException {
        StringBuilder sources = new StringBuilder();
        for (String test :
                List.of("BootstrapTest", "CallersTransactionContract", "SpringTransactionTest", "JtaTransactionTest")) {
            sources.append(Files.readString(Path.of("src/test/java/dev/filestore/jpa/" + test + ".java")));
        }
        assertThat(blocks("java"))
                .hasSize(8)
                .allSatisfy(block -> assertThat(sources).contains(block));
    }

    @Test
    void xmlSnippet_isThePersistenceXmlOfTheTests() throws IOException {
        String source = Files.readString(Path.of("src/test/resources/META-INF/persistence.xml"));
        assertThat(blocks("xml"))
                .hasSize(2)
                .allSatisfy(block -> assertThat(source).contains(block));
    }

    @Test
    void table_namesEveryColumnAndIndex() throws IOException {
        String text = Files.readString(Path.of("../docs/database.md"));
        List<String> names = Pattern.compile("(?m)^    (\\w+) |^create index (\\w+)")
                .matcher(Databases.script("h2"))
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .filter(name -> !List.of("constraint", "primary").contains(name))
                .toList();
        assertThat(names).hasSize(28).allSatisfy(name -> assertThat(text).contains("`" + name + "`"));
    }
}
