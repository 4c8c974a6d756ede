package dev.filestore.examples.benchmarks.peers;

import dev.filestore.examples.benchmarks.harness.Answers;
import dev.filestore.examples.benchmarks.harness.Meter;
import dev.filestore.examples.benchmarks.harness.PatternStream;
import dev.filestore.examples.benchmarks.subject.Stores;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.List;
import java.util.UUID;

/**
 * The process of one library, this one among them: its arguments are the library's name, the address of the storage and
 * that of the database.
 */
public final class Peer {

    /** All that there are; the first is ours. */
    public static final List<String> NAMES =
            List.of("FileStore", "minio-java", "spring-cloud-aws", "spring-content", "x-file-storage");

    private Peer() {}

    /** Stores a stream whose length is not known. */
    @FunctionalInterface
    interface Library {

        void store(String key, InputStream content) throws Exception;
    }

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = Answers.takeOutput();
        URI endpoint = URI.create(arguments[1]);
        Library library = switch (arguments[0]) {
            case "FileStore" -> Stores.streams(endpoint, arguments[2])::store;
            case "minio-java" -> MinioJava.library(endpoint);
            case "spring-cloud-aws" -> SpringCloudAws.library(endpoint);
            case "spring-content" -> SpringContent.library(endpoint);
            case "x-file-storage" -> XFileStorage.library(endpoint);
            default -> throw new IllegalArgumentException(arguments[0]);
        };
        Meter meter = new Meter(() -> 0);
        Answers.serve(out, "", words -> {
            long bytes = Long.parseLong(words[1]);
            // The garbage of one round is no memory of the next.
            System.gc();
            meter.begin();
            long started = System.nanoTime();
            int streams = 0;
            // Who is fast gets as much time as others, and as warm.
            do {
                library.store("uploads/" + UUID.randomUUID() + ".pdf", new PatternStream(bytes));
                streams++;
            } while (System.nanoTime() - started < Long.parseLong(words[2]));
            return meter.end(streams, streams * bytes).asLine();
        });
        System.exit(0);
    }
}
