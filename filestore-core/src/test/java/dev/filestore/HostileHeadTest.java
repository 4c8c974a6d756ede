package dev.filestore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.MimePolicy.AcceptedSoFar;
import dev.filestore.MimePolicy.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/**
 * Bytes made to hurt whoever looks at them: no exception, no loop, no memory to speak of, whatever they are.
 *
 * <p>CVE-2022-36313, CVE-2026-31808 (file-type: loops without end in malformed MKV and ASF), GHSA-v7g3-hcgj-f95g
 * (music-metadata: ASF), CVE-2025-71319, CVE-2025-71329 (image-size: boxes of size zero): a size that does not lead on. Here
 * each step goes forward, in 72 KiB at most. GHSA-j47w-4g3g-c36v (file-type: content types that inflate to all memory): what
 * is inflated is counted. CVE-2026-38359 (SheetJS: memory for as many bytes as a header says): no declared size is believed.
 */
class HostileHeadTest {

    private static final AllowedTypes POLICY = AllowedTypes.standard();
    private static final List<String> NAMES = Stream.of(
                    "jpg", "png", "webp", "gif", "mp4", "mov", "avi", "pdf", "doc", "docx", "xls", "xlsx")
            .map(extension -> "a." + extension)
            .toList();

    /** Generous: an honest answer takes a tenth of a millisecond. */
    private static final long LONGEST_NANOS = 500_000_000;

