package dev.filestore.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.ByteRange;
import dev.filestore.ObjectHeaders;
import dev.filestore.ObjectInfo;
import dev.filestore.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a process with limits of its own can meet. */
@EnabledOnOs(OS.LINUX)
class LocalStorageProcessTest {

    private static final String KOREAN = "users/\ubb38/\ubb38\uc11c \ud83d\ude00+%.pdf";

    @TempDir
    Path root;

    /** Run in the other process: tries to store 8 MiB, and tells how it went. */
    public static void main(String[] arguments) throws IOException {
        try (LocalStorage storage = new LocalStorage(Path.of(arguments[0]))) {
            ByteArrayInputStream source = new ByteArrayInputStream(new byte[8 << 20]);
            ObjectHeaders headers = new ObjectHeaders("text/plain", "attachment");
            storage.put("a/file", headers, source, 8 << 20);
            storage.put(KOREAN, headers, new ByteArrayInputStream(new byte[1]), 1);
            boolean listed = storage.list("", "", 10).stream()
                    .map(ObjectInfo::key)
                    .toList()
                    .contains(KOREAN);
            System.out.println(
                    listed && storage.open(KOREAN, ByteRange.ALL, null).isPresent() ? "stored" : "not found again");
        } catch (StorageException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    @Test
    void put_noLimit_stores() throws Exception {
        assertThat(run("true", "C.UTF-8")).isEqualTo("stored");
        assertThat(root.resolve("objects/a/file")).hasSize(8 << 20);
    }

    /** A limit on the size of a file fails a write in the middle of the bytes, as a full disk does, and needs no mount. */
    @Test
    void put_diskTakesNoMoreBytes_failsAndLeavesNothing() throws Exception {
        assertThat(run("ulimit -f 2048", "C.UTF-8")).isEqualTo("StorageException: put a/file");
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    /** In such a process Java itself can put only ASCII into a file's name. */
    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void put_whateverTheLocale_keepsNamesInUtf8(String locale) throws Exception {
        assertThat(run("true", locale)).isEqualTo("stored");
        try (LocalStorage storage = new LocalStorage(root)) {
            assertThat(storage.stat(KOREAN)).isPresent();
            assertThat(storage.list("", "", 10)).extracting(ObjectInfo::key).containsExactly("a/file", KOREAN);
        }
        assertThat(root.resolve("objects").resolve(KOREAN)).exists();
    }

    private String run(String before, String locale) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "/bin/sh",
                "-c",
                before + "; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                LocalStorageProcessTest.class.getName(),
                root.toString()));
        builder.environment().putAll(Map.of("LC_ALL", locale));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return output.strip();
        } finally {
            process.destroyForcibly();
        }
    }
}
