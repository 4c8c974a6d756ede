package dev.filestore.examples.reliability.killer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Process> started = Collections.synchronizedList(new ArrayList<>());

    @Test
    void kill_runningProcess_isFollowedByAnother() throws Exception {
        try (Service service = start()) {
            service.awaitReady(PATIENCE);

            service.kill();
            service.awaitReady(PATIENCE);

            assertThat(started).hasSize(2);
            assertThat(started.get(0).exitValue()).isEqualTo(128 + 9);
            assertThat(started.get(1).isAlive()).isTrue();
        }
    }

    @Test
    void kill_processWithChildren_endsThemToo() throws Exception {
        try (Service service = start()) {
            service.awaitReady(PATIENCE);
            ProcessHandle child = service.children().get(0);

            service.kill();

            assertThat(child.onExit()
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .isAlive())
                    .isFalse();
        }
    }

    @Test
    void close_runningProcess_isItsEnd() throws Exception {
        Service service = start();
        service.awaitReady(PATIENCE);

        service.close();

        assertThat(started).singleElement().matches(process -> !process.isAlive());
        assertThat(service.isReady()).isFalse();
    }

    @Test
    void stop_runningProcess_asksItToEnd() throws Exception {
        try (Service service = start()) {
            service.awaitReady(PATIENCE);

            service.stop(PATIENCE);

            assertThat(started).singleElement().extracting(Process::exitValue).isEqualTo(128 + 15);
        }
    }

    /** A shell with one child. */
    private Service start() {
        return Service.start(
                "shell",
                Service.Kind.APP,
                () -> {
                    Process process = new ProcessBuilder("sh", "-c", "sleep 600 & wait").start();
                    started.add(process);
                    return process;
                },
                () -> started.get(started.size() - 1).children().findAny().isPresent());
    }
}
