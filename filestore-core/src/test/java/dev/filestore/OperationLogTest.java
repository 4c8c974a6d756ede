package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The line for each operation that a program without HTTP can turn on. */
class OperationLogTest {

    private static final String OWNER = "user-of-the-test";

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.filestore.operations");
    private final Level before = logger.getLevel();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final StoreFixture world = new StoreFixture();

    @BeforeEach
    void turnOn() {
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.DEBUG);
    }

    @AfterEach
    void putBack() {
        logger.detachAppender(lines);
        logger.setLevel(before);
    }

    /** The lines, without the times. */
    private List<String> said() {
        return lines.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .map(line -> line.replaceFirst(" ms=[0-9]+$", " ms=*"))
                .toList();
    }

    private static List<String> documented() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../docs/operations.md")).stream()
                .filter(line -> line.startsWith("op="))
                .toList();
        assertThat(lines).isNotEmpty();
        return lines;
    }

    /** The lines with neither numbers nor times. */
    private static List<String> shapes(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("=([0-9]+|\\*)(?= |$)", "=."))
                .toList();
    }

    @Test
    void eachOperation_atDebug_isOneLineWithoutNames() throws Exception {
        StoredFile file = world.store.upload(StoreFixture.pdf(OWNER));
        try (FileContent content = world.store.open(file.id())) {
            content.stream().readNBytes(5);
        }
        world.store.presign(file.id(), Duration.ofHours(1));
        assertThatExceptionOfType(FileRefusedException.class)
                .isThrownBy(() -> world.store.upload(
                        UploadRequest.of("fake.pdf", new ByteArrayInputStream("plain".getBytes(StandardCharsets.UTF_8)))
                                .withOwner(OWNER)));
        world.calls.fail("put", SpiCalls.Fault.BEFORE);
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> world.store.upload(StoreFixture.pdf(OWNER)));
        world.calls.heal();
        world.store.delete(file.id());
        assertThatExceptionOfType(FileMissingException.class).isThrownBy(() -> world.store.delete(file.id()));
        world.clock.advance(Duration.ofHours(1));
        world.store.sweep();

        long id = file.id();
        assertThat(said())
                .containsExactly(
                        "op=upload outcome=success id=" + id + " category=document bytes=" + StoreFixture.PDF.length
                                + " ms=*",
                        "op=download outcome=success id=" + id + " category=document bytes=5 ms=*",
                        "op=presign outcome=success id=" + id + " category=document ms=*",
                        "op=upload outcome=refused reason=type_not_allowed bytes=0 ms=*",
                        "op=upload outcome=storage_failed id=" + (id + 1) + " category=document bytes=0 ms=*",
                        "op=delete outcome=success id=" + id + " ms=*",
                        "op=delete outcome=missing id=" + id + " ms=*",
                        "op=sweep outcome=success expired=0 abandoned=1 removed=1 failed=0 ms=*");
        assertThat(shapes(said())).containsAll(shapes(documented()));
        assertThat(lines.list)
                .allMatch(line -> line.getLevel() == Level.DEBUG && line.getThrowableProxy() == null)
                .noneMatch(line -> line.getFormattedMessage().contains(OWNER)
                        || line.getFormattedMessage().contains(".pdf"));
    }

    @Test
    void line_bearsTheMdcOfWhoeverCalls() {
        try (MDC.MDCCloseable request = MDC.putCloseable("request_id", "r-1")) {
            assertThat(request).isNotNull();
            world.store.upload(StoreFixture.pdf(OWNER));
        }

        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getMDCPropertyMap()).containsEntry("request_id", "r-1"));
    }

    @Test
    void level_info_logsNothing() {
        logger.setLevel(Level.INFO);

        world.store.upload(StoreFixture.pdf(OWNER));

        assertThat(lines.list).isEmpty();
    }
}
