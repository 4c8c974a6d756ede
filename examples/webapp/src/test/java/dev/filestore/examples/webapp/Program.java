package dev.filestore.examples.webapp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged web application in a process of its own, and all that it printed. */
final class Program implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private Program(Process process) {
        this.process = process;
        reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it.
     *
     * @param folder where it runs, and keeps its data
     * @param settings its environment beside the bare one of the system; a free port is taken unless it says otherwise
     * @param jvmArguments such as {@code -Xmx64m}
     */
    static Program start(Path folder, Map<String, String> settings, String... jvmArguments) throws IOException {
        Path jar = Path.of(System.getProperty("webapp.jar"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("not packaged yet: " + jar);
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(jvmArguments));
        command.addAll(List.of("-jar", jar.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH", "HOME"));
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("PORT", "0");
        environment.putAll(settings);
        return new Program(builder.start());
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            synchronized (lines) {
                ended = true;
                lines.notifyAll();
            }
        }
    }

    /** Waits until it printed something that matches, and returns that line's first group, or all of the match. */
    String await(String pattern) throws InterruptedException {
        Pattern wanted = Pattern.compile(pattern);
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (lines) {
            int seen = 0;
            while (true) {
                for (; seen < lines.size(); seen++) {
                    Matcher matcher = wanted.matcher(lines.get(seen));
                    if (matcher.find()) {
                        return matcher.group(Math.min(1, matcher.groupCount()));
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || ended) {
                    throw new AssertionError("no line matches " + pattern + " in:\n" + output());
                }
                lines.wait(left);
            }
        }
    }

    /** Waits until it is ready. */
    Program ready() throws InterruptedException {
        await("Ctrl-C stops");
        return this;
    }

    /** Where the endpoints are. */
    String api() throws InterruptedException {
        return await("^API=(.*)$");
    }

    String token() throws InterruptedException {
        return await("^AUTH='Authorization: Bearer (.*)'$");
    }

    String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    /** Sends SIGTERM, and goes on to read what is printed, as {@link Process#destroy()} would not. */
    void terminate() {
        process.toHandle().destroy();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running:\n" + output());
        }
        reader.join(PATIENCE.toMillis());
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
