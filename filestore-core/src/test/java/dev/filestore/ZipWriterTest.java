package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives as the platform's two readers see them: by their directory, and from the first byte on. */
class ZipWriterTest {

    private static final Instant TIME = Instant.parse("2026-02-26T14:30:22.9Z");

    @TempDir
    private Path folder;

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 9})
    void entries_ofAnySizeAndLevel_areReadByBothReaders(int level) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (int size : new int[] {0, 1, 32_767, 32_768, 65_535, 65_536, 1_000_000}) {
            contents.add(bytes(size));
            contents.add(new byte[size]);
        }
        Path archive = folder.resolve("a.zip");
        try (OutputStream out = Files.newOutputStream(archive);
                ZipWriter zip = new ZipWriter(out)) {
            for (int i = 0; i < contents.size(); i++) {
                byte[] content = contents.get(i);
                zip.entry("문서/" + i + ".pdf", TIME, content.length, level, to -> to.write(content));
            }
            zip.finish();
        }

        try (ZipFile zip = new ZipFile(archive.toFile());
                ZipInputStream stream = new ZipInputStream(Files.newInputStream(archive))) {
            assertThat(zip.size()).isEqualTo(contents.size());
            for (int i = 0; i < contents.size(); i++) {
                ZipEntry entry = zip.getEntry("문서/" + i + ".pdf");
                assertThat(zip.getInputStream(entry).readAllBytes()).isEqualTo(contents.get(i));
                assertThat(entry.getTimeLocal()).hasToString("2026-02-26T14:30:22");
                assertThat(stream.getNextEntry().getName()).isEqualTo(entry.getName());
                assertThat(stream.readAllBytes()).isEqualTo(contents.get(i));
            }
            assertThat(stream.getNextEntry()).isNull();
        }
    }

    @Test
    void entries_ofChangingLevelWrittenInPieces_areWhole() throws IOException {
        byte[] content = bytes(300_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipWriter zip = new ZipWriter(out)) {
            for (int level : new int[] {1, 0, 9, 0, 1}) {
                zip.entry(level + ".jpg", TIME, content.length, level, to -> {
                    for (int from = 0; from < content.length; from += 60_000) {
                        to.write(content, from, 60_000);
                    }
                });
            }
            zip.finish();
        }

        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (int i = 0; i < 5; i++) {
                assertThat(zip.getNextEntry()).isNotNull();
                assertThat(zip.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_534, 65_535, 65_536, 70_000})
    void entries_anyNumber_areAllInTheDirectory(int count) throws IOException {
        Path archive = folder.resolve("a.zip");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive));
                ZipWriter zip = new ZipWriter(out)) {
            for (int i = 0; i < count; i++) {
                byte[] content = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
                zip.entry(i + ".txt", TIME, content.length, 0, to -> to.write(content));
            }
            zip.finish();
        }

        try (ZipFile zip = new ZipFile(archive.toFile())) {
            assertThat(zip.size()).isEqualTo(count);
            if (count > 0) {
                String last = Integer.toString(count - 1);
                assertThat(zip.getInputStream(zip.getEntry(last + ".txt")).readAllBytes())
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo(last);
            }
        }
    }

    @Test
    void entry_thatMayHaveMoreThan4GiB_isReadByItsDirectory() throws IOException {
        Path archive = folder.resolve("a.zip");
        try (OutputStream out = Files.newOutputStream(archive);
                ZipWriter zip = new ZipWriter(out)) {
            zip.entry("large.pdf", TIME, 5L << 30, 1, to -> to.write(bytes(100_000)));
            zip.entry("small.pdf", TIME, 3, 1, to -> to.write(bytes(3)));
            zip.finish();
        }

        try (ZipFile zip = new ZipFile(archive.toFile())) {
            assertThat(zip.getInputStream(zip.getEntry("large.pdf")).readAllBytes())
                    .isEqualTo(bytes(100_000));
            assertThat(zip.getInputStream(zip.getEntry("small.pdf")).readAllBytes())
                    .isEqualTo(bytes(3));
        }
    }

    @Test
    void times_beyondWhatTheFormatKeeps_areItsFirstAndLastYear() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipWriter zip = new ZipWriter(out)) {
            zip.entry("early", Instant.EPOCH, 0, 1, to -> {});
            zip.entry("late", Instant.parse("2200-01-01T00:00:00Z"), 0, 1, to -> {});
            zip.finish();
        }

        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            assertThat(zip.getNextEntry().getTimeLocal().getYear()).isEqualTo(1980);
            assertThat(zip.getNextEntry().getTimeLocal().getYear()).isEqualTo(2107);
        }
    }

    @Test
    void close_withoutFinish_leavesNoArchive() throws IOException {
        Path archive = folder.resolve("a.zip");
        try (OutputStream out = Files.newOutputStream(archive)) {
            try (ZipWriter zip = new ZipWriter(out)) {
                zip.entry("a.pdf", TIME, 100, 1, to -> to.write(bytes(100)));
            }
            out.write(new byte[0]);
        }

        assertThatThrownBy(() -> new ZipFile(archive.toFile()).close()).isInstanceOf(ZipException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000})
    void spool_anySize_givesBackWhatItGot(int size) throws IOException {
        byte[] bytes = bytes(size);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Spool spool = new Spool()) {
            for (int from = 0; from < size; from += 7_001) {
                spool.write(bytes, from, Math.min(7_001, size - from));
            }
            assertThat(spool.size()).isEqualTo(size);
            spool.copyTo(out);
        }

        assertThat(Arrays.equals(out.toByteArray(), bytes)).isTrue();
    }
}
