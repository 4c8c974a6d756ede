package com.example.invoices;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.invoices.Client.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The executable jar with the settings that it has, in a process of its own. */
class PackagedIT {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    @TempDir
    private Path folder;

    private Process process;
    private BufferedReader log;
    private final StringBuilder lines = new StringBuilder();

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        Path.of("target", "invoices.jar").toAbsolutePath().toString(),
                        "--spring.profiles.active=demo",
                        "--server.port=0",
                        "--files.sweep-every=50ms")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        log = process.inputReader(UTF_8);
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    /** Reads the log until a line matches. */
    private Matcher awaitLine(Pattern pattern) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            lines.append(line).append('\n');
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
        throw new AssertionError("the process ended without '" + pattern + "':\n" + lines);
    }

    private static long files(Path folder, String end) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile)
                    .filter(path -> path.toString().endsWith(end))
                    .count();
        }
    }

    @Test
    void terminated_inAnUpload_finishesItAndEnds() throws Exception {
        int port = Integer.parseInt(awaitLine(PORT).group(1));
        Client ann = new Client(port).login("ann");
        PipedOutputStream form = new PipedOutputStream();
        PipedInputStream sent = new PipedInputStream(form);
        CompletableFuture<Answer> upload = CompletableFuture.supplyAsync(
                () -> ann.upload("/api/files/upload", BodyPublishers.ofInputStream(() -> sent)));
        form.write(Client.formStart("slow.pdf"));
        form.write(Client.PDF);
        form.write(new byte[20_000]);
        form.flush();
        Awaitility.await().until(() -> files(folder.resolve("data/files"), "") > 0);

        process.toHandle().destroy();
        awaitLine(Pattern.compile("Commencing graceful shutdown"));
        form.write(Client.formEnd());
        form.close();

        assertThat(upload.get(30, TimeUnit.SECONDS).status()).isEqualTo(201);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(lines.toString()).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        log.lines().forEach(line -> lines.append(line).append('\n'));
        assertThat(lines).doesNotContain(" ERROR ").doesNotContain("Exception");
        assertThat(files(folder.resolve("data/files"), "slow.pdf")).isOne();
        assertThat(folder.resolve("data/invoices.mv.db")).isRegularFile();
    }
}
