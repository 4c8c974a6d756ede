package dev.filestore.examples.benchmarks.harness;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own, which is asked by lines and answers each by one: {@code ok name=value ...} or
 * {@code failed reason}. It ends when this one does, since its input ends then.
 */
public final class Child implements AutoCloseable {

    private final String name;
    private final Path log;
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;
    private final Map<String, String> greeting;

    private Child(String name, Path log, Process process) throws IOException {
        this.name = name;
        this.log = log;
        this.process = process;
        this.questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.greeting = answer();
    }

    /**
     * Starts a JVM on the class path of this one, and waits until it is ready.
     *
     * @param name what it is called where it fails
     * @param folder takes its log, and its temporary files
     * @param options for the JVM
     * @param arguments for the program, whose first word is a command of it
     * @return the process
     * @throws IOException if it does not start
     */
    public static Child java(String name, Path folder, List<String> options, List<String> arguments)
            throws IOException {
        return java(name, folder, System.getProperty("java.class.path"), options, arguments);
    }

    /** Starts a JVM on a class path of its own. */
    public static Child java(String name, Path folder, String classPath, List<String> options, List<String> arguments)
            throws IOException {
        Path own = Files.createTempDirectory(folder, name);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(own.resolve("temporary")));
        command.add("-cp");
        command.add(classPath);
        command.add("dev.filestore.examples.benchmarks.Main");
        command.addAll(arguments);
        Path log = own.resolve("log");
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        return new Child(name, log, process);
    }

    /** What it said when it was ready. */
    public Map<String, String> greeting() {
        return greeting;
    }

    /** Asks, and waits for the answer. */
    public Map<String, String> ask(String question) throws IOException {
        questions.write(question);
        questions.newLine();
        questions.flush();
        return answer();
    }

    private Map<String, String> answer() throws IOException {
        String line = answers.readLine();
        if (line == null || !line.startsWith("ok")) {
            throw new IOException(name + ": " + (line == null ? "ended" : line) + "\n" + endOfLog());
        }
        Map<String, String> values = new HashMap<>();
        for (String pair : line.split(" ", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return values;
    }

    private String endOfLog() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        try {
            questions.close();
        } catch (IOException e) {
            // It has ended by itself.
        }
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
