package com.example.invoices;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The server that the build made, with the application in it, in a process of its own that keeps everything in one folder. */
final class Server implements AutoCloseable {

    private static final Pattern LISTENS = Pattern.compile("HTTP listener default listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern STARTED = Pattern.compile("WFLYSRV0025: .* started in");

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String END = "the end of the log";

    private final Process process;
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final StringBuilder lines = new StringBuilder();
    private final int port;

    /** Each user's password is the name, as it is for those who are there. */
    Server(Path folder, List<String> moreUsers) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("invoices.server"));
        Path configuration = Files.createDirectory(folder.resolve("server-config"));
        try (Stream<Path> files = Files.list(home.resolve("standalone/configuration"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, configuration.resolve(file.getFileName()));
            }
        }
        Files.write(
                configuration.resolve("application-users.properties"),
                moreUsers.stream().map(Server::line).toList(),
                StandardOpenOption.APPEND);
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/standalone.sh").toString());
        for (String own : List.of("config", "data", "log", "temp")) {
            command.add("-Djboss.server." + own + ".dir=" + folder.resolve("server-" + own));
        }
        command.add("-Djboss.http.port=0");
        command.add("-Djboss.management.http.port=0");
        command.add("-Dorg.wildfly.sigterm.suspend.timeout=30");
        command.add("-Dfiles.sweep-every=PT0.1S");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // The script hands a signal on to the server and waits for its end.
        builder.environment().put("LAUNCH_JBOSS_IN_BACKGROUND", "true");
        process = builder.start();
        Thread reader = new Thread(this::read, "log of the server");
        reader.setDaemon(true);
        reader.start();
        try {
            port = Integer.parseInt(awaitLine(LISTENS).group(1));
            awaitLine(STARTED);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** As WildFly's add-user writes it. */
    private static String line(String user) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("MD5").digest((user + ":ApplicationRealm:" + user).getBytes(UTF_8));
            return user + "=" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return port;
    }

    /** Always, so that the server never waits for somebody to read. */
    private void read() {
        try (BufferedReader out = process.inputReader(UTF_8)) {
            out.lines().forEach(log::add);
        } catch (IOException | UncheckedIOException e) {
            log.add("the log cannot be read: " + e);
        }
        log.add(END);
    }

    /** Reads the log until a line matches. */
    Matcher awaitLine(Pattern pattern) throws InterruptedException {
        while (true) {
            String line = log.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            lines.append(line).append('\n');
            Matcher matcher = pattern.matcher(String.valueOf(line));
            if (matcher.find()) {
                return matcher;
            }
            if (line == null || line.equals(END) || line.contains("WFLYSRV0026")) {
                throw new AssertionError("the server has not said '" + pattern + "':\n" + lines);
            }
        }
    }

    /** What {@code kill} sends. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** What it said behind the last line that was waited for, when it has ended. */
    String awaitEnd() throws InterruptedException {
        lines.setLength(0);
        awaitLine(Pattern.compile(Pattern.quote(END)));
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not end:\n" + lines);
        }
        return lines.toString();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