    private static void judgeUnderEveryName(byte[] head, byte[] end, long size) {
        for (String name : NAMES) {
            long start = cpu();
            Verdict verdict = POLICY.judge(name, null, head);
            if (verdict instanceof AcceptedSoFar soFar) {
                assertThat(soFar.end().judge(end, size)).isNotNull();
            }
            assertThat(cpu() - start).as(name).isLessThan(LONGEST_NANOS);
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Test
    void judge_realFilesWithBytesChanged_alwaysAnswers() throws IOException {
        List<byte[]> heads = new ArrayList<>();
        for (String folder : List.of("accepted", "refused")) {
            try (Stream<Path> files = Files.list(Path.of("src/test/resources/corpus", folder))) {
                for (Path file : files.sorted().toList()) {
                    byte[] all = Files.readAllBytes(file);
                    heads.add(Arrays.copyOf(all, Math.min(all.length, MimePolicy.HEAD_BYTES)));
                }
            }
        }
        Random random = new Random(20260226);
        for (byte[] head : heads) {
            for (int round = 0; round < 40; round++) {
                byte[] changed = head.clone();
                int reach = random.nextBoolean() ? Math.min(changed.length, 64) : changed.length;
                for (int i = random.nextInt(6); i >= 0; i--) {
                    int place = random.nextInt(reach);
                    switch (random.nextInt(4)) {
                        case 0 -> changed[place] = 0;
                        case 1 -> changed[place] = -1;
                        case 2 -> changed[place] ^= (byte) (1 << random.nextInt(8));
                        default -> changed[place] = changed[random.nextInt(changed.length)];
                    }
                }
                byte[] end = heads.get(random.nextInt(heads.size()));
                judgeUnderEveryName(changed, end, changed.length + (long) end.length + random.nextInt(1000));
            }
        }
    }

    @Test
    void judge_randomBytesBehindEachMark_alwaysAnswers() {
        Random random = new Random(20260226);
        for (String mark : List.of(
                "",
                "PK\3\4",
                "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1",
                "\0\0\0\u0014ftyp",
                "RIFF",
                "%PDF-",
                "\u00ff\u00d8\u00ff")) {
            for (int round = 0; round < 60; round++) {
                byte[] head = new byte[mark.length() + random.nextInt(MimePolicy.HEAD_BYTES - mark.length())];
                random.nextBytes(head);
                byte[] start = mark.getBytes(ISO_8859_1);
                System.arraycopy(start, 0, head, 0, Math.min(start.length, head.length));
                if (head.length > 0) {
                    judgeUnderEveryName(head, head, head.length);
                }
            }
        }
    }

    @Test
    void judge_boxesAndChunksOfSizeZero_end() {
        for (String head : List.of(
                "\0\0\0\0ftypisom\0\0\0\0isom".repeat(300),
                "\0\0\0\0free".repeat(1000),
                "\0\0\0\u0008free".repeat(1000),
                "RIFF\0\0\0\0AVI LIST\0\0\0\0hdrl".repeat(300),
                "0&\u00b2u\u008ef\u00cf\u0011\u00a6\u00d9\0\u00aa\0b\u00cel" + "\0".repeat(8000),
                "\u001aE\u00df\u00a3\0\0\0\0".repeat(1000),
                "\u00ff\u00d8\u00ff\u00ff".repeat(2000))) {
            byte[] bytes = head.getBytes(ISO_8859_1);
            judgeUnderEveryName(bytes, bytes, bytes.length);
        }
    }

    /** A size near the end of all numbers, with which sums become negative: the next entry was the same one again. */
    @Test
    void judge_entryOfAlmostAllSizesThereAre_ends() {
        for (String name : List.of("a", "[Content_Types].xml")) {
            for (int method : new int[] {0, 8}) {
                int start = 30 + name.length() + 20;
                for (long size : new long[] {Long.MAX_VALUE - start + 1, Long.MAX_VALUE, Long.MAX_VALUE - start, -1}) {
                    ByteBuffer entry =
                            ByteBuffer.allocate(MimePolicy.HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    entry.putInt(0x04034b50)
                            .putShort((short) 45)
                            .putShort((short) 0)
                            .putShort((short) method);
                    entry.putLong(0).putInt(-1).putInt(-1);
                    entry.putShort((short) name.length()).putShort((short) 20);
                    entry.put(name.getBytes(ISO_8859_1));
                    entry.putShort((short) 1).putShort((short) 16).putLong(1).putLong(size);
                    judgeUnderEveryName(entry.array(), entry.array(), 1_000_000);
                }
            }
        }
    }

    @Test
    void judge_entriesThatEachInflateToMegabytes_areCountedTogether() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bomb = deflated(new byte[120 * 1024]);
        while (out.size() + bomb.length + 60 < MimePolicy.HEAD_BYTES) {
            out.write(localHeader("word/" + out.size() + ".xml"));
            out.write(bomb);
            out.write(new byte[16]);
        }
        byte[] head = Arrays.copyOf(out.toByteArray(), MimePolicy.HEAD_BYTES);
        judgeUnderEveryName(head, head, 100_000);
    }

    @Test
    void judge_contentTypesThatInflateToMegabytesAtTheEnd_areGivenUp() throws IOException {
        byte[] header = localHeader("[Content_Types].xml");
        byte[] blank = new byte[40_000_000];
        Arrays.fill(blank, (byte) ' ');
        byte[] bomb = deflated(blank);
        ByteBuffer end =
                ByteBuffer.allocate(header.length + bomb.length + 46 + 19 + 22).order(ByteOrder.LITTLE_ENDIAN);
        int directory = header.length + bomb.length;
        end.put(header).put(bomb);
        end.put("PK\1\2".getBytes(ISO_8859_1)).position(directory + 10);
        end.putShort((short) 8).position(directory + 20);
        end.putInt(bomb.length).putInt(40_000_000).putShort((short) 19).position(directory + 46);
        end.put("[Content_Types].xml".getBytes(ISO_8859_1));
        end.put("PK\5\6".getBytes(ISO_8859_1)).position(directory + 65 + 12);
        end.putInt(65).putInt(directory).putShort((short) 0);
        assertThat(bomb.length).isBetween(8192, 60_000);
        byte[] file = end.array();
        long start = cpu();
        Verdict verdict = POLICY.judge("a.docx", null, Arrays.copyOf(file, MimePolicy.HEAD_BYTES));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        AcceptedSoFar.class,
                        soFar -> assertThat(soFar.end().judge(file, file.length))
                                .hasValueSatisfying(
                                        refused -> assertThat(refused.message()).contains("a broken ZIP archive")));
        assertThat(cpu() - start).isLessThan(LONGEST_NANOS);
    }

    private static byte[] localHeader(String name) {
        return ByteBuffer.allocate(30 + name.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("PK\3\4".getBytes(ISO_8859_1))
                .putShort((short) 20)
                .putShort((short) 8)
                .putShort((short) 8)
                .position(26)
                .putShort((short) name.length())
                .position(30)
                .put(name.getBytes(ISO_8859_1))
                .array();
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] bytes = new byte[content.length / 100 + 1000];
        int length = deflater.deflate(bytes);
        deflater.end();
        return Arrays.copyOf(bytes, length);
    }
}
