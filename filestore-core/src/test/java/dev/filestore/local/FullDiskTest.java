package dev.filestore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The disk is full, or cannot be written, for real: a process of its own mounts small file systems in a namespace that
 * nobody else sees and that ends with it. For root that is {@code unshare -m}, for others {@code unshare -rm}, where they
 * are root of a namespace of users. Where a machine allows neither, this fails and says so.
 */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {

    static final String PASSED = "PASSED ";
    static final String FAILED = "FAILED ";
    static final String END = "END";

    @TestFactory
    Stream<DynamicTest> scenarios() throws Exception {
        List<String> lines = runScenarios().lines().toList();
        assertThat(lines)
                .as("the scenarios ran to their end; mounting needs unshare -m or -rm")
                .contains(END);
        return Stream.of(true, false)
                .flatMap(links ->
                        FullDiskScenarios.ALL.keySet().stream().map(name -> FullDiskScenarios.name(name, links)))
                .map(name -> DynamicTest.dynamicTest(name, () -> check(name, lines)));
    }

    private static void check(String name, List<String> lines) {
        int failed = lines.indexOf(FAILED + name);
        if (failed >= 0) {
            fail(String.join(
                    "\n",
                    lines.subList(failed, lines.size()).stream()
                            .takeWhile(line -> line.equals(FAILED + name)
                                    || !(line.startsWith(PASSED) || line.startsWith(FAILED) || line.equals(END)))
                            .toList()));
        }
        assertThat(lines).anyMatch(line -> line.matches(PASSED + name + " [1-9][0-9]*"));
    }

    private static String runScenarios() throws IOException, InterruptedException {
        boolean root = new String(
                        new ProcessBuilder("id", "-u").start().getInputStream().readAllBytes(),
                        StandardCharsets.US_ASCII)
                .strip()
                .equals("0");
        ProcessBuilder builder = new ProcessBuilder(
                "unshare",
                root ? "-m" : "-rm",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FullDiskScenarios.class.getName());
        builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8"));
        builder.redirectErrorStream(true);
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
