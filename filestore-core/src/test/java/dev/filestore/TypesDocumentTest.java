package dev.filestore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/types.md says, run. */
class TypesDocumentTest {

    private static final Path DOCUMENT = Path.of("../docs/types.md");
    private static final Path SOURCE = Path.of("src/test/java/dev/filestore/TypesDocumentTest.java");

    @Test
    void snippet_isTheCodeThatRunsHere() throws IOException {
        MimePolicy policy = AllowedTypes.standardTypes()
                .forbid("video/x-msvideo")
                .allow("text/csv", new Category("table"), List.of("csv"), head -> isText(head))
                .alias("application/vnd.ms-excel", "text/csv")
                .maxBytes(10L * 1024 * 1024)
                .maxBytes(Category.VIDEO, 500L * 1024 * 1024)
                .maxBytes("image/gif", 1024 * 1024)
                .build();

        assertThat(policy.judge("a.csv", "application/vnd.ms-excel", "a,b\n".getBytes(US_ASCII)))
                .isEqualTo(new MimePolicy.Accepted("text/csv", new Category("table"), 10_485_760));
        assertThat(policy.judge("a.gif", null, "GIF89a".getBytes(US_ASCII)))
                .isEqualTo(new MimePolicy.Accepted("image/gif", Category.IMAGE, 1_048_576));
        Matcher snippet = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(DOCUMENT));
        assertThat(snippet.find()).isTrue();
        assertThat(withoutSpace(Files.readString(SOURCE))).contains(withoutSpace(snippet.group(1)));
    }

    @Test
    void tables_nameEveryTypeAndAliasThatIsAllowed() throws IOException {
        String document = Files.readString(DOCUMENT);
        AllowedTypes standard = AllowedTypes.standard();
        Matcher declared = Pattern.compile("`((image|video|application|binary)/[a-z0-9.+-]+)`")
                .matcher(document.substring(0, document.indexOf("## Allowing")));
        int found = 0;
        while (declared.find()) {
            MimePolicy.Verdict verdict = standard.judge("a.pdf", declared.group(1), new byte[1]);
            assertThat(((MimePolicy.Refused) verdict).message())
                    .as(declared.group(1))
                    .doesNotContain("is not allowed;");
            found++;
        }
        assertThat(found).isEqualTo(30);
    }

    private static boolean isText(byte[] head) {
        for (byte b : head) {
            if (b == 0) {
                return false;
            }
        }
        return true;
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s", "");
    }
}
