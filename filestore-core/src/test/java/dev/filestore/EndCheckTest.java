package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.MimePolicy.Accepted;
import dev.filestore.MimePolicy.AcceptedSoFar;
import dev.filestore.MimePolicy.EndCheck;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads whose policy looks at their end too. */
class EndCheckTest {

    private final StoreFixture world = new StoreFixture();
    private final List<byte[]> ends = new ArrayList<>();
    private final List<Long> sizes = new ArrayList<>();
    private final EndCheck recording = (end, size) -> {
        ends.add(end);
        sizes.add(size);
        return Optional.empty();
    };

    private FileStore store(EndCheck check, long maxBytes) {
        MimePolicy policy =
                (name, type, head) -> new AcceptedSoFar(new Accepted("text/plain", Category.DOCUMENT, maxBytes), check);
        return world.builder().policy(policy).build();
    }

    private static UploadRequest upload(InputStream in) {
        return UploadRequest.of("a.txt", in).withOwner("123");
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1,
                MimePolicy.HEAD_BYTES,
                MimePolicy.END_BYTES - 1,
                MimePolicy.END_BYTES,
                MimePolicy.END_BYTES + 1,
                3 * MimePolicy.END_BYTES + 7
            })
    void upload_endAgrees_wasAskedOnceWithTheLastBytes(int length) {
        byte[] bytes = noise(length);

        StoredFile file = store(recording, 1_000_000).upload(upload(new ByteArrayInputStream(bytes)));

        assertThat(world.read(file.id())).isEqualTo(bytes);
        assertThat(sizes).containsExactly((long) length);
        assertThat(ends).hasSize(1);
        assertThat(ends.get(0))
                .isEqualTo(Arrays.copyOfRange(bytes, Math.max(0, length - MimePolicy.END_BYTES), length));
    }

    @Test
    void upload_endSpeaksAgainstIt_isRefusedAndLeavesNothing() {
        FileStore store = store((end, size) -> Optional.of(new MimePolicy.Refused("not so")), 1_000_000);

        assertThatExceptionOfType(FileRefusedException.class)
                .isThrownBy(() -> store.upload(upload(new ByteArrayInputStream(noise(100_000)))))
                .satisfies(e -> {
                    assertThat(e.reason()).isEqualTo(FileRefusedException.Reason.TYPE_NOT_ALLOWED);
                    assertThat(e).hasMessage("not so");
                });

        world.assertNothingLeft();
    }

    @Test
    void upload_endCheckFails_failsAndLeavesNothing() {
        FileStore store = store(
                (end, size) -> {
                    throw new IllegalStateException("a mistake of the policy");
                },
                1_000_000);

        assertThatThrownBy(() -> store.upload(upload(new ByteArrayInputStream(noise(100_000)))))
                .hasStackTraceContaining("a mistake of the policy");

        world.assertNothingLeft();
    }

    @Test
    void upload_sourceThatBreaks_isNotAsked() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("gone");
            }
        };
        InputStream in = new SequenceInputStream(new ByteArrayInputStream(noise(50_000)), broken);

        assertThatExceptionOfType(SourceException.class)
                .isThrownBy(() -> store(recording, 1_000_000).upload(upload(in)));

        assertThat(ends).isEmpty();
        world.assertNothingLeft();
    }

    @Test
    void upload_tooLarge_isNotAsked() {
        assertThatExceptionOfType(FileRefusedException.class)
                .isThrownBy(() -> store(recording, 9_999).upload(upload(new ByteArrayInputStream(noise(10_000)))));

        assertThat(ends).isEmpty();
        world.assertNothingLeft();
    }
}
