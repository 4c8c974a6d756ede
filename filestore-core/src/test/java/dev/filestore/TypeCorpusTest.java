package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.MimePolicy.Accepted;
import dev.filestore.MimePolicy.Refused;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The standard types on files that real programs wrote; corpus/ORIGIN.md says which and how. */
class TypeCorpusTest {

    private static final AllowedTypes POLICY = AllowedTypes.standard();

    private static final String DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("jpg", "image/jpeg"),
            Map.entry("png", "image/png"),
            Map.entry("webp", "image/webp"),
            Map.entry("gif", "image/gif"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("m4v", "video/mp4"),
            Map.entry("mov", "video/quicktime"),
            Map.entry("avi", "video/x-msvideo"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("doc", "application/msword"),
            Map.entry("docx", DOCX),
            Map.entry("xls", "application/vnd.ms-excel"),
            Map.entry("xlsx", XLSX));

    /** LibreOffice writes the directory last, and the stream of the document far behind its start. */
    private static final String UNDECIDED = "libreoffice-large.head.doc";

    static Stream<Path> accepted() {
        return corpus("accepted");
    }

    static Stream<Path> refused() {
        return corpus("refused");
    }

    static Stream<Path> corpus(String folder) {
        try (Stream<Path> files =
                Files.list(Path.of(Objects.requireNonNull(TypeCorpusTest.class.getResource("/corpus/" + folder))
                        .toURI()))) {
            return files.sorted().toList().stream();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void corpus_accepted_hasEachTypeFromTwoProgramsOrMore() {
        Map<String, List<Path>> byType = accepted().collect(Collectors.groupingBy(file -> TYPES.get(extension(file))));
        assertThat(byType.keySet()).isEqualTo(Set.copyOf(TYPES.values()));
        assertThat(byType.values()).allSatisfy(files -> assertThat(files).hasSizeGreaterThan(1));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void judge_realFile_isAcceptedAsItsType(Path file) throws IOException {
        String type = TYPES.get(extension(file));
        for (String declared : new String[] {null, "application/octet-stream", type}) {
            assertThat(POLICY.judge(file.getFileName().toString(), declared, head(file)))
                    .isInstanceOfSatisfying(
                            Accepted.class, is -> assertThat(is.contentType()).isEqualTo(type));
        }
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void judge_realFileUnderAnyOtherName_isRefused(Path file) throws IOException {
        String type = TYPES.get(extension(file));
        for (Map.Entry<String, String> other : TYPES.entrySet()) {
            boolean cannotTell = file.getFileName().toString().equals(UNDECIDED)
                    && other.getKey().equals("xls");
            if (other.getValue().equals(type) || cannotTell) {
                continue;
            }
            assertThat(POLICY.judge("a." + other.getKey(), null, head(file)))
                    .as(other.getKey())
                    .isInstanceOfSatisfying(
                            Refused.class,
                            is -> assertThat(is.message())
                                    .startsWith("The name says " + other.getValue() + ", but the bytes say "));
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void judge_realFileOfATypeThatIsNotAllowed_isRefusedUnderEveryName(Path file) throws IOException {
        for (Map.Entry<String, String> type : TYPES.entrySet()) {
            assertThat(POLICY.judge("a." + type.getKey(), null, head(file)))
                    .as(type.getKey())
                    .isInstanceOfSatisfying(
                            Refused.class,
                            is -> assertThat(is.message()).contains("but the bytes are of another type; allowed are "));
            assertThat(POLICY.judge("a", type.getValue(), head(file))).isInstanceOf(Refused.class);
        }
    }

    @Test
    void judge_compoundFileWhoseHeadTellsNothing_isTakenAtItsWord() throws IOException {
        byte[] head = corpus("accepted")
                .filter(f -> f.endsWith(UNDECIDED))
                .map(TypeCorpusTest::head)
                .findFirst()
                .orElseThrow();
        assertThat(POLICY.judge("a.doc", null, head)).isInstanceOf(Accepted.class);
        assertThat(POLICY.judge("a.xls", null, head)).isInstanceOf(Accepted.class);
        assertThat(POLICY.judge("a.docx", null, head)).isInstanceOf(Refused.class);
    }

    @Test
    void judge_macroDocumentWhoseContentTypesAreOutOfSight_passesForDocx() throws IOException {
        // Word refuses to open it under that name: its content types say that it is another kind.
        byte[] head = corpus("undecided").map(TypeCorpusTest::head).findFirst().orElseThrow();
        assertThat(POLICY.judge("a.docx", null, head)).isInstanceOf(Accepted.class);
        assertThat(POLICY.judge("a.docm", null, head)).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void judge_everyStartOfARealFile_givesAVerdict(Path file) throws IOException {
        byte[] head = head(file);
        for (int length = 1; length < head.length; length += 1 + length / 16) {
            byte[] start = Arrays.copyOf(head, length);
            for (String extension : TYPES.keySet()) {
                assertThat(POLICY.judge("a." + extension, null, start)).isNotNull();
            }
        }
    }

    private static String extension(Path file) {
        return FileNames.extension(file.getFileName().toString()).substring(1);
    }

    private static byte[] head(Path file) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(MimePolicy.HEAD_BYTES);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
