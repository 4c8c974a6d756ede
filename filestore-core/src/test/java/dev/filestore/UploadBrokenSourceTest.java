package dev.filestore;

import static dev.filestore.StoreFixture.PDF;
import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads whose bytes break off, or are not as many as announced. */
class UploadBrokenSourceTest {

    private static final String PDF_SHA256 = "2b4a9cbce74363c0b52b807f8d27e0e3afea242ff0d7107761306a8fe7496f68";

    private final StoreFixture world = new StoreFixture();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 100_000})
    void upload_sourceDiesAtByte_leavesNothing(int bytes) {
        IOException death = new IOException("the client is gone");

        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> world.store.upload(
                        UploadRequest.of("a.pdf", dyingAfter(bytes, death)).withOwner("123")))
                .withCause(death);
        world.assertNothingLeft();
    }

    @Test
    void upload_sourceFailsInItsOwnWay_leavesNothing() {
        IllegalStateException odd = new IllegalStateException("odd");
        InputStream source =
                new SequenceInputStream(
                        new ByteArrayInputStream(new byte[0]), new ByteArrayInputStream(headed(20_000))) {
                    private int reads;

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        if (reads++ > 1) {
                            throw odd;
                        }
                        return super.read(buffer, offset, Math.min(length, 8192));
                    }
                };

        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() ->
                        world.store.upload(UploadRequest.of("a.pdf", source).withOwner("123")))
                .satisfies(e -> assertThat(e).hasRootCause(odd));
        world.assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void upload_notAsManyBytesAsAnnounced_leavesNothing(int difference) {
        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> world.store.upload(pdf("123").withLength(PDF.length + difference)))
                .withMessageContaining(String.valueOf(PDF.length + difference));
        world.assertNothingLeft();
    }

    @Test
    void upload_asManyBytesAsAnnounced_isStored() {
        assertThat(world.store.upload(pdf("123").withLength(PDF.length)).size()).isEqualTo(PDF.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {PDF_SHA256, "2B4A9CBCE74363C0B52B807F8D27E0E3AFEA242FF0D7107761306A8FE7496F68"})
    void upload_bytesOfTheAnnouncedSha256_areStored(String sha256) {
        assertThat(world.store.upload(pdf("123").withSha256(sha256)).sha256()).isEqualTo(PDF_SHA256);
    }

    @Test
    void upload_bytesOfAnotherSha256_leaveNothing() {
        String announced = PDF_SHA256.replace('2', '3');

        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> world.store.upload(pdf("123").withSha256(announced)))
                .withMessageContainingAll(announced, PDF_SHA256)
                .withNoCause();

        world.assertNothingLeft();
        assertThat(world.calls.made()).containsExactly("insert", "put", "remove");
    }

    @Test
    void upload_announcedSha256TakenBack_isNotCompared() {
        assertThat(world.store
                        .upload(pdf("123").withSha256("0".repeat(64)).withSha256(null))
                        .sha256())
                .isEqualTo(PDF_SHA256);
    }

    @Test
    void upload_sourceDiesAndRowStays_sweepRemovesIt() {
        world.calls.fail("remove", SpiCalls.Fault.BEFORE);

        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> world.store.upload(UploadRequest.of("a.pdf", dyingAfter(9000, new IOException()))
                        .withOwner("123")));

        assertThat(world.rows()).extracting(FileRow::state).containsExactly(FileState.PENDING);
        world.assertConsistentInTheEnd();
        world.assertNothingLeft();
    }

    @Test
    void upload_streamOfTheCallers_staysOpen() {
        boolean[] closed = {false};
        world.store.upload(UploadRequest.of("a.pdf", new ByteArrayInputStream(PDF) {
                    @Override
                    public void close() {
                        closed[0] = true;
                    }
                })
                .withOwner("123"));

        assertThat(closed[0]).isFalse();
    }

    private InputStream dyingAfter(int bytes, IOException death) {
        return new InputStream() {
            private final ByteArrayInputStream alive = new ByteArrayInputStream(headed(bytes));

            @Override
            public int read() throws IOException {
                throw new AssertionError("read in bulk");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = alive.read(buffer, offset, length);
                if (read < 0) {
                    throw death;
                }
                return read;
            }
        };
    }

    private byte[] headed(int bytes) {
        byte[] content = new byte[bytes];
        System.arraycopy(PDF, 0, content, 0, Math.min(bytes, PDF.length));
        return content;
    }
}
