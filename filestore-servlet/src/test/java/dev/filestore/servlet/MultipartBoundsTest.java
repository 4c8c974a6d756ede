package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much the reader takes in, and in how many steps, of forms that have no end. */
class MultipartBoundsTest {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int CONTENT_BYTES = 20_000_000;
    private static final String PART =
            "--" + Form.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n";

    /** A beginning, then the same again and again; counts what is taken of it. */
    private static final class Repeated extends InputStream {

        private final byte[] start;
        private final byte[] rest;
        private final long length;
        private long given;
        private int reads;

        Repeated(String start, String rest, long length) {
            this.start = start.getBytes(StandardCharsets.ISO_8859_1);
            this.rest = rest.getBytes(StandardCharsets.ISO_8859_1);
            this.length = length;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("bytes are read in bulk");
        }

        @Override
        public int read(byte[] buffer, int offset, int wanted) {
            assertThat(wanted).isPositive();
            reads++;
            int read = (int) Math.min(wanted, length - given);
            if (read == 0) {
                return -1;
            }
            for (int i = 0; i < read; i++) {
                long at = given + i;
                buffer[offset + i] =
                        at < start.length ? start[(int) at] : rest[(int) ((at - start.length) % rest.length)];
            }
            given += read;
            return read;
        }
    }

    private static Repeated endless(String start, String rest) {
        return new Repeated(start, rest, Long.MAX_VALUE);
    }

    private static void assertGivenUpWithin(long bytes, Repeated body) {
        MultipartReader reader = new MultipartReader(body, Form.BOUNDARY);
        assertThatThrownBy(() -> {
                    while (reader.next() != null) {
                        assertThat(reader.skip(0)).isTrue();
                    }
                })
                .isInstanceOf(MalformedBodyException.class);
        assertThat(body.given).isLessThanOrEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", " ", "\r\n ", "X: y\r\n", ";", "\\", "\"", ":"})
    void next_endlessHeader_isGivenUpWithinTwoBuffers(String rest) {
        assertGivenUpWithin(MultipartReader.MAX_HEADER_BYTES + BUFFER_BYTES, endless(PART + "X-1: ", rest));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\r", "\n", "\r\n", "\r\n--", "-"})
    void next_endlessPreamble_isGivenUpWithinABuffer(String rest) {
        assertGivenUpWithin(MultipartReader.MAX_PREAMBLE_BYTES + BUFFER_BYTES, endless("", rest));
    }

    @Test
    void next_endlessEpilogue_isGivenUpWithinTwoBuffers() {
        assertGivenUpWithin(
                MultipartReader.MAX_EPILOGUE_BYTES + BUFFER_BYTES, endless("--" + Form.BOUNDARY + "--", "-"));
    }

    @Test
    void next_endlessParts_areGivenUpBehindTheLastThatMayBe() {
        String part = PART + "\r\n\r\n";

        assertGivenUpWithin((long) part.length() * MultipartReader.MAX_PARTS + BUFFER_BYTES, endless("", part));
    }

    @Test
    void readField_withoutEnd_isGivenUpWithinABuffer() throws IOException {
        Repeated body = endless(PART + "\r\n", "x");
        MultipartReader reader = new MultipartReader(body, Form.BOUNDARY);
        reader.next();

        assertThatThrownBy(() -> reader.readField("file", 64)).isInstanceOf(MalformedBodyException.class);
        assertThat(body.given).isLessThanOrEqualTo(BUFFER_BYTES);
    }

    /**
     * CVE-2023-46136 (Werkzeug): content that begins with a line break and has no other was searched again from its start
     * with each buffer. CVE-2016-3092 (Commons FileUpload): what could be the boundary left little room to read into.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0",
                "\r",
                "\n",
                "\r\n",
                "\r\n-",
                "\r\n--",
                "\r\n--" + "----Boundary7MA4YWx",
                "----Boundary7MA4YWxk",
                "k",
                "-",
                "--k"
            })
    void read_contentLikeABoundary_isTakenInWholeBuffersAndOnce(String rest) throws IOException {
        Repeated body = new Repeated(PART + "\r\n\r\n", rest, CONTENT_BYTES);
        MultipartReader reader = new MultipartReader(body, Form.BOUNDARY);
        reader.next();
        byte[] target = new byte[BUFFER_BYTES];
        long before = allocatedBytes();

        assertThatThrownBy(() -> {
                    while (reader.read(target, 0, target.length) >= 0) {
                        // Whatever comes.
                    }
                })
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage("The body ends before its last boundary");

        // Each buffer is searched when it was filled, but for the end of the one before.
        assertThat(body.reads).isLessThanOrEqualTo(CONTENT_BYTES / (BUFFER_BYTES - 100) + 10);
        assertThat(allocatedBytes() - before).isLessThan(1_000_000);
    }

    /** CVE-2025-48976 (Commons FileUpload), CVE-2023-24536 (Go): headers of many parts were all kept. */
    @Test
    void next_partsWithTheLongestHeaders_areForgottenOneAfterTheOther() throws IOException {
        String name = "x".repeat(8_000);
        String part = "--" + Form.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n\r\n";
        Repeated body = endless("", part);
        MultipartReader reader = new MultipartReader(body, Form.BOUNDARY);
        long before = allocatedBytes();

        for (int i = 0; i < MultipartReader.MAX_PARTS; i++) {
            assertThat(reader.next()).isNotNull();
            assertThat(reader.skip(0)).isTrue();
        }

        assertThat(allocatedBytes() - before).isLessThan(MultipartReader.MAX_PARTS * 16L * 8_192 + BUFFER_BYTES);
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
