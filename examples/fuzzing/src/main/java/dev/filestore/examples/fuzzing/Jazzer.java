package dev.filestore.examples.fuzzing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fuzzes by Jazzer, which changes inputs in the direction of code that no input has reached yet. It takes a whole process;
 * this class is both what starts one and what runs in it.
 */
public final class Jazzer {

    private static final int MADE_UP_SEEDS = 100;
    private static final int LONGEST_INPUT = 96 * 1024;
    private static final int SECONDS_PER_INPUT = 60;
    private static final Pattern PROGRESS = Pattern.compile("#(\\d+)\\s+(\\w+).*");

    private static @Nullable Target running;

    private Jazzer() {}

    /** For Jazzer, before the first input. */
    public static void fuzzerInitialize(String[] arguments) {
        running = Targets.named(arguments[0]);
    }

    /** For Jazzer, with each input. */
    public static void fuzzerTestOneInput(byte[] input) {
        Target target = running;
        if (target == null) {
            throw new IllegalStateException("not initialized");
        }
        target.run(input);
    }

    /** Fuzzes a target for a while, and says whether nothing was found. */
    static boolean run(Target target, long seconds) throws IOException, InterruptedException {
        return run(target, Jazzer.class.getName(), seconds);
    }

    /** The same through another class with the two methods that Jazzer calls. */
    public static boolean run(Target target, String entry, long seconds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("fuzzing-" + target.name() + "-");
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        int number = 0;
        for (byte[] seed : seeds(target)) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
        System.out.printf("%s: %d inputs to begin with, in %s%n", target.name(), number, folder);
        Process process = new ProcessBuilder(command(target, entry, seconds, folder))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        Thread stop = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(stop);
        long inputs = follow(process);
        int status = process.waitFor();
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            // This process is ending as well.
        }
        System.out.printf(
                "%s: %,d inputs in %d s, %s%n",
                target.name(), inputs, seconds, status == 0 ? "nothing found" : "FOUND, see " + folder);
        return status == 0;
    }

    private static List<byte[]> seeds(Target target) {
        SplittableRandom random = new SplittableRandom(1);
        return Stream.of(
                        target.seeds().stream(),
                        Folders.finds(target.name()).stream().map(Folders::read),
                        Stream.generate(() -> target.generate(random)).limit(MADE_UP_SEEDS))
                .flatMap(inputs -> inputs)
                .filter(input -> input.length <= LONGEST_INPUT)
                .toList();
    }

    private static List<String> command(Target target, String entry, long seconds, Path folder) throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.add("-Xmx1g");
        command.add("-XX:+EnableDynamicAgentLoading");
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-cp");
        command.add(classPath() + ":" + jars());
        command.add("com.code_intelligence.jazzer.Jazzer");
        command.add("--target_class=" + entry);
        command.add("--target_args=" + target.name());
        command.add("--instrumentation_includes=dev.filestore.**:com.auth0.**:com.fasterxml.jackson.core.**");
        command.add("--instrumentation_excludes=dev.filestore.examples.**");
        command.add("-max_total_time=" + seconds);
        command.add("-max_len=" + LONGEST_INPUT);
        command.add("-timeout=" + SECONDS_PER_INPUT);
        command.add("-rss_limit_mb=4096");
        command.add("-print_final_stats=1");
        command.add("-dict=" + dictionary(target, folder));
        command.add("--reproducer_path=" + folder);
        command.add("-artifact_prefix=" + folder + "/");
        command.add(folder.resolve("corpus").toString());
        return command;
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(":", -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(":"));
    }

    /** Jazzer's own jars, from the folder beside this program's jar or above its classes. */
    private static String jars() throws IOException {
        try {
            Path own = Path.of(Jazzer.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
            try (Stream<Path> jars = Files.list(own.resolveSibling("jazzer"))) {
                return String.join(":", jars.map(Path::toString).sorted().toList());
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static Path dictionary(Target target, Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String word : target.words()) {
            lines.append('"');
            for (byte b : Bytes.of(word)) {
                lines.append(String.format("\\x%02X", b));
            }
            lines.append("\"\n");
        }
        return Files.writeString(folder.resolve("dictionary"), lines);
    }

    /** Shows how far it is about twice a minute, and all that is no progress; tells how many inputs there were. */
    private static long follow(Process process) throws IOException {
        long inputs = 0;
        long shown = System.nanoTime();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher progress = PROGRESS.matcher(line);
                if (progress.matches()) {
                    inputs = Math.max(inputs, Long.parseLong(progress.group(1)));
                    boolean milestone = progress.group(2).equals("INITED")
                            || progress.group(2).equals("DONE");
                    if (!milestone && System.nanoTime() - shown < 30_000_000_000L) {
                        continue;
                    }
                    shown = System.nanoTime();
                }
                System.out.println(line);
            }
        }
        return inputs;
    }
}
