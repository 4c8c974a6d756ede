package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Spread;
import dev.filestore.examples.benchmarks.micro.CloudFrontSigning;
import dev.filestore.examples.benchmarks.micro.FormParser;
import dev.filestore.examples.benchmarks.micro.Presigning;
import dev.filestore.examples.benchmarks.micro.TypeDetection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What do the small things cost, beside other code that does them? By JMH, in a process for each side and round.
 *
 * <pre>java -jar benchmarks.jar micro</pre>
 */
public final class Micro implements Question {

    private static final String GROUP = "Small things, in operations per second";

    private record Pair(String what, Goal goal, Class<?> benchmark, String rival) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair("presign over S3Presigner", Goal.atLeast(0.9), Presigning.class, "presigner"),
            new Pair(
                    "CloudFront over CloudFrontUtilities with a parsed key",
                    Goal.atLeast(0.9),
                    CloudFrontSigning.class,
                    "utilities"),
            new Pair("parse a form over Commons FileUpload", Goal.NONE, FormParser.class, "fileUpload"),
            new Pair("tell a type over Tika", Goal.NONE, TypeDetection.class, "tika"));

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        List<Finding> findings = new ArrayList<>();
        boolean smoke = bench.plan().smoke();
        for (Pair pair : PAIRS) {
            List<Double> ratios = new ArrayList<>();
            Map<String, Double> scores = new HashMap<>();
            for (int round = 0; round < bench.plan().slow().rounds(); round++) {
                scores = run(pair.benchmark(), smoke);
                ratios.add(score(scores, "filestore") / score(scores, pair.rival()));
            }
            findings.add(new Finding(
                    GROUP,
                    pair.what(),
                    pair.goal(),
                    Spread.of(ratios),
                    List.of("FileStore: " + Spread.shown(score(scores, "filestore")) + "/s, " + pair.rival() + ": "
                            + Spread.shown(score(scores, pair.rival())) + "/s")));
        }
        return findings;
    }

    private static double score(Map<String, Double> scores, String name) {
        return scores.getOrDefault(name, Double.NaN);
    }

    private static Map<String, Double> run(Class<?> benchmark, boolean smoke) throws RunnerException {
        TimeValue time = smoke ? TimeValue.milliseconds(50) : TimeValue.seconds(1);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName().replace(".", "\\."))
                .verbosity(VerboseMode.SILENT)
                .forks(smoke ? 0 : 1)
                .warmupIterations(smoke ? 0 : 2)
                .warmupTime(time)
                .measurementIterations(smoke ? 1 : 3)
                .measurementTime(time);
        Map<String, Double> scores = new HashMap<>();
        for (RunResult result : new Runner(options.build()).run()) {
            String name = result.getParams().getBenchmark();
            scores.put(
                    name.substring(name.lastIndexOf('.') + 1),
                    result.getPrimaryResult().getScore());
        }
        return scores;
    }
}
