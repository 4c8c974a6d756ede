package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the test of a backend implements beside {@link StorageBackendContract}, if the bytes of an open object can break
 * off: a file that is cut, a connection that goes. Reading must fail then, and never end as if all had come.
 */
public interface BreakingOffContract {

    /**
     * Stores the content and opens it whole, in such a way that its bytes break off.
     *
     * @param at how many bytes come at most, fewer than there are
     */
    InputStream openBreakingOff(byte[] content, int at) throws IOException;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000, 199_999})
    default void read_bytesBreakOff_fails(int at) throws IOException {
        byte[] content = StorageBackendContract.bytes(200_000, 1);
        byte[] received = new byte[content.length];
        int count = 0;
        try (InputStream in = openBreakingOff(content, at)) {
            assertThatThrownBy(
                            () -> in.readNBytes(received, 0, received.length),
                            "reading an object whole, of which %s bytes come at most",
                            at)
                    .isInstanceOf(IOException.class);
        }
        try (InputStream in = openBreakingOff(content, at)) {
            while (true) {
                int read;
                try {
                    read = in.read(received, count, received.length - count);
                } catch (IOException e) {
                    break;
                }
                assertThat(read).as("the end was told after %s bytes", count).isPositive();
                count += read;
            }
        }
        assertThat(count).isLessThanOrEqualTo(at);
        assertThat(Arrays.copyOf(received, count)).isEqualTo(Arrays.copyOf(content, count));
    }

    @Test
    default void readSingle_bytesBreakOff_fails() throws IOException {
        byte[] content = StorageBackendContract.bytes(200_000, 1);
        try (InputStream in = openBreakingOff(content, 0)) {
            assertThatThrownBy(in::read, "reading a byte of an object of which none come")
                    .isInstanceOf(IOException.class);
        }
    }
}
