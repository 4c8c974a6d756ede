package dev.filestore.examples.webapp;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * S3Mock in a process of its own, since it brings a servlet API newer than that of the server under test. Its main
 * connector speaks plain HTTP on the loopback address; a second one, which it does not let be turned off, has a port of
 * the system's choice.
 */
final class S3MockProcess implements AutoCloseable {

    static final String BUCKET = "filestore";

    private static final Pattern READY = Pattern.compile("Tomcat started on ports? (\\d+)");

    private final Process process;
    private final String endpoint;

    private S3MockProcess(Process process, String endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    static S3MockProcess start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        System.getProperty("s3mock.jar"),
                        "--server.address=127.0.0.1",
                        "--server.port=0",
                        "--server.ssl.enabled=false",
                        "--http.port=0",
                        "--com.adobe.testing.s3mock.store.initialBuckets=" + BUCKET)
                .redirectErrorStream(true)
                .start();
        StringBuilder printed = new StringBuilder();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            printed.append(line).append('\n');
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                Thread rest = new Thread(() -> out.lines().forEach(ignored -> {}), "output of S3Mock");
                rest.setDaemon(true);
                rest.start();
                return new S3MockProcess(process, "http://127.0.0.1:" + ready.group(1));
            }
        }
        throw new IllegalStateException("S3Mock did not start:\n" + printed);
    }

    String endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
