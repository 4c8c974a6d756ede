package dev.filestore.examples.batch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged program, in a process of its own that can be killed. */
final class BatchProcess {

    private BatchProcess() {}

    /** What it says goes into the file {@code log} of the folder; of the environment it has nothing that would set it up. */
    static ProcessBuilder in(Path home, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("batch.jar")));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder;
    }
}
