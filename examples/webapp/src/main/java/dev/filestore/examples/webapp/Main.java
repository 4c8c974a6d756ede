package dev.filestore.examples.webapp;

import dev.filestore.examples.environment.SettingException;
import dev.filestore.examples.environment.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The demo: the five endpoints on a server of its own, set up from the environment and {@code .env}. */
public final class Main {

    private Main() {}

    /**
     * Runs until the process is told to stop.
     *
     * @param args none
     * @throws Exception if the program fails in a way that no setting explains
     */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            Settings settings = Settings.load(Path.of(".env"), System.getenv());
            WebApp app = WebApp.start(settings);
            Optional<StartCheck> check = StartCheck.isFor(settings)
                    ? Optional.of(StartCheck.begin(app.store(), System.err))
                    : Optional.empty();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                check.ifPresent(StartCheck::close);
                app.close();
                out.println("Stopped.");
                stopped.countDown();
            }));
            out.println(welcome(app, settings));
        } catch (SettingException e) {
            System.err.println("FileStore cannot start: " + e.getMessage());
            System.exit(1);
        }
        stopped.await();
    }

    private static String welcome(WebApp app, Settings settings) throws IOException {
        String address = app.address().toString();
        String host = settings.find("HOST").orElse(WebApp.DEFAULT_HOST);
        if (!InetAddress.getByName(host).isLoopbackAddress()) {
            return Welcome.withoutTokens(address, app.storage());
        }
        Secrets secrets = app.secrets();
        return Welcome.text(
                address,
                app.storage(),
                sample(settings.dataDir()),
                secrets.token("123", false),
                secrets.token("admin", true));
    }

    private static Path sample(Path folder) throws IOException {
        Path sample = Files.createDirectories(folder).resolve("sample.pdf");
        try (InputStream in = Main.class.getResourceAsStream("sample.pdf")) {
            if (in == null) {
                throw new IllegalStateException("sample.pdf is missing beside the class");
            }
            Files.copy(in, sample, StandardCopyOption.REPLACE_EXISTING);
        }
        return sample;
    }
}
