package dev.filestore.examples.benchmarks.sink;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A key for 127.0.0.1 and a certificate that it signed itself, made by the JDK's own tool. */
public final class Certificate {

    /** Opens the file; the key is worth nothing beyond the run. */
    public static final String PASSWORD = "changeit";

    private Certificate() {}

    /**
     * Makes them.
     *
     * @param folder where the file is written
     * @return a PKCS12 file, which serves as key store and as trust store
     * @throws IOException if the tool fails
     * @throws InterruptedException if the thread is interrupted
     */
    public static Path make(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("sink.p12");
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "sink",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!tool.waitFor(1, TimeUnit.MINUTES) || tool.exitValue() != 0) {
            tool.destroyForcibly();
            throw new IOException("keytool made no certificate");
        }
        return file;
    }
}
