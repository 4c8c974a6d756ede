package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Child;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Spread;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What does a store add to a host that is a container, a pool and Hibernate: to its start, its memory, its threads and its
 * class path?
 *
 * <pre>java -jar benchmarks.jar start-up</pre>
 */
public final class StartUp implements Question {

    private static final String GROUP = "What a store adds to a host that has a container, a pool and Hibernate";

    /** Which jars come with which module, beyond what the modules before it brought. */
    private static final Map<String, Pattern> JARS = new LinkedHashMap<>();

    static {
        JARS.put("filestore-core", Pattern.compile("(filestore-core|slf4j-api|jspecify)-[0-9].*"));
        JARS.put("filestore-jpa", Pattern.compile("filestore-jpa-.*"));
        JARS.put(
                "filestore-s3",
                Pattern.compile(
                        "(filestore-s3|annotations-2|apache5-client|arns|auth|aws-(core|query|xml)|checksums|crt-core"
                                + "|endpoints-spi|eventstream|http-auth|http-client-spi|httpclient5|httpcore5|identity-spi"
                                + "|json-utils|metrics-spi|profiles|protocol-core|reactive-streams|regions|retries|s3-2|sdk-core"
                                + "|third-party-jackson|utils(-lite)?-2).*"));
        JARS.put("filestore-servlet", Pattern.compile("(filestore-servlet|java-jwt|jackson-|bucket4j).*"));
    }

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        bench.subject();
        List<Double> millis = new ArrayList<>();
        List<Double> mebibytes = new ArrayList<>();
        List<Double> threads = new ArrayList<>();
        List<Double> classes = new ArrayList<>();
        for (int round = bench.plan().smoke() ? 0 : -1; round < bench.plan().rounds(); round++) {
            Map<String, Double> host = start(bench, "host");
            Map<String, Double> store = start(bench, "store");
            if (round >= 0) {
                millis.add(more(store, host, "millis"));
                mebibytes.add(more(store, host, "live") / 1024 / 1024);
                threads.add(more(store, host, "threads"));
                classes.add(more(store, host, "classes"));
            }
        }
        List<Finding> findings = new ArrayList<>(List.of(
                added("milliseconds until it is ready", millis),
                added("MiB of live heap, idle", mebibytes),
                added("threads, idle", threads),
                added("classes", classes)));
        findings.addAll(classPath());
        return findings;
    }

    private static double more(Map<String, Double> store, Map<String, Double> host, String name) {
        return store.getOrDefault(name, Double.NaN) - host.getOrDefault(name, Double.NaN);
    }

    private static Finding added(String what, List<Double> values) {
        return new Finding(GROUP, what, Goal.NONE, Spread.of(values), List.of());
    }

    private static Map<String, Double> start(Bench bench, String what) throws IOException {
        long started = System.nanoTime();
        try (Child process = Child.java(
                what,
                bench.folder(),
                bench.trusting(List.of("-Xmx512m")),
                List.of("start", what, "https://127.0.0.1:" + bench.sinkPort("https"), bench.postgresUrl()))) {
            double millis = (System.nanoTime() - started) / 1e6;
            Map<String, String> idle = process.ask("idle");
            return Map.of(
                    "millis",
                    millis,
                    "live",
                    Double.valueOf(idle.getOrDefault("live", "")),
                    "threads",
                    Double.valueOf(idle.getOrDefault("threads", "")),
                    "classes",
                    Double.valueOf(idle.getOrDefault("classes", "")));
        }
    }

    /** Of the jars beside the program; where it runs from folders of classes, its own count nothing. */
    private static List<Finding> classPath() throws IOException {
        List<Path> jars = jars();
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, Pattern> module : JARS.entrySet()) {
            long count = 0;
            long bytes = 0;
            for (Path jar : jars) {
                if (module.getValue().matcher(jar.getFileName().toString()).matches()) {
                    count++;
                    bytes += Files.size(jar);
                }
            }
            findings.add(new Finding(
                    GROUP,
                    "MB of jars for " + module.getKey(),
                    Goal.NONE,
                    Spread.of(bytes / 1e6),
                    List.of(count + " jars, that of the module among them")));
        }
        return findings;
    }

    private static List<Path> jars() throws IOException {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
        Path folder = Path.of(entries[0]).toAbsolutePath().resolveSibling("lib");
        if (entries.length > 1 || !Files.isDirectory(folder)) {
            return Stream.of(entries).map(Path::of).filter(Files::isRegularFile).toList();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
