package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How slowly a body may come, by a time that the test sets. */
class RequestBodyTest {

    private final SettableTime time = new SettableTime();
    private final Patience patience = new Patience(new RateLimits.SlowestBody(500, Duration.ofSeconds(30)), 1, time);
    private final byte[] buffer = new byte[100_000];

    /** What the client does during the next read. */
    private Duration pause = Duration.ZERO;

    private int bytes;

    private final RequestBody body = body();

    private RequestBody body() {
        return body(50_000_000L);
    }

    private RequestBody body(long length) {
        HttpServletRequest request = mock(HttpServletRequest.class);
        when(request.getContentLengthLong()).thenReturn(length);
        when(request.getHeader("Transfer-Encoding")).thenReturn(length < 0 ? "chunked" : null);
        try {
            when(request.getInputStream()).thenReturn(new Client());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new RequestBody(request, patience);
    }

    /** How many bytes have come, of which a container may only tell that there is one. */
    private int there;

    private final class Client extends ServletInputStream {

        @Override
        public int available() {
            return Math.min(there, 1);
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            time.pass(pause);
            int read = Math.min(bytes, length);
            Arrays.fill(target, offset, offset + read, (byte) 'x');
            there -= read;
            return read;
        }

        @Override
        public int read() {
            throw new IllegalStateException("bodies are read in bulk");
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {}
    }

    private void read(int count, Duration after) throws IOException {
        bytes = count;
        pause = after;
        body.read(buffer);
    }

    @Test
    void read_oneByteASecond_isGivenUpAfterTheGrace() throws IOException {
        for (int i = 0; i < 30; i++) {
            read(1, Duration.ofSeconds(1));
        }

        assertThatThrownBy(() -> read(1, Duration.ofSeconds(1)))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessage(
                        "The body comes too slowly: a body comes with at least 500 bytes per second, or makes up for it"
                                + " within 30 seconds");
        assertThatThrownBy(() -> read(1, Duration.ZERO)).isInstanceOf(MalformedBodyException.class);
        assertThat(body.isTooSlow()).isTrue();
        assertThat(body.isPending()).isTrue();
    }

    @Test
    void read_atTheSlowestRate_mayTakeForEver() throws IOException {
        for (int i = 0; i < 100_000; i++) {
            read(500, Duration.ofSeconds(1));
        }
        assertThat(body.isTooSlow()).isFalse();
    }

    @Test
    void read_stallsThatAreMadeUpFor_areForgotten() throws IOException {
        for (int i = 0; i < 100; i++) {
            read(15_000, Duration.ofSeconds(29));
        }
        assertThat(body.isTooSlow()).isFalse();
    }

    /** Else a client sends most of a file at once, and has hours for the rest. */
    @Test
    void read_fastBytes_areNoCreditForLater() throws IOException {
        for (int i = 0; i < 400; i++) {
            read(100_000, Duration.ZERO);
        }

        assertThatThrownBy(() -> read(1, Duration.ofSeconds(31))).isInstanceOf(MalformedBodyException.class);
    }

    /** A storage that holds the upload up is no fault of the client's. */
    @Test
    void read_timeBetweenReads_doesNotCount() {
        assertThatCode(() -> {
                    for (int i = 0; i < 100; i++) {
                        read(1, Duration.ofMillis(1));
                        time.pass(Duration.ofHours(1));
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void drain_endsWhenItsTimeIsOver() {
        bytes = 1_000;
        pause = Duration.ofSeconds(1);

        long start = time.currentTimeNanos();
        body.drain(Long.MAX_VALUE, 10);

        assertThat(time.currentTimeNanos() - start)
                .isEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void drain_ofATrickle_endsWhenTheGraceIsOver() {
        bytes = 1;
        pause = Duration.ofSeconds(1);

        long start = time.currentTimeNanos();
        body.drain(Long.MAX_VALUE, 60);

        assertThat(time.currentTimeNanos() - start)
                .isEqualTo(Duration.ofSeconds(31).toNanos());
    }

    @Test
    void isHere_allHasComeThoughNotAtOnce_keepsItForTheReader() throws IOException {
        RequestBody small = body(30);
        bytes = 10;
        there = 30;

        assertThat(small.isHere()).isTrue();
        assertThat(there).isZero();
        assertThat(small.readNBytes(30)).hasSize(30).containsOnly('x');
        assertThat(small.isPending()).isFalse();
    }

    @Test
    void isHere_someIsMissing_waitsForNothingAndLosesNothing() throws IOException {
        RequestBody small = body(30);
        bytes = 10;
        there = 20;

        assertThat(small.isHere()).isFalse();
        assertThat(small.isPending()).isTrue();
        assertThat(small.readNBytes(30)).hasSize(30).containsOnly('x');
    }

    /** The frame of a chunk may be all that has come, and a read behind it would wait. */
    @Test
    void drop_ofABodyWithoutALength_readsNothing() throws IOException {
        RequestBody chunked = body(-1);
        bytes = 10;
        there = 10;

        chunked.drop(1_000);

        assertThat(there).isEqualTo(10);
        assertThat(chunked.isHere()).isFalse();
    }

    @Test
    void drop_readsWhatIsThereAndWaitsForNothing() {
        bytes = 1_000;

        // InputStream says that nothing is there.
        body.drop(Long.MAX_VALUE);

        assertThat(body.isPending()).isTrue();
    }
}
