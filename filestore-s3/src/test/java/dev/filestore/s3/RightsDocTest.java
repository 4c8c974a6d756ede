package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** The policies of {@code docs/s3.md} allow what the check tries, and no more. */
class RightsDocTest {

    private static final Path DOCUMENT = Path.of("../docs/s3.md");

    private static String section() throws IOException {
        String text = Files.readString(DOCUMENT);
        int start = text.indexOf("## Rights\n");
        return text.substring(start, text.indexOf("\n## ", start + 1));
    }

    private static List<JsonNode> policies() throws IOException {
        return Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
                .matcher(section())
                .results()
                .map(block -> JsonNode.parser().parse(block.group(1)))
                .toList();
    }

    private static Set<String> actions(JsonNode statement) {
        return statement.field("Action").orElseThrow().asArray().stream()
                .map(JsonNode::asString)
                .collect(Collectors.toSet());
    }

    private static Set<String> rights(Predicate<BucketRight> which) {
        return Arrays.stream(BucketRight.values())
                .filter(which)
                .map(BucketRight::action)
                .collect(Collectors.toSet());
    }

    @Test
    void policy_allowsWhatTheStoreNeeds() throws IOException {
        List<JsonNode> statements =
                policies().get(0).field("Statement").orElseThrow().asArray();

        assertThat(statements).hasSize(2);
        assertThat(actions(statements.get(0)))
                .isEqualTo(rights(right -> right.isNeeded() && right.scope() == BucketRight.Scope.OBJECTS));
        assertThat(statements.get(0).field("Resource").orElseThrow().asString()).isEqualTo("arn:aws:s3:::BUCKET/*");
        assertThat(actions(statements.get(1)))
                .isEqualTo(rights(right -> right.isNeeded() && right.scope() == BucketRight.Scope.BUCKET));
        assertThat(statements.get(1).field("Resource").orElseThrow().asString()).isEqualTo("arn:aws:s3:::BUCKET");
    }

    @Test
    void statement_ofTheCheckAlone_showsItTheSettings() throws IOException {
        assertThat(policies()).hasSize(2);
        assertThat(actions(policies().get(1))).isEqualTo(rights(right -> !right.isNeeded()));
        assertThat(policies().get(1).field("Resource").orElseThrow().asString()).isEqualTo("arn:aws:s3:::BUCKET");
    }

    @Test
    void table_namesWhatEachNeededRightIsFor() throws IOException {
        Set<String> named = Pattern.compile("(?m)^\\| `(s3:[A-Za-z]+)` \\|")
                .matcher(section())
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toSet());

        assertThat(named).isEqualTo(rights(BucketRight::isNeeded));
    }
}
