package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {

    private static final long MIB = 1024 * 1024;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private long nanos;

    @Test
    void line_inTheMiddle_tellsFilesBytesRateAndTimeLeft() {
        Progress progress = new Progress(out, false, () -> nanos, 4, 100 * MIB);
        nanos = TimeUnit.SECONDS.toNanos(2);
        progress.bytesRead(20 * MIB);
        progress.fileDone(30 * MIB);

        assertThat(progress.line()).isEqualTo("1 of 4 files, 50.0 MiB of 100.0 MiB, 10.0 MiB/s, 5 s left");
    }

    @Test
    void line_beforeTheFirstByte_tellsNoTimeLeft() {
        nanos = 5;
        assertThat(new Progress(out, false, () -> nanos, 1, MIB).line())
                .isEqualTo("0 of 1 files, 0 B of 1.0 MiB, 0 B/s");
    }

    @Test
    void showUntilDone_atATerminal_writesOverOneLine() throws Exception {
        Progress progress = new Progress(out, true, System::nanoTime, 1, MIB);
        progress.showUntilDone(new CompletableFuture<>().completeOnTimeout("", 500, TimeUnit.MILLISECONDS));
        progress.end();

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("\r0 of 1 files")
                .endsWith("\r\u001b[K")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1048575, 1.0 MiB",
        "52428800, 50.0 MiB",
        "5497558138880, 5.0 TiB"
    })
    void size_ofBytes_isShort(long bytes, String text) {
        assertThat(Progress.size(bytes)).isEqualTo(text);
    }
}
