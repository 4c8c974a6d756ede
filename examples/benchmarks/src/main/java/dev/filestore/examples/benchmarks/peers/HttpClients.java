package dev.filestore.examples.benchmarks.peers;

import dev.filestore.examples.benchmarks.harness.Answers;
import dev.filestore.examples.benchmarks.harness.Meter;
import dev.filestore.examples.benchmarks.harness.Payload;
import dev.filestore.examples.benchmarks.subject.Clients;
import dev.filestore.examples.benchmarks.subject.Puts;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The process in which the SDK runs on one of its HTTP clients; its arguments are the client's name and the address. */
public final class HttpClients {

    /** All that are tried; the first is the one that the library uses. */
    public static final List<String> NAMES = List.of("apache5-client", "url-connection-client", "apache-client");

    private static final int CONNECTIONS = 128;

    private HttpClients() {}

    /** Runs until its input ends. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = Answers.takeOutput();
        S3Client client = Clients.best(URI.create(arguments[1]), http(arguments[0]));
        Meter meter = new Meter(() -> 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        Answers.serve(out, "", words -> {
            byte[] content = Payload.of(Integer.parseInt(words[1]));
            int count = Integer.parseInt(words[2]);
            int atOnce = Integer.parseInt(words[3]);
            meter.begin();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < atOnce; i++) {
                running.add(threads.submit(() -> {
                    for (int done = 0; done < count / atOnce; done++) {
                        Puts.best(client, content, 0, content.length);
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
            int puts = count / atOnce * atOnce;
            return meter.end(puts, (long) puts * content.length).asLine();
        });
        System.exit(0);
    }

    @SuppressWarnings("deprecation") // The client of version 4 is, for good reasons: see its figures.
    private static SdkHttpClient http(String name) {
        return switch (name) {
            case "apache5-client" ->
                Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .expectContinueEnabled(false)
                        .build();
            case "apache-client" ->
                ApacheHttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .expectContinueEnabled(false)
                        .build();
            default -> UrlConnectionHttpClient.create();
        };
    }
}
