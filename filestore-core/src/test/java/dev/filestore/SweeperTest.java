package dev.filestore;

import static dev.filestore.StoreFixture.pdf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SweeperTest {

    private final StoreFixture world = new StoreFixture();
    private final LinkedBlockingQueue<SweepReport> reports = new LinkedBlockingQueue<>();
    private final FileStore store = world.builder()
            .listener(new FileStoreListener() {
                @Override
                public void swept(SweepReport report) {
                    reports.add(report);
                }
            })
            .build();

    private SweepReport next() throws InterruptedException {
        return reports.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void start_sweepsAgainAndAgain() throws Exception {
        store.upload(pdf("123").withTtl(Duration.ofHours(1)));
        world.clock.advance(Duration.ofHours(2));

        try (Sweeper sweeper = Sweeper.start(store, Duration.ofMillis(5))) {
            assertThat(next()).isEqualTo(new SweepReport(1, 0, 1, 0));
            assertThat(next()).isEqualTo(new SweepReport(0, 0, 0, 0));
            assertThat(next()).isNotNull();
            assertThat(sweeper).isNotNull();
        }
        assertThat(world.objects()).isEmpty();
    }

    @Test
    void sweepFails_isTriedAgain() throws Exception {
        world.calls.fail("claimDue", SpiCalls.Fault.BEFORE);
        try (Sweeper sweeper = Sweeper.start(store, Duration.ofMillis(1), 1)) {
            while (world.calls.made().size() < 3) {
                Thread.onSpinWait();
            }
            assertThat(reports).isEmpty();
            world.calls.heal();
            assertThat(next()).isNotNull();
            assertThat(sweeper).isNotNull();
        }
    }

    @Test
    void sweepEndsWithAnError_isLoggedAndTriedAgain() throws Exception {
        CountDownLatch tries = new CountDownLatch(2);
        FileStore broken = world.builder()
                .metadata(new ForwardingMetadata(world.metadata) {
                    @Override
                    public List<FileRow> claimDue(Instant now, Instant leaseUntil, int limit) {
                        tries.countDown();
                        throw new NoClassDefFoundError("left out of the host's archive");
                    }
                })
                .build();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(Sweeper.class);
        lines.start();
        log.addAppender(lines);
        try (Sweeper sweeper = Sweeper.start(broken, Duration.ofMillis(1))) {
            assertThat(tries.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(sweeper).isNotNull();
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("a sweep failed, and is tried again");
    }

    @Test
    void close_endsItsThread() throws Exception {
        Sweeper sweeper = Sweeper.start(store, Duration.ofMillis(1));
        assertThat(next()).isNotNull();

        sweeper.close();
        sweeper.close();

        int swept = world.calls.made().size();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals("filestore-sweeper"))
                .allMatch(thread -> !thread.isAlive());
        assertThat(world.calls.made()).hasSize(swept);
    }

    @Test
    void close_beforeTheFirstSweep_doesNotWaitForIt() {
        Sweeper.start(store, Duration.ofDays(1)).close();

        assertThat(world.calls.made()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "PT24H0.001S"})
    void start_oddPause_isMisuse(String every) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Sweeper.start(store, Duration.parse(every)))
                .withMessageContaining("a millisecond to a day");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void start_oddJitter_isMisuse(double jitter) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Sweeper.start(store, Duration.ofSeconds(1), jitter));
    }
}
