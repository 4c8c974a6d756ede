package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.StorageException;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreCheckTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private boolean run(MemoryStorage storage, String... args) throws Exception {
        try (FileStore store = FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .build()) {
            return Objects.requireNonNull(StoreCheck.parse(args))
                    .run(store, new PrintStream(printed, true, StandardCharsets.UTF_8));
        }
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void run_allIsWell_listsWhatWasLookedAt() throws Exception {
        assertThat(run(new MemoryStorage(), "check", "--strict")).isTrue();

        assertThat(printed())
                .contains("OK       storage: put ", "an object was written: uploads/filestore-check/")
                .endsWith("14 are well, 0 warnings, 0 failed, 0 unknown" + System.lineSeparator());
    }

    @Test
    void run_somethingFailed_printsItsCureAndSaysSo() throws Exception {
        MemoryStorage locked = new MemoryStorage() {
            @Override
            public void delete(String key) {
                throw new StorageException("delete of the test", null);
            }
        };

        assertThat(run(locked, "check")).isFalse();

        assertThat(printed())
                .contains(
                        "FAILED   storage: delete ",
                        "         See that the storage works, and may be used by this program",
                        "failed, 0 unknown");
    }

    @Test
    void run_onlyWarnings_failsWhereItIsStrict() throws Exception {
        MemoryStorage overwriting = new MemoryStorage() {
            @Override
            public @Nullable String put(String key, ObjectHeaders headers, InputStream source, long length)
                    throws IOException {
                delete(key);
                return super.put(key, headers, source, length);
            }
        };

        assertThat(run(overwriting, "check")).isTrue();
        assertThat(run(overwriting, "check", "--strict")).isFalse();

        assertThat(printed()).contains("13 are well, 1 warnings, 0 failed, 0 unknown");
    }

    @Test
    void parse_anotherCommand_isNone() throws Exception {
        assertThat(StoreCheck.parse("sweep")).isNull();
        assertThat(StoreCheck.parse()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"--fast, --fast", "uploads/, uploads/", "--strict --strict, --strict"})
    void parse_wrongOption_saysWhichThereIs(String options, String found) {
        assertThatThrownBy(() -> StoreCheck.parse(("check " + options).split(" ")))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessage("check has no other option than --strict, found " + found);
    }
}
