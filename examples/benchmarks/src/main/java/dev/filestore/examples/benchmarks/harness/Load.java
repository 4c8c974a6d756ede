package dev.filestore.examples.benchmarks.harness;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Requests, some at once, each client on a connection of its own. */
public final class Load {

    private static final String BOUNDARY = "----a-boundary-as-browsers-make-them-7d93b";

    private Load() {}

    /** What one client does for one operation. */
    @FunctionalInterface
    public interface Request {

        void run(Connection connection) throws Exception;
    }

    /** Runs a request so often, over so many connections. */
    public static void run(int port, int count, int atOnce, Request request) throws Exception {
        together(count, atOnce, share -> {
            try (Connection connection = new Connection(port)) {
                for (int i = 0; i < share; i++) {
                    request.run(connection);
                }
            }
        });
    }

    /** What one thread does. */
    @FunctionalInterface
    public interface Share {

        void run(int operations) throws Exception;
    }

    /** Runs some operations on so many threads, each of which takes its share. */
    public static void together(int count, int atOnce, Share share) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < atOnce; i++) {
                int operations = count / atOnce + (i < count % atOnce ? 1 : 0);
                running.add(threads.submit(() -> {
                    share.run(operations);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** A form with one file. */
    public static byte[][] form(String path, String fileName, String type, byte[] content) {
        byte[] before = ascii("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                + fileName + "\"\r\nContent-Type: " + type + "\r\n\r\n");
        byte[] after = ascii("\r\n--" + BOUNDARY + "--\r\n");
        byte[] head = ascii("POST " + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY
                + "\r\nContent-Length: " + (before.length + content.length + after.length) + "\r\n\r\n");
        return new byte[][] {join(head, before), content, after};
    }

    /** A file as the body itself. */
    public static byte[][] raw(String path, String type, byte[] content) {
        return new byte[][] {
            ascii("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                    + content.length + "\r\n\r\n"),
            content
        };
    }

    /** A request without a body. */
    public static byte[] get(String path, String fields) {
        return ascii("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
