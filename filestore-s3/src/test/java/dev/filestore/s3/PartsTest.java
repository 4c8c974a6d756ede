package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartsTest {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final long LARGEST_OBJECT = 5 * MEBIBYTE * MEBIBYTE;

    @ParameterizedTest
    @ValueSource(longs = {-1, LARGEST_OBJECT})
    void sizes_largestObject_needNoMoreThanTenThousandParts(long length) {
        PartSizes sizes = new PartSizes(5 * MEBIBYTE, length);
        long offset = 0;
        int parts = 0;
        while (offset < LARGEST_OBJECT) {
            long size = sizes.at(offset);
            assertThat(size).isBetween(5 * MEBIBYTE, 5 * 1024 * MEBIBYTE);
            offset += size;
            parts++;
        }
        assertThat(parts).isLessThanOrEqualTo(PartSizes.MAX_PARTS);
    }

    @Test
    void sizes_upToSomeGigabytes_areThoseOfTheSettings() {
        assertThat(new PartSizes(8 * MEBIBYTE, -1).at(10 * 1024 * MEBIBYTE)).isEqualTo(8 * MEBIBYTE);
        assertThat(new PartSizes(8 * MEBIBYTE, 50 * 1024 * MEBIBYTE).at(0)).isEqualTo(8 * MEBIBYTE);
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
    void body_readAgain_givesTheSameBytes() throws IOException {
        byte[] content = bytes(300_000);
        PartBuffer buffer = new PartBuffer();
        assertThat(buffer.fill(new ByteArrayInputStream(content), MEBIBYTE)).isTrue();
        for (int attempt = 0; attempt < 2; attempt++) {
            try (InputStream body = buffer.body("any").contentStreamProvider().newStream()) {
                assertThat(body.readAllBytes()).isEqualTo(content);
                assertThat(body.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void next_bytesThatWereReadAhead_beginThePart() throws IOException {
        byte[] content = bytes(250_000);
        InputStream source = new ByteArrayInputStream(content);
        PartBuffer buffer = new PartBuffer();
        assertThat(buffer.fill(source, 100_000)).isFalse();
        assertThat(buffer.isAtEnd(source)).isFalse();
        buffer.next();
        assertThat(buffer.fill(source, 100_000)).isFalse();
        assertThat(buffer.body("any").contentStreamProvider().newStream().readAllBytes())
                .isEqualTo(Arrays.copyOfRange(content, 100_000, 200_000));
        buffer.next();
        assertThat(buffer.fill(source, 100_000)).isTrue();
        assertThat(buffer.body("any").contentStreamProvider().newStream().readAllBytes())
                .isEqualTo(Arrays.copyOfRange(content, 200_000, 250_000));
        assertThat(buffer.total()).isEqualTo(250_000);
    }

    private static void fill(InputStream source) throws IOException {
        assertThat(new PartBuffer().fill(source, 8 * MEBIBYTE)).isTrue();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
