package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compound files made here; those of real programs are in {@link TypeCorpusTest}. */
class CompoundFileTest {

    private static final int SECTOR = 512;
    private static final int OUT_OF_SIGHT = 1000;

    private final ByteBuffer head = ByteBuffer.allocate(MimePolicy.HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    CompoundFileTest() {
        head.putLong(0, 0xe11ab1a1e011cfd0L);
        head.putShort(26, (short) 3).putShort(28, (short) 0xfffe).putShort(30, (short) 9);
        head.putInt(48, OUT_OF_SIGHT).putInt(76, OUT_OF_SIGHT);
    }

    private boolean may(CompoundFile.Kind kind) {
        return CompoundFile.may(Sight.of(head.array()), kind);
    }

    private void directoryAt(int sector) {
        head.putInt(48, sector);
        entry(sector, 0, "Root Entry", -1, -1, -1);
    }

    private void entry(int sector, int index, String name, int left, int right, int child) {
        int place = (sector + 1) * SECTOR + index * 128;
        byte[] bytes = name.getBytes(StandardCharsets.UTF_16LE);
        head.put(place, bytes).putShort(place + 64, (short) (bytes.length + 2));
        head.putInt(place + 68, left).putInt(place + 72, right).putInt(place + 76, child);
    }

    private void table(int sector, int... next) {
        head.putInt(76, sector);
        for (int i = 0; i < next.length; i++) {
            head.putInt((sector + 1) * SECTOR + 4 * i, next[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WordDocument, true, false",
        "Workbook, false, true",
        "Book, false, true",
        "WORKBOOK, false, true",
        "PowerPoint Document, false, false",
        "EncryptedPackage, false, false"
    })
    void may_streamInTheDirectory_decides(String stream, boolean word, boolean excel) {
        directoryAt(3);
        entry(3, 0, "Root Entry", -1, -1, 2);
        entry(3, 1, stream, -1, -1, -1);
        entry(3, 2, "Summary", 1, -1, -1);
        assertThat(may(CompoundFile.Kind.WORD)).isEqualTo(word);
        assertThat(may(CompoundFile.Kind.EXCEL)).isEqualTo(excel);
    }

    @Test
    void may_sheetInsideADocument_isOnlyADocument() {
        directoryAt(0);
        entry(0, 0, "Root Entry", -1, -1, 1);
        entry(0, 1, "WordDocument", 2, -1, -1);
        entry(0, 2, "ObjectPool", -1, -1, 3);
        entry(0, 3, "Workbook", -1, -1, -1);
        assertThat(may(CompoundFile.Kind.WORD)).isTrue();
        assertThat(may(CompoundFile.Kind.EXCEL)).isFalse();
    }

    @Test
    void may_wholeDirectoryWithoutADocument_isNeither() {
        directoryAt(0);
        entry(0, 0, "Root Entry", -1, -1, 1);
        entry(0, 1, "__properties_version1.0", -1, -1, -1);
        assertThat(may(CompoundFile.Kind.WORD)).isFalse();
        assertThat(may(CompoundFile.Kind.EXCEL)).isFalse();
    }

    @Test
    void may_directoryOfSeveralSectors_isFollowedThroughTheTable() {
        directoryAt(2);
        entry(2, 0, "Root Entry", -1, -1, 5);
        entry(6, 1, "Workbook", -1, -1, -1);
        table(0, -3, -1, 6, -1, -1, -1, -2);
        assertThat(may(CompoundFile.Kind.EXCEL)).isTrue();
        assertThat(may(CompoundFile.Kind.WORD)).isFalse();
    }

    @Test
    void may_tableOrTreeThatLoops_ends() {
        directoryAt(2);
        entry(2, 0, "Root Entry", -1, -1, 1);
        entry(2, 1, "Something", 1, 1, 1);
        table(0, -3, -1, 2);
        assertThat(may(CompoundFile.Kind.WORD)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 14})
    void may_directoryOutOfSight_isDecidedByTheStreamsThatStartInSight(int sector) {
        int place = (sector + 1) * SECTOR;
        head.putShort(place, (short) 0xa5ec).putShort(place + 2, (short) 0xc1);
        assertThat(may(CompoundFile.Kind.WORD)).isTrue();
        assertThat(may(CompoundFile.Kind.EXCEL)).isFalse();
    }

    @Test
    void may_workbookThatStartsInSight_isExcel() {
        head.putLong(SECTOR, 0x0005060000100809L);
        assertThat(may(CompoundFile.Kind.EXCEL)).isTrue();
        assertThat(may(CompoundFile.Kind.WORD)).isFalse();
    }

    @Test
    void may_presentationThatStartsInSight_isNeither() {
        head.putInt(SECTOR, 0x03e8000f);
        assertThat(may(CompoundFile.Kind.WORD)).isFalse();
        assertThat(may(CompoundFile.Kind.EXCEL)).isFalse();
    }

    @Test
    void may_nothingInSight_isEither() {
        assertThat(may(CompoundFile.Kind.WORD)).isTrue();
        assertThat(may(CompoundFile.Kind.EXCEL)).isTrue();
    }

    @Test
    void may_nothingInSightOfTheLargeForm_isNeither() {
        head.putShort(26, (short) 4).putShort(30, (short) 12);
        assertThat(may(CompoundFile.Kind.WORD)).isFalse();
    }

    @Test
    void may_installerByTheClassOfItsRoot_isNeither() {
        directoryAt(1);
        int root = 2 * SECTOR + 80;
        head.putInt(root, 0x000c1084).putInt(root + 4, 0).putLong(root + 8, 0x46000000000000c0L);
        assertThat(may(CompoundFile.Kind.WORD)).isFalse();
        head.putInt(root, 0x00020906);
        assertThat(may(CompoundFile.Kind.WORD)).isTrue();
        assertThat(may(CompoundFile.Kind.EXCEL)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "WordDocument, true, false",
        "Workbook, false, true",
        "PowerPoint Document, false, false",
        "__properties_version1.0, false, false"
    })
    void may_directoryAtTheEnd_decides(String stream, boolean word, boolean excel) {
        ByteBuffer end = ByteBuffer.allocate(2 * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        CompoundFileTest last = new CompoundFileTest();
        last.directoryAt(0);
        last.entry(0, 0, "Root Entry", -1, -1, 1);
        last.entry(0, 1, stream, -1, -1, -1);
        end.put(last.head.array(), SECTOR, SECTOR);
        long size = (OUT_OF_SIGHT + 1L) * SECTOR + 2 * SECTOR;
        assertThat(may(CompoundFile.Kind.WORD)).isTrue();
        Sight whole = Sight.of(head.array(), end.array(), size);
        assertThat(CompoundFile.may(whole, CompoundFile.Kind.WORD)).isEqualTo(word);
        assertThat(CompoundFile.may(whole, CompoundFile.Kind.EXCEL)).isEqualTo(excel);
    }

    @Test
    void may_headerThatNoProgramWrites_isNeither() {
        head.putShort(30, (short) 31);
        assertThat(may(CompoundFile.Kind.WORD)).isFalse();
        assertThat(CompoundFile.may(Sight.of(Arrays.copyOf(head.array(), 100)), CompoundFile.Kind.WORD))
                .isFalse();
    }

    @Test
    void may_damagedHead_alwaysEnds() throws IOException {
        byte[] real;
        try (InputStream in = getClass().getResourceAsStream("/corpus/accepted/libreoffice.doc")) {
            real = in.readNBytes(MimePolicy.HEAD_BYTES);
        }
        Random random = new Random(20260226);
        int accepted = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = real.clone();
            for (int i = 0; i < 8; i++) {
                damaged[8 + random.nextInt(random.nextBoolean() ? 600 : damaged.length - 8)] = (byte) random.nextInt();
            }
            accepted += CompoundFile.may(Sight.of(damaged), CompoundFile.Kind.WORD) ? 1 : 0;
        }
        assertThat(accepted).isBetween(1, 20_000);
    }
}
