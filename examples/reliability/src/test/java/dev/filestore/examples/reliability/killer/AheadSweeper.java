package dev.filestore.examples.reliability.killer;

import dev.filestore.FileStore;
import dev.filestore.FileStoreException;
import dev.filestore.examples.environment.Backends;
import dev.filestore.examples.environment.Settings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One more node as a program, which only sweeps, without pause. Its clock is two minutes ahead, as a bad one may be: to it
 * every delete is due that was broken off a moment ago, or that is still running on another node.
 */
final class AheadSweeper {

    private static final Duration AHEAD = Duration.ofMinutes(2);
    private static final long PAUSE_MILLIS = 100;

    private AheadSweeper() {}

    /**
     * Runs until it is killed.
     *
     * @param args the port that it opens when it is ready
     */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.load(Path.of("none"), System.getenv());
        try (Backends backends = Backends.open(settings);
                FileStore store = backends.builder()
                        .clock(Clock.offset(Clock.systemUTC(), AHEAD))
                        .build();
                ServerSocket ready =
                        new ServerSocket(Integer.parseInt(args[0]), 10, InetAddress.getLoopbackAddress())) {
            CountDownLatch never = new CountDownLatch(1);
            while (!never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS) && !ready.isClosed()) {
                try {
                    store.sweep();
                } catch (FileStoreException e) {
                    System.out.println("The sweep failed: " + e);
                }
            }
        }
    }
}
