package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.filestore.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartsTest {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final long LARGEST_OBJECT = 5 * MEBIBYTE * MEBIBYTE;

    private final PartMemory memory = new PartMemory(16 * MEBIBYTE, Duration.ofMinutes(1));

    @ParameterizedTest
    @ValueSource(longs = {-1, LARGEST_OBJECT})
    void sizes_largestObject_needNoMoreThanTenThousandParts(long length) {
        PartSizes sizes = new PartSizes(5 * MEBIBYTE, 5 * 1024 * MEBIBYTE, length, "key");
        long offset = 0;
        int parts = 0;
        while (offset < LARGEST_OBJECT) {
            long size = sizes.at(offset);
            assertThat(size).isLessThanOrEqualTo(5 * 1024 * MEBIBYTE);
            assertThat(size).isGreaterThanOrEqualTo(Math.min(5 * MEBIBYTE, LARGEST_OBJECT - offset));
            offset += size;
            parts++;
        }
        assertThat(parts).isLessThanOrEqualTo(PartSizes.MAX_PARTS);
    }

    @Test
    void sizes_upToSomeGigabytes_areThoseOfTheSettings() {
        long memory = 1024 * MEBIBYTE;
        assertThat(new PartSizes(8 * MEBIBYTE, memory, -1, "key").at(10 * 1024 * MEBIBYTE))
                .isEqualTo(8 * MEBIBYTE);
        assertThat(new PartSizes(8 * MEBIBYTE, memory, 50 * 1024 * MEBIBYTE, "key").at(0))
                .isEqualTo(8 * MEBIBYTE);
    }

    @Test
    void sizes_knownLength_endWithIt() {
        PartSizes sizes = new PartSizes(8 * MEBIBYTE, 16 * MEBIBYTE, 20 * MEBIBYTE, "key");
        assertThat(sizes.at(16 * MEBIBYTE)).isEqualTo(4 * MEBIBYTE);
        assertThat(sizes.at(20 * MEBIBYTE)).isEqualTo(1);
        assertThat(new PartSizes(8 * MEBIBYTE, 16 * MEBIBYTE, 100, "key").at(0)).isEqualTo(100);
    }

    @Test
    void sizes_unknownLength_doNotOutgrowTheMemory() {
        PartSizes sizes = new PartSizes(8 * MEBIBYTE, 16 * MEBIBYTE, -1, "key");
        assertThat(sizes.at(LARGEST_OBJECT)).isEqualTo(16 * MEBIBYTE);
    }

    @Test
    void sizes_moreThanMemoryHasRoomFor_areRefused() {
        assertThatThrownBy(() -> new PartSizes(8 * MEBIBYTE, 16 * MEBIBYTE, LARGEST_OBJECT, "key"))
                .isInstanceOf(StorageException.class)
                .hasMessage("put key: 5497558138880 bytes need parts of 549781504, and all parts have 16777216 bytes of"
                        + " memory, see S3Settings.Builder.partMemoryBytes");
    }

    @Test
    void fill_smallSource_allocatesNoWholePart() throws IOException {
        byte[] content = new byte[4_096];
        fill(new ByteArrayInputStream(content));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        fill(new ByteArrayInputStream(content));
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64 * 1024);
    }

    @Test
    void fill_manyLargePartsAgainAndAgain_usesTheSameMemory() throws IOException {
        byte[] content = bytes(1_900_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // The collector may come between two rounds, but not between all.
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            List<PartBuffer> parts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                PartBuffer part = new PartBuffer(memory, "key");
                part.fill(new ByteArrayInputStream(content), 2 * MEBIBYTE);
                parts.add(part);
            }
            parts.forEach(PartBuffer::close);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(MEBIBYTE / 2);
    }

    @Test
    void giveBack_segmentThatNobodyTakes_isLeftToTheCollector() {
        WeakReference<byte[]> segment = new WeakReference<>(memory.take());
        memory.giveBack(Objects.requireNonNull(segment.get()));
        System.gc();
        assertThat(segment.get()).isNull();
        assertThat(memory.take()).hasSize(PartMemory.SEGMENT);
    }

    @Test
    void body_readAgain_givesTheSameBytes() throws IOException {
        byte[] content = bytes(300_000);
        try (PartBuffer buffer = new PartBuffer(memory, "key")) {
            assertThat(buffer.fill(new ByteArrayInputStream(content), MEBIBYTE)).isTrue();
            for (int attempt = 0; attempt < 2; attempt++) {
                try (InputStream body =
                        buffer.body("any").contentStreamProvider().newStream()) {
                    assertThat(body.readAllBytes()).isEqualTo(content);
                    assertThat(body.read()).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void begin_bytesThatWereReadAhead_beginThePart() throws IOException {
        byte[] content = bytes(250_000);
        InputStream source = new ByteArrayInputStream(content);
        PartBuffer first = new PartBuffer(memory, "key");
        PartBuffer second = new PartBuffer(memory, "key");
        assertThat(first.fill(source, 100_000)).isFalse();
        assertThat(second.begin(source)).isFalse();
        assertThat(second.size()).isPositive();
        assertThat(second.fill(source, 200_000)).isTrue();
        assertThat(first.body("any").contentStreamProvider().newStream().readAllBytes())
                .isEqualTo(Arrays.copyOfRange(content, 0, 100_000));
        assertThat(second.body("any").contentStreamProvider().newStream().readAllBytes())
                .isEqualTo(Arrays.copyOfRange(content, 100_000, 250_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 65_536, 1_000_003})
    void checksum_joinedOfParts_isThatOfTheWhole(int partSize) {
        byte[] content = bytes(1_500_000);
        ObjectChecksum joined = new ObjectChecksum();
        int size = Math.max(partSize, 1);
        // An empty part changes nothing.
        joined.append(crc(content, 0, 0), 0);
        int parts = Math.min(1_000, (content.length + size - 1) / size);
        int end = Math.min(content.length, parts * size);
        for (int offset = 0; offset < end; offset += size) {
            int length = Math.min(size, end - offset);
            joined.append(crc(content, offset, length), length);
        }
        assertThat(joined.encoded()).isEqualTo(ObjectChecksum.encoded(crc(content, 0, end)));
    }

    private static long crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return crc.getValue();
    }

    private void fill(InputStream source) throws IOException {
        try (PartBuffer buffer = new PartBuffer(memory, "key")) {
            assertThat(buffer.fill(source, 8 * MEBIBYTE)).isTrue();
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
