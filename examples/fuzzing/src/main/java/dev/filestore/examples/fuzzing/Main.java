package dev.filestore.examples.fuzzing;

import dev.filestore.examples.fuzzing.uploads.ManyUploads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Fuzzes: all targets one after the other, or those that are named, each for ten minutes or {@code --seconds}, guided by
 * what Jazzer sees of the code; {@code --search} does it in this process and unguided. {@code uploads} sends a million
 * requests, or {@code --count}, to one store. Ends with the status 1 where something was found. Control-C stops it.
 *
 * <pre>mvn -q -Dfast -DskipTests package -pl examples/fuzzing -am
 *     &amp;&amp; java -jar examples/fuzzing/target/fast/fuzzing.jar</pre>
 */
public final class Main {

    private static final int USUAL_SECONDS = 600;
    private static final int USUAL_UPLOADS = 1_000_000;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        long seconds = number(words, "--seconds", USUAL_SECONDS);
        long count = number(words, "--count", USUAL_UPLOADS);
        long seed = number(words, "--seed", System.nanoTime());
        boolean search = words.remove("--search");
        boolean disk = words.remove("--disk");
        boolean clean;
        if (words.remove("uploads")) {
            clean = ManyUploads.run(count, seed, disk, System.out);
        } else {
            List<Target> targets = words.isEmpty()
                    ? Targets.all()
                    : words.stream().map(Targets::named).toList();
            clean = true;
            for (Target target : targets) {
                clean &= search ? search(target, seed, seconds) : Jazzer.run(target, seconds);
            }
        }
        if (!clean) {
            System.exit(1);
        }
    }

    private static long number(List<String> words, String name, long absent) {
        int at = words.indexOf(name);
        if (at < 0) {
            return absent;
        }
        words.remove(at);
        return Long.parseLong(words.remove(at));
    }

    private static boolean search(Target target, long seed, long seconds) throws Exception {
        Search search = new Search(target, seed);
        Optional<Search.Find> find = search.run(Duration.ofSeconds(seconds), Long.MAX_VALUE);
        System.out.printf(
                "%s: %,d inputs, seed %d, %s%n",
                target.name(), search.runs(), seed, find.isEmpty() ? "nothing found" : "FOUND");
        if (find.isPresent()) {
            Path kept = Files.write(
                    Files.createTempFile(target.name() + "-", ".find"),
                    find.get().input());
            System.out.println("kept in " + kept);
            find.get().thrown().printStackTrace(System.out);
        }
        return find.isEmpty();
    }
}
