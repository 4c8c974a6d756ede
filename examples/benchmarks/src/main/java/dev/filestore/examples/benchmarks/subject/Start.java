package dev.filestore.examples.benchmarks.subject;

import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.examples.benchmarks.harness.Answers;
import dev.filestore.examples.benchmarks.harness.Meter;
import dev.filestore.servlet.FileStoreServlet;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.Optional;

/**
 * A process that gets ready and says so: a host with its container, its pool and its persistence unit; and the same with
 * a store in it. Its arguments are {@code host} or {@code store}, the address of the storage and that of the database.
 */
public final class Start {

    private Start() {}

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = Answers.takeOutput();
        Rows rows = arguments[0].equals("host") ? Rows.withoutStore(arguments[2]) : Rows.connect(arguments[2]);
        Web web = new Web().add(new Servlets.Drop(), "/drop");
        if (arguments[0].equals("store")) {
            FileStore store = Stores.usual(URI.create(arguments[1]), rows);
            web.add(
                    FileStoreServlet.builder(store, request -> Optional.of(Caller.user("123")))
                            .build(),
                    "/api/files/*");
        }
        Answers.serve(
                out,
                "port=" + web.start(),
                words -> "live=" + Meter.liveHeap() + " threads="
                        + ManagementFactory.getThreadMXBean().getThreadCount() + " classes="
                        + ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        System.exit(0);
    }
}
