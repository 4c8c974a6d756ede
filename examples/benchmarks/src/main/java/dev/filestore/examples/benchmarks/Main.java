package dev.filestore.examples.benchmarks;

import dev.filestore.examples.benchmarks.harness.Answers;
import dev.filestore.examples.benchmarks.harness.Document;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Ledger;
import dev.filestore.examples.benchmarks.harness.Plan;
import dev.filestore.examples.benchmarks.harness.Report;
import dev.filestore.examples.benchmarks.peers.HttpClients;
import dev.filestore.examples.benchmarks.peers.Peer;
import dev.filestore.examples.benchmarks.rows.Bench;
import dev.filestore.examples.benchmarks.rows.BulkImport;
import dev.filestore.examples.benchmarks.rows.ClientsOfTheSdk;
import dev.filestore.examples.benchmarks.rows.Downloads;
import dev.filestore.examples.benchmarks.rows.HeapOfUploads;
import dev.filestore.examples.benchmarks.rows.LargeUploads;
import dev.filestore.examples.benchmarks.rows.ListsAndSweeps;
import dev.filestore.examples.benchmarks.rows.Micro;
import dev.filestore.examples.benchmarks.rows.Question;
import dev.filestore.examples.benchmarks.rows.SmallFiles;
import dev.filestore.examples.benchmarks.rows.StartUp;
import dev.filestore.examples.benchmarks.rows.StreamBesidePeers;
import dev.filestore.examples.benchmarks.rows.StreamOfUnknownLength;
import dev.filestore.examples.benchmarks.sink.Sink;
import dev.filestore.examples.benchmarks.subject.Start;
import dev.filestore.examples.benchmarks.subject.Subject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the benchmarks: all, or those that are named. {@code --write} and a folder writes {@code benchmarks.md}, its chart
 * and its figures there; {@code --smoke} only sees that all works.
 *
 * <pre>mvn -q -Dfast -DskipTests package -pl examples/benchmarks -am
 *     &amp;&amp; java -jar examples/benchmarks/target/fast/benchmarks.jar --write docs</pre>
 */
public final class Main {

    private static final Map<String, Question> QUESTIONS = new LinkedHashMap<>();

    static {
        QUESTIONS.put("large-uploads", new LargeUploads());
        QUESTIONS.put("unknown-length", new StreamOfUnknownLength());
        QUESTIONS.put("small-files", new SmallFiles());
        QUESTIONS.put("import", new BulkImport());
        QUESTIONS.put("heap", new HeapOfUploads());
        QUESTIONS.put("downloads", new Downloads());
        QUESTIONS.put("micro", new Micro());
        QUESTIONS.put("start-up", new StartUp());
        QUESTIONS.put("clients", new ClientsOfTheSdk());
        QUESTIONS.put("peers", new StreamBesidePeers());
        QUESTIONS.put("lists", new ListsAndSweeps());
    }

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        String first = words.isEmpty() ? "" : words.get(0);
        switch (first) {
            case "sink" -> sink(words);
            case "document" -> document(Path.of(words.get(1)));
            case "client" -> HttpClients.main(words.subList(1, words.size()).toArray(String[]::new));
            case "start" -> Start.main(words.subList(1, words.size()).toArray(String[]::new));
            case "peer" -> Peer.main(words.subList(1, words.size()).toArray(String[]::new));
            case "subject" -> Subject.main(words.subList(1, words.size()).toArray(String[]::new));
            default -> {
                Plan plan = words.remove("--smoke") ? Plan.tiny() : Plan.full();
                int write = words.indexOf("--write");
                Path documents = write < 0 ? null : Path.of(words.remove(write + 1));
                words.remove("--write");
                run(plan, words, documents);
            }
        }
    }

    private static Ledger ledger(Path folder) throws IOException {
        return new Ledger(folder.resolve("benchmarks.tsv"), List.copyOf(QUESTIONS.keySet()));
    }

    /** Writes the page from the figures that are there. */
    private static void document(Path folder) throws IOException {
        Document.write(folder, ledger(folder).all());
    }

    private static void sink(List<String> words) throws Exception {
        PrintStream out = Answers.takeOutput();
        try (Sink sink = Sink.start(Boolean.parseBoolean(words.get(2)), Path.of(words.get(1)))) {
            Answers.serve(
                    out,
                    "http=" + sink.httpPort() + " https=" + sink.httpsPort() + " far=" + sink.farPort(),
                    question -> sink.forget());
        }
    }

    static List<Finding> run(Plan plan, List<String> names, @Nullable Path documents) throws Exception {
        for (String name : names) {
            if (!QUESTIONS.containsKey(name)) {
                throw new IllegalArgumentException("no benchmark " + name + "; there are " + QUESTIONS.keySet());
            }
        }
        List<Finding> findings = new ArrayList<>();
        Report report = new Report(System.out);
        try (Bench bench = Bench.start(plan)) {
            for (Map.Entry<String, Question> question : QUESTIONS.entrySet()) {
                if (names.isEmpty() || names.contains(question.getKey())) {
                    List<Finding> found = question.getValue().ask(bench);
                    found.forEach(report::print);
                    findings.addAll(found);
                    if (documents != null) {
                        ledger(documents).replace(question.getKey(), found);
                        document(documents);
                    }
                }
            }
        }
        return findings;
    }
}
