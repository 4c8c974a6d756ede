package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MultipartReaderTest {

    private static final int TAIL = 200;

    /** Gives its bytes in two pieces, or in many. */
    private static final class Pieces extends FilterInputStream {

        private final int firstPiece;
        private final int otherPieces;
        private int given;

        Pieces(byte[] bytes, int firstPiece, int otherPieces) {
            super(new ByteArrayInputStream(bytes));
            this.firstPiece = firstPiece;
            this.otherPieces = otherPieces;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int piece = given < firstPiece ? firstPiece - given : otherPieces;
            int read = super.read(buffer, offset, Math.min(piece, length));
            given += Math.max(read, 0);
            return read;
        }

        @Override
        public int read(byte[] buffer) throws IOException {
            return read(buffer, 0, buffer.length);
        }
    }

    private static MultipartReader reader(InputStream in) {
        return new MultipartReader(in, Form.BOUNDARY);
    }

    private static byte[] content(MultipartReader reader) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[1000];
        for (int read; (read = reader.read(buffer, 0, buffer.length)) >= 0; ) {
            assertThat(read).isPositive();
            bytes.write(buffer, 0, read);
        }
        return bytes.toByteArray();
    }

    private static void assertReads(InputStream in, byte[] content) throws IOException {
        MultipartReader reader = reader(in);
        PartHeader before = reader.next();
        assertThat(before).isEqualTo(new PartHeader("before", null, null, null, null));
        assertThat(reader.readField("before", 10)).isEqualTo("1");
        assertThat(reader.next()).isEqualTo(new PartHeader("file", "문서.pdf", "application/pdf", null, null));
        assertThat(content(reader)).isEqualTo(content);
        assertThat(reader.next()).isEqualTo(new PartHeader("behind", null, null, null, null));
        assertThat(reader.readField("behind", 10)).isEqualTo("2");
        assertThat(reader.next()).isNull();
    }

    private static byte[] form(byte[] content) {
        return new Form()
                .text("preamble\r\n")
                .field("before", "1")
                .file("file", "문서.pdf", "application/pdf", content)
                .field("behind", "2")
                .bytes();
    }

    /** Content that again and again looks as if the boundary began. */
    private static byte[] deceptive() {
        return ("\r\n--" + Form.BOUNDARY.substring(0, Form.BOUNDARY.length() - 1) + "\r\n--\r\r\n\n--" + Form.BOUNDARY
                        + "\r\n\r--" + Form.BOUNDARY + "-\r\n-" + Form.BOUNDARY + "\r\n-\r\n--")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void read_cutInTwoAtEveryOffset_findsTheParts() throws IOException {
        byte[] form = form(deceptive());

        for (int cut = 1; cut < form.length; cut++) {
            assertReads(new Pieces(form, cut, Integer.MAX_VALUE), deceptive());
        }
    }

    @Test
    void read_inPiecesOfEverySize_findsTheParts() throws IOException {
        byte[] form = form(deceptive());

        for (int piece = 1; piece < 120; piece++) {
            assertReads(new Pieces(form, 0, piece), deceptive());
        }
    }

    @Test
    void read_contentAroundTheSizeOfTheBuffer_isKeptToTheByte() throws IOException {
        Random random = new Random(7);
        for (int size = 64 * 1024 - TAIL; size < 64 * 1024 + TAIL; size++) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            assertReads(new ByteArrayInputStream(form(content)), content);
        }
    }

    @Test
    void read_contentOfBoundaryCharactersOnly_isKeptToTheByte() throws IOException {
        Random random = new Random(8);
        byte[] alphabet = ("\r\n-" + Form.BOUNDARY).getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 200; round++) {
            byte[] content = new byte[random.nextInt(5000)];
            for (int i = 0; i < content.length; i++) {
                content[i] = alphabet[random.nextInt(alphabet.length)];
            }
            assertReads(new Pieces(form(content), random.nextInt(300), 1 + random.nextInt(300)), content);
        }
    }

    @Test
    void read_cutOffAtEveryOffset_neverEndsWell() {
        byte[] form = form(deceptive());

        // Without the line break at the very end the body is whole.
        for (int end = 0; end < form.length - 2; end++) {
            byte[] cut = Arrays.copyOf(form, end);
            assertThatThrownBy(() -> assertReads(new ByteArrayInputStream(cut), deceptive()))
                    .isInstanceOf(MalformedBodyException.class);
        }
    }

    @Test
    void boundary_inItsVariousForms_isFound() throws MalformedBodyException {
        assertThat(MultipartReader.boundary("multipart/form-data; boundary=abc"))
                .isEqualTo("abc");
        assertThat(MultipartReader.boundary("multipart/form-data;charset=x;BOUNDARY=\"a b:c\" ; d=e"))
                .isEqualTo("a b:c");
        assertThat(MultipartReader.boundary("multipart/form-data; boundary=" + "x".repeat(70)))
                .hasSize(70);
        for (String none : new String[] {
            "",
            "; boundary",
            "; boundary=",
            "; boundary=\"\"",
            "; boundary=\"a \"",
            "; boundary=ü",
            "; boundary=" + "x".repeat(71),
            "; notboundary=x"
        }) {
            assertThatThrownBy(() -> MultipartReader.boundary("multipart/form-data" + none))
                    .describedAs(none)
                    .isInstanceOf(MalformedBodyException.class);
        }
    }
}
