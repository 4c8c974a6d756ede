package dev.filestore.examples.benchmarks.subject;

import dev.filestore.FileStore;
import dev.filestore.examples.benchmarks.harness.Answers;
import dev.filestore.examples.benchmarks.harness.Meter;
import dev.filestore.examples.benchmarks.harness.Payload;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The process that is measured: a web server with a servlet for each side, and what is done without one. Its arguments
 * are the ports of the sink for http and https, the address of the database, and the size of a large file.
 */
public final class Subject {

    private final Meter meter;
    private final Operations operations;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    private Subject(Meter meter, Operations operations) {
        this.meter = meter;
        this.operations = operations;
    }

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = Answers.takeOutput();
        TemporaryFiles files = TemporaryFiles.watch();
        Rows rows = Rows.open(arguments[3]);
        int largeBytes = Integer.parseInt(arguments[4]);
        Operations operations = new Operations();
        byte[] large = largeBytes == 0 ? new byte[0] : Payload.of(largeBytes);
        operations.addDigest(large);
        Web web = new Web().add(new Servlets.Drop(), "/drop");
        StringBuilder greeting = new StringBuilder();
        for (String scheme : List.of("http", "https")) {
            URI endpoint = URI.create(scheme + "://127.0.0.1:" + arguments[scheme.equals("http") ? 0 : 1]);
            FileStore store = Stores.usual(endpoint, rows);
            S3Client best = Clients.best(endpoint);
            S3Client defaults = Clients.defaults(endpoint);
            greeting.append("raw-" + scheme + "=")
                    .append(new RawDownload(best).port())
                    .append(' ');
            operations.add(scheme, rows, store, best, defaults, large);
            web.add(store, "/" + scheme + "/api/files")
                    .add(new Servlets.Raw(new HandWritten(best, rows)), "/" + scheme + "/raw")
                    .addUsual(defaults, rows, "/" + scheme + "/usual");
        }
        URI far = URI.create("http://127.0.0.1:" + arguments[2]);
        operations.addFar(rows, Stores.usual(far, rows), Clients.best(far));
        Subject subject = new Subject(new Meter(files::made), operations);
        Answers.serve(out, greeting + "port=" + web.start(), subject::answer);
        System.exit(0);
    }

    private String answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "begin" -> {
                meter.begin();
                yield "";
            }
            case "end" -> meter.end(1, 1).asLine();
            case "heap" -> "live=" + Meter.liveHeap();
            case "do" -> run(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private String run(String name, int count, int atOnce) throws Exception {
        meter.begin();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            int share = count / atOnce + (i < count % atOnce ? 1 : 0);
            running.add(threads.submit(() -> {
                operations.run(name, share);
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        return meter.end(count, (long) count * operations.bytes(name)).asLine();
    }
}
