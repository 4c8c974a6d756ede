package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The part of the contract kit for readers. */
abstract class StorageOpenContract {

    private final StorageBackendContract contract;

    StorageOpenContract(StorageBackendContract contract) {
        this.contract = contract;
    }

    @Test
    void open_absentKey_isEmpty() throws IOException {
        contract.assertAbsent(contract.key("none"));
        assertThat(contract.backend().open(contract.key("none"), new ByteRange(5, 5), null))
                .isEmpty();
    }

    @Test
    void open_partOfAKey_isEmpty() throws IOException {
        contract.store(contract.key("folder/file"), new byte[] {1});
        contract.assertAbsent(contract.key("folder"));
        contract.assertAbsent(contract.key("folder/fil"));
        contract.assertAbsent(contract.key("folder/file/below"));
    }

    @Test
    void open_ranges_giveTheirBytes() {
        byte[] content = stored();
        int size = content.length;
        int part = contract.partSizeBytes();
        assertRange(content, 0, 1);
        assertRange(content, 0, size);
        assertRange(content, 1, 1);
        assertRange(content, part - 10, 20);
        assertRange(content, part, 1_000);
        assertRange(content, size / 2, 1_000);
        assertRange(content, size - 1, 1);
    }

    @Test
    void open_rangeOverTheEnd_givesWhatIsThere() {
        byte[] content = stored();
        int size = content.length;
        assertRange(content, size - 5, 100);
        assertRange(content, size - 1, 2);
        assertRange(content, size - 7, Long.MAX_VALUE);
        assertRange(content, size - 7, Long.MAX_VALUE - size);
        assertRange(content, 0, size + 1L);
    }

    @Test
    void open_rangeBehindTheEnd_isAnEmptyStream() {
        int size = stored().length;
        assertEmpty(size, 1);
        assertEmpty(size, Long.MAX_VALUE);
        assertEmpty(size + 1_000L, 5);
        assertEmpty(Long.MAX_VALUE, 1);
    }

    @Test
    void open_rangeOfAnEmptyObject_isAnEmptyStream() {
        contract.store(contract.key("file"), new byte[0]);
        assertThat(contract.load(contract.key("file"), ByteRange.ALL)).isEmpty();
        assertEmpty(0, 1);
        assertEmpty(3, 4);
    }

    @Test
    void open_singleReads_giveEachByteAndThenTheEnd() throws IOException {
        byte[] content = {0, 1, (byte) 0x80, (byte) 0xff};
        contract.store(contract.key("file"), content);
        try (InputStream in = open()) {
            assertThat(in.read()).isZero();
            assertThat(in.read()).isEqualTo(1);
            assertThat(in.read(new byte[0])).isZero();
            assertThat(in.read()).isEqualTo(0x80);
            assertThat(in.read()).isEqualTo(0xff);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[10])).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void open_skippedBytes_areLeftOut() throws IOException {
        byte[] content = stored();
        try (InputStream in = open()) {
            in.skipNBytes(1_000);
            StorageBackendContract.assertSame(
                    in.readNBytes(10), Arrays.copyOfRange(content, 1_000, 1_010), "10 bytes behind 1,000 skipped ones");
        }
    }

    @Test
    void open_closedEarlyManyTimes_losesNoConnection() throws IOException {
        byte[] content = stored();
        for (int i = 0; i < 100; i++) {
            try (InputStream in = open()) {
                assertThat(in.read()).isEqualTo(content[0] & 0xff);
            }
            // Not read at all.
            open().close();
        }
        contract.assertHolds(contract.key("file"), content);
    }

    @Test
    void open_closedTwice_isClosed() throws IOException {
        stored();
        InputStream in = open();
        in.close();
        in.close();
        contract.backend().delete(contract.key("file"));
        contract.assertAbsent(contract.key("file"));
    }

    @Test
    void open_severalReaders_doNotDisturbEachOther() throws IOException {
        byte[] content = stored();
        try (InputStream one = open();
                InputStream other = open()) {
            assertThat(one.readNBytes(100)).isEqualTo(Arrays.copyOf(content, 100));
            assertThat(other.readNBytes(50)).isEqualTo(Arrays.copyOf(content, 50));
            assertThat(one.readNBytes(100)).isEqualTo(Arrays.copyOfRange(content, 100, 200));
        }
    }

    private byte[] stored() {
        byte[] content = StorageBackendContract.bytes(contract.partSizeBytes() + 10_007, 1);
        contract.store(contract.key("file"), content);
        return content;
    }

    private InputStream open() {
        return contract.backend()
                .open(contract.key("file"), ByteRange.ALL, null)
                .orElseThrow();
    }

    private void assertRange(byte[] content, int offset, long length) {
        int end = offset + (int) Math.min(length, content.length - offset);
        StorageBackendContract.assertSame(
                load(offset, length),
                Arrays.copyOfRange(content, offset, end),
                "the range of %s bytes from %s on, of an object of %s".formatted(length, offset, content.length));
    }

    private void assertEmpty(long offset, long length) {
        assertThat(load(offset, length))
                .as("the range of %s bytes from %s on, which is behind the end", length, offset)
                .isEmpty();
    }

    private byte[] load(long offset, long length) {
        return contract.load(contract.key("file"), new ByteRange(offset, length));
    }
}
