package dev.filestore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.ObjectHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names as they are on a disk that takes upper and lower case for the same; the disk here does not, and passes them on. */
class LocalStorageFoldedTest extends LocalStorageTest {

    @Override
    LocalStorage open(Path folder) {
        return new LocalStorage(folder, Folders.Sync.DISK, true, true);
    }

    @Override
    String objects() {
        return "escaped";
    }

    /**
     * Users and files whose keys such a disk takes for one: the second put would fail, and the removal of what it left
     * would take the first one's object.
     */
    @Test
    void keys_thatDifferInCaseAlone_areFilesThatDifferInMore() throws IOException {
        List<String> keys = List.of(
                "uploads/Bob/20260226_143022_a.pdf",
                "uploads/bob/20260226_143022_A.pdf",
                "uploads/bob/20260226_143022_a.pdf",
                "uploads/bob/20260226_143022_\u00c9.pdf",
                "uploads/bob/20260226_143022_\u00e9.pdf",
                "uploads/bob/^42;ob",
                "uploads/BOB/x");
        for (String key : keys) {
            backend()
                    .put(
                            key,
                            new ObjectHeaders("text/plain", "attachment"),
                            new ByteArrayInputStream(key.getBytes(StandardCharsets.UTF_8)),
                            -1);
        }
        assertThat(backend().list("", "", 100))
                .extracting(object -> object.key())
                .containsExactlyInAnyOrderElementsOf(keys);
        try (Stream<Path> files = Files.walk(root.resolve(objects()))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> fold(file.toString()))
                            .distinct())
                    .hasSameSizeAs(keys);
        }
        backend().purge(keys.get(0));
        assertThat(backend().stat(keys.get(2))).isPresent();
    }

    /** A backup of such a disk may be opened on one that tells the cases apart. */
    @Test
    void open_onAnotherDiskAfterwards_findsItsObjects(@TempDir Path folder) throws IOException {
        String key = "uploads/Bob/20260226_143022_A.pdf";
        try (LocalStorage there = open(folder)) {
            there.put(key, new ObjectHeaders("text/plain", "attachment"), new ByteArrayInputStream(new byte[] {1}), -1);
        }
        try (LocalStorage here = new LocalStorage(folder)) {
            assertThat(here.stat(key)).isPresent();
            assertThat(here.list("", "", 10)).extracting(object -> object.key()).containsExactly(key);
        }
    }

    private static String fold(String text) {
        return Normalizer.normalize(text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
    }

    @Test
    void name_ofAnySegment_comesBackAndIsLikeNoOther() {
        Random random = new Random(20261128);
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int[] ends = {0x80, 0x250, 0x2000, 0xd800, 0x20000};
            for (int j = random.nextInt(4); j >= 0; j--) {
                int c = 1 + random.nextInt(ends[random.nextInt(ends.length)] - 1);
                text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'K' : c);
            }
            for (String form : new String[] {
                text.toString(),
                text.toString().toUpperCase(Locale.ROOT),
                text.toString().toLowerCase(Locale.ROOT),
                fold(text.toString())
            }) {
                String segment = Normalizer.normalize(form, Normalizer.Form.NFC);
                String name = FoldedNames.of(segment);
                assertThat(FoldedNames.segment(Normalizer.normalize(name, Normalizer.Form.NFD)))
                        .isEqualTo(segment);
                String known = names.put(fold(name), segment);
                if (known != null) {
                    assertThat(segment).isEqualTo(known);
                }
            }
        }
        assertThat(names).hasSizeGreaterThan(20_000);
    }

    @Test
    void everyCharacter_isWrittenInOneCase() {
        assertThat(IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                        .mapToObj(c -> FoldedNames.of(Character.toString(c)))
                        .filter(name ->
                                !name.equals(name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT))))
                .isEmpty();
    }
}
