package dev.filestore.examples.clamav;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * ClamAV's own daemon in a process of its own, with one signature, that of the EICAR test file, and a configuration of the test's:
 * it downloads nothing, and touches nothing of the system's own ClamAV.
 */
final class RealClamd implements AutoCloseable {

    /** What ClamAV calls a finding by a signature that is not its makers'. */
    static final String FOUND = "Test.Eicar.UNOFFICIAL";

    private static final long PATIENCE_SECONDS = 60;

    private final Path folder;
    private final Path program;
    private final int port;
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();

    private RealClamd(Path folder, Path program, int port, Process process) {
        this.folder = folder;
        this.program = program;
        this.port = port;
        this.process = process;
    }

    /** Whether there is one on this machine. */
    static boolean isInstalled() {
        return installed().isPresent();
    }

    private static Optional<Path> installed() {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "clamd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The test file that every scanner finds; put together here, since it would have this file put into quarantine. */
    static byte[] eicar() {
        return String.join("", "X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EI", "CAR-STANDARD-ANTI", "VIRUS-TEST-FI", "LE!$H+H*")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Starts one. */
    static RealClamd start(String... settings) throws Exception {
        // Below the system's folder for such, since the path of a socket has 108 bytes at most.
        Path folder = Files.createTempDirectory("clamd");
        Path signatures = Files.createDirectory(folder.resolve("signatures"));
        String hex = HexFormat.of().formatHex(eicar());
        Files.writeString(signatures.resolve("test.ndb"), "Test.Eicar:0:*:" + hex + "\n");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> configuration = new ArrayList<>(List.of(
                "Foreground yes",
                "DatabaseDirectory " + signatures,
                "TemporaryDirectory " + folder,
                "LocalSocket " + folder.resolve("socket"),
                "TCPAddr 127.0.0.1",
                "TCPSocket " + port));
        configuration.addAll(List.of(settings));
        Path file = Files.write(folder.resolve("clamd.conf"), configuration);
        // AppArmor, where it is on, lets the program under its usual path read the system's own configuration alone.
        Path program = Files.createTempFile(Files.createDirectories(Path.of("target")), "clamd", null);
        Files.copy(
                installed().orElseThrow(),
                program,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        Process process = new ProcessBuilder(program.toAbsolutePath().toString(), "-c", file.toString())
                .redirectErrorStream(true)
                .start();
        RealClamd clamd = new RealClamd(folder, program, port, process);
        clamd.awaitReady();
        return clamd;
    }

    private void awaitReady() throws Exception {
        Thread reader = new Thread(this::read, "clamd-output");
        reader.setDaemon(true);
        reader.start();
        if (!ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            close();
            synchronized (lines) {
                throw new AssertionError("clamd did not start:\n" + String.join("\n", lines));
            }
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
                if (line.contains("Self checking")) {
                    // The last that it says before it takes connections, for which it listens by then.
                    ready.complete(true);
                }
            }
        } catch (IOException e) {
            // Told by what is missing in the lines.
        }
        ready.complete(false);
    }

    String path() {
        return folder.resolve("socket").toString();
    }

    String hostAndPort() {
        return "127.0.0.1:" + port;
    }

    /** Ends it as a crash would. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
        }
        Files.deleteIfExists(program);
        try (Stream<Path> left = Files.walk(folder)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
