package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Child;
import dev.filestore.examples.benchmarks.harness.Connection;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Load;
import dev.filestore.examples.benchmarks.harness.Payload;
import dev.filestore.examples.benchmarks.harness.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of the heap does an upload hold while its client is slow, and do many uploads pass in a small heap? The heap is
 * read after a collection, when the clients have sent a bit more than half and wait.
 *
 * <pre>java -jar benchmarks.jar heap</pre>
 */
public final class HeapOfUploads implements Question {

    private static final String GROUP = "Heap of running 50 MB uploads";
    private static final String PATH = "/https/api/files/upload";
    private static final double PART_AND_A_BIT = 8 * 1024 * 1024 + 256 * 1024;
    private static final int STEADY = 64 * 1024;

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        List<Finding> findings = new ArrayList<>();
        byte[][] form = Load.form(
                PATH, Payload.NAME, Payload.TYPE, Payload.of(bench.plan().largeBytes()));
        if (bench.plan().smoke()) {
            findings.addAll(held(bench.subject(), form, 2));
        } else {
            try (Child server = bench.subject("heap", List.of("-Xmx2g"), bench.postgresUrl(), 0)) {
                findings.addAll(held(server, form, 8, 64));
            }
        }
        if (!bench.plan().smoke()) {
            findings.add(passes(bench, form, 64, 256));
        }
        findings.add(passes(bench, form, 8, 64));
        return findings;
    }

    private static List<Finding> held(Child server, byte[][] form, int... settings) throws Exception {
        List<Finding> findings = new ArrayList<>();
        byte[][] small = Load.form(PATH, Payload.NAME, Payload.TYPE, Payload.of(4 * 1024));
        Load.run(Bench.port(server), 64, 8, connection -> send(connection, small));
        long idle = steadyHeap(server);
        for (int uploads : settings) {
            findings.add(eachOf(server, form, uploads, idle));
        }
        double after = (steadyHeap(server) - idle) / 1024.0 / 1024;
        findings.add(new Finding(
                GROUP,
                "MiB more when they have ended than before the first",
                Goal.NONE,
                Spread.of(after),
                List.of("the idle server before: " + Spread.shown(idle / 1024.0 / 1024) + " MiB")));
        return findings;
    }

    private static void send(Connection connection, byte[][] form) throws IOException {
        connection.send(form);
        connection.receive();
    }

    private static Finding eachOf(Child server, byte[][] form, int uploads, long idle) throws Exception {
        List<Connection> clients = new ArrayList<>();
        try {
            int half = form[1].length * 11 / 20;
            for (int i = 0; i < uploads; i++) {
                clients.add(new Connection(Bench.port(server)));
            }
            Load.together(uploads, uploads, share -> {
                Connection client;
                synchronized (clients) {
                    client = clients.remove(0);
                    clients.add(client);
                }
                client.send(form[0]);
                client.send(form[1], 0, half);
            });
            double each = (double) (steadyHeap(server) - idle) / uploads;
            Load.together(uploads, uploads, share -> {
                Connection client;
                synchronized (clients) {
                    client = clients.remove(0);
                    clients.add(client);
                }
                client.send(form[1], half, form[1].length);
                client.send(form[2]);
                client.receive();
            });
            return new Finding(
                    GROUP,
                    "live heap of each of " + uploads + ", over one part and 256 KiB",
                    Goal.atMost(1),
                    Spread.of(each / PART_AND_A_BIT),
                    List.of(Spread.shown(each / 1024) + " KiB each"));
        } finally {
            for (Connection client : clients) {
                client.close();
            }
        }
    }

    /** The heap when nothing moves any more: what the clients sent is read and no request to the storage is under way. */
    private static long steadyHeap(Child server) throws IOException {
        long last = heap(server);
        for (int i = 0; i < 20; i++) {
            long now = heap(server);
            if (Math.abs(now - last) < STEADY) {
                return now;
            }
            last = now;
        }
        return last;
    }

    private static long heap(Child server) throws IOException {
        return Long.parseLong(server.ask("heap").getOrDefault("live", ""));
    }

    private static Finding passes(Bench bench, byte[][] form, int uploads, int mebibytes) throws IOException {
        String what = uploads + " at once with -Xmx" + mebibytes + "m (1: all were stored)";
        try (Child server = bench.subject("small-heap", List.of("-Xmx" + mebibytes + "m"), bench.postgresUrl(), 0)) {
            server.ask("begin");
            Load.run(Bench.port(server), 2 * uploads, uploads, connection -> send(connection, form));
            return Finding.passed(GROUP, what, true, "twice each client");
        } catch (Exception e) {
            return Finding.passed(
                    GROUP,
                    what,
                    false,
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }
}
