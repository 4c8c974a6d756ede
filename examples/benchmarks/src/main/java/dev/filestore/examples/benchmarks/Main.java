package dev.filestore.examples.benchmarks;

import dev.filestore.examples.benchmarks.harness.Answers;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Plan;
import dev.filestore.examples.benchmarks.harness.Report;
import dev.filestore.examples.benchmarks.peers.Peer;
import dev.filestore.examples.benchmarks.rows.Bench;
import dev.filestore.examples.benchmarks.rows.Downloads;
import dev.filestore.examples.benchmarks.rows.HeapOfUploads;
import dev.filestore.examples.benchmarks.rows.LargeUploads;
import dev.filestore.examples.benchmarks.rows.Question;
import dev.filestore.examples.benchmarks.rows.SmallFiles;
import dev.filestore.examples.benchmarks.rows.StreamBesidePeers;
import dev.filestore.examples.benchmarks.rows.StreamOfUnknownLength;
import dev.filestore.examples.benchmarks.sink.Sink;
import dev.filestore.examples.benchmarks.subject.Subject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the benchmarks: all, or those that are named. {@code --smoke} only sees that they work.
 *
 * <pre>mvn -q -Dfast -DskipTests package -pl examples/benchmarks -am
 *     &amp;&amp; java -jar examples/benchmarks/target/fast/benchmarks.jar</pre>
 */
public final class Main {

    private static final Map<String, Question> QUESTIONS = new LinkedHashMap<>();

    static {
        QUESTIONS.put("large-uploads", new LargeUploads());
        QUESTIONS.put("unknown-length", new StreamOfUnknownLength());
        QUESTIONS.put("small-files", new SmallFiles());
        QUESTIONS.put("heap", new HeapOfUploads());
        QUESTIONS.put("downloads", new Downloads());
        QUESTIONS.put("peers", new StreamBesidePeers());
    }

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        String first = words.isEmpty() ? "" : words.get(0);
        switch (first) {
            case "sink" -> sink(words);
            case "peer" -> Peer.main(words.subList(1, words.size()).toArray(String[]::new));
            case "subject" -> Subject.main(words.subList(1, words.size()).toArray(String[]::new));
            default -> {
                Plan plan = words.remove("--smoke") ? Plan.tiny() : Plan.full();
                run(plan, words);
            }
        }
    }

    private static void sink(List<String> words) throws Exception {
        PrintStream out = Answers.takeOutput();
        try (Sink sink = Sink.start(Boolean.parseBoolean(words.get(2)), Path.of(words.get(1)))) {
            Answers.serve(out, "http=" + sink.httpPort() + " https=" + sink.httpsPort(), question -> sink.forget());
        }
    }

    static List<Finding> run(Plan plan, List<String> names) throws Exception {
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
                    for (Finding finding : question.getValue().ask(bench)) {
                        report.print(finding);
                        findings.add(finding);
                    }
                }
            }
        }
        return findings;
    }
}
