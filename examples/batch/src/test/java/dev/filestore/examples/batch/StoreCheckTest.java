package dev.filestore.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.FileStore;
import dev.filestore.StorageBackend;
import dev.filestore.StorageException;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreCheckTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private boolean run(StorageBackend storage, String... args) throws Exception {
        try (FileStore store = FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .build()) {
            return Objects.requireNonNull(StoreCheck.parse(args))
                    .run(store, new PrintStream(printed, true, StandardCharsets.UTF_8));
        }
    }

    /** A storage, before whose calls of one method something is done with the key. */
    private static StorageBackend before(StorageBackend storage, String call, Consumer<String> act) {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (self, method, args) -> {
                    if (method.getName().equals(call)) {
                        act.accept((String) args[0]);
                    }
                    try {
                        return method.invoke(storage, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
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
        StorageBackend locked = before(new MemoryStorage(), "delete", key -> {
            throw new StorageException("delete of the test", null);
        });

        assertThat(run(locked, "check")).isFalse();

        assertThat(printed())
                .contains(
                        "FAILED   storage: delete ",
                        "         See that the storage works, and may be used by this program",
                        "failed, 0 unknown");
    }

    @Test
    void run_onlyWarnings_failsWhereItIsStrict() throws Exception {
        MemoryStorage storage = new MemoryStorage();
        StorageBackend overwriting = before(storage, "put", storage::delete);

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
