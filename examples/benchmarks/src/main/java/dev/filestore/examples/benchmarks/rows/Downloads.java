package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Child;
import dev.filestore.examples.benchmarks.harness.Connection;
import dev.filestore.examples.benchmarks.harness.Figures;
import dev.filestore.examples.benchmarks.harness.Finding;
import dev.filestore.examples.benchmarks.harness.Goal;
import dev.filestore.examples.benchmarks.harness.Load;
import dev.filestore.examples.benchmarks.harness.Payload;
import dev.filestore.examples.benchmarks.harness.Plan;
import dev.filestore.examples.benchmarks.harness.Turns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast does a file of 50 MB come through the server, and a range of it, beside an SDK get that is copied to a socket?
 *
 * <pre>java -jar benchmarks.jar downloads</pre>
 */
public final class Downloads implements Question {

    private static final String GROUP = "Download through the server over an SDK get copied to a socket";
    private static final int RANGE_BYTES = 1024 * 1024;
    private static final String RANGE = "Range: bytes=5000000-" + (5_000_000 + RANGE_BYTES - 1) + "\r\n";
    private static final Pattern ID = Pattern.compile("\"file_id\": ?([0-9]+)");

    @Override
    public List<Finding> ask(Bench bench) throws Exception {
        List<Finding> findings = new ArrayList<>();
        Map<String, String> paths = new HashMap<>();
        for (Plan.Setting setting : bench.plan().settings()) {
            String scheme = setting.scheme();
            if (!paths.containsKey(scheme)) {
                paths.put(scheme, "/" + scheme + "/api/files/" + stored(bench, scheme) + "/content");
            }
            String path = paths.getOrDefault(scheme, "");
            int count = bench.plan().large(setting);
            int ranges = bench.plan().smoke() ? count : bench.plan().small() / 3;
            findings.add(compare(
                    bench, new Wanted("50 MB; " + setting, 0.9, bench.plan().largeBytes(), count, setting, ""), path));
            findings.add(compare(
                    bench, new Wanted("1 MiB of it; " + setting, 0.85, RANGE_BYTES, ranges, setting, RANGE), path));
        }
        return findings;
    }

    private record Wanted(String what, double goal, int bytes, int count, Plan.Setting setting, String fields) {}

    private static String stored(Bench bench, String scheme) throws IOException {
        byte[] content = Payload.of(bench.plan().largeBytes());
        try (Connection connection = new Connection(Bench.port(bench.subject()))) {
            connection.send(Load.form("/" + scheme + "/api/files/upload", Payload.NAME, Payload.TYPE, content));
            connection.receive();
            Matcher id = ID.matcher(connection.body());
            if (!id.find()) {
                throw new IOException("no id in " + connection.body());
            }
            return id.group(1);
        }
    }

    private static Finding compare(Bench bench, Wanted wanted, String path) throws Exception {
        Turns turns = Turns.take(
                wanted.fields().isEmpty() ? bench.plan() : bench.plan().warm(),
                side(bench, "FileStore and servlet", Bench.port(bench.subject()), path, wanted),
                side(
                        bench,
                        "SDK get copied to a socket",
                        Integer.parseInt(bench.subject()
                                .greeting()
                                .getOrDefault("raw-" + wanted.setting().scheme(), "")),
                        "/made-up/" + bench.plan().largeBytes(),
                        wanted));
        return new Finding(
                GROUP,
                wanted.what(),
                Goal.atLeast(wanted.goal()),
                turns.ratio(0, 1, Figures::mebibytesPerSecond),
                turns.large());
    }

    private static Turns.Side side(Bench bench, String name, int port, String path, Wanted wanted) throws IOException {
        Child subject = bench.subject();
        byte[] get = Load.get(path, wanted.fields());
        return new Turns.Side(name, () -> {
            subject.ask("begin");
            Load.run(port, wanted.count(), wanted.setting().atOnce(), connection -> {
                connection.send(get);
                long bytes = connection.receive();
                if (bytes != wanted.bytes()) {
                    throw new IOException(name + " sent " + bytes + " bytes and not " + wanted.bytes());
                }
            });
            return Figures.parse(subject.ask("end")).of(wanted.count(), (long) wanted.count() * wanted.bytes());
        });
    }
}
