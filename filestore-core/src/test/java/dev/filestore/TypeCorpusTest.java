package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.MimePolicy.Accepted;
import dev.filestore.MimePolicy.AcceptedSoFar;
import dev.filestore.MimePolicy.Refused;
import dev.filestore.MimePolicy.Verdict;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
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

/**
 * The standard types on files that real programs wrote; corpus/ORIGIN.md says which and how. The property
 * {@code filestore.corpus} names a folder of more, as src/test/corpus/make.sh writes it, which are judged too.
 */
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

    private static Stream<Path> corpus(String folder) {
        String more = System.getProperty("filestore.corpus", "");
        return more.isEmpty() ? kept(folder) : Stream.concat(kept(folder), files(Path.of(more, folder)));
    }

    private static Stream<Path> kept(String folder) {
        try {
            return files(Path.of(Objects.requireNonNull(TypeCorpusTest.class.getResource("/corpus/" + folder))
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
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
    void judge_realFile_isAcceptedAsItsType(Path file) {
        String type = TYPES.get(extension(file));
        for (String declared : new String[] {null, "application/octet-stream", type}) {
            assertThat(judge(file.getFileName().toString(), declared, file))
                    .isInstanceOfSatisfying(
                            Accepted.class, is -> assertThat(is.contentType()).isEqualTo(type));
        }
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void judge_realFileUnderAnyOtherName_isRefused(Path file) {
        String type = TYPES.get(extension(file));
        for (Map.Entry<String, String> other : TYPES.entrySet()) {
            boolean cannotTell = file.getFileName().toString().equals(UNDECIDED)
                    && other.getKey().equals("xls");
            if (other.getValue().equals(type) || cannotTell) {
                continue;
            }
            assertThat(judge("a." + other.getKey(), null, file))
                    .as(other.getKey())
                    .isInstanceOfSatisfying(
                            Refused.class,
                            is -> assertThat(is.message())
                                    .startsWith("The name says " + other.getValue() + ", but the bytes "));
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void judge_realFileOfATypeThatIsNotAllowed_isRefusedUnderEveryName(Path file) {
        for (Map.Entry<String, String> type : TYPES.entrySet()) {
            assertThat(judge("a." + type.getKey(), null, file))
                    .as(type.getKey())
                    .isInstanceOfSatisfying(
                            Refused.class, is -> assertThat(is.message()).contains(", but the bytes "));
            assertThat(judge("a", type.getValue(), file)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void judge_compoundFileWhoseHeadTellsNothing_isTakenAtItsWord() {
        byte[] head = kept("accepted")
                .filter(f -> f.endsWith(UNDECIDED))
                .map(TypeCorpusTest::head)
                .findFirst()
                .orElseThrow();
        assertThat(POLICY.judge("a.doc", null, head)).isInstanceOf(AcceptedSoFar.class);
        assertThat(POLICY.judge("a.xls", null, head)).isInstanceOf(AcceptedSoFar.class);
        assertThat(POLICY.judge("a.docx", null, head)).isInstanceOf(Refused.class);
    }

    @Test
    void judge_macroDocumentWhoseContentTypesAreOutOfSight_waitsForTheEnd() {
        byte[] head = kept("undecided").map(TypeCorpusTest::head).findFirst().orElseThrow();
        assertThat(POLICY.judge("a.docx", null, head)).isInstanceOf(AcceptedSoFar.class);
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

    /** The verdict on a whole file; of those of which only the head was kept, that on the head. */
    private static Verdict judge(String name, String declared, Path file) {
        Verdict verdict = POLICY.judge(name, declared, head(file));
        if (!(verdict instanceof AcceptedSoFar soFar)) {
            return verdict;
        }
        if (file.getFileName().toString().contains(".head.")) {
            return soFar.accepted();
        }
        try (var channel = Files.newByteChannel(file)) {
            ByteBuffer end = ByteBuffer.allocate((int) Math.min(channel.size(), MimePolicy.END_BYTES));
            channel.position(channel.size() - end.capacity());
            while (channel.read(end) > 0) {}
            return soFar.end()
                    .judge(end.array(), channel.size())
                    .<Verdict>map(refused -> refused)
                    .orElse(soFar.accepted());
        } catch (IOException e) {
            throw new AssertionError(e);
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
