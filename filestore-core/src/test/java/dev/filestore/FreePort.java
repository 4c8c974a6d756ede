package dev.filestore;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Ports on the loopback address for servers that take no 0 for "any", or that are to start again where they were, and for
 * addresses at which nothing listens. They lie below those that systems give out by themselves: between the choice and the
 * server's start neither an outgoing connection nor a server of another build on the machine gets one.
 */
public final class FreePort {

    private static final int FIRST = 15_000;
    private static final int COUNT = 15_000;

    private FreePort() {}

    /** A port at which nothing listens now, any of many. */
    public static int any() {
        SplittableRandom random = new SplittableRandom();
        int port;
        do {
            port = FIRST + random.nextInt(COUNT);
        } while (!isFree(port));
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
