package dev.filestore.examples.reliability.killer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How the Java programs are started: on the class path of the tests, each with a log of its own. */
final class Programs {

    private final Path folder;
    private final Map<String, String> environment;

    Programs(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    Path log(String name) {
        return folder.resolve(name + ".log");
    }

    /** Starts a node of the web application, with the archive of its classes. */
    Process node(String name, Map<String, String> own) throws IOException {
        return node(name, "-XX:SharedArchiveFile=" + classes(), own);
    }

    /** Starts a node that writes the archive when it is stopped. */
    Process archivingNode(String name, Map<String, String> own) throws IOException {
        return node(name, "-XX:ArchiveClassesAtExit=" + classes(), own);
    }

    private Path classes() {
        return folder.resolve("classes.jsa");
    }

    private Process node(String name, String sharing, Map<String, String> own) throws IOException {
        // No archive is made of folders; those on the class path hold the tests.
        String jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
        return java(name, List.of(sharing, "-cp", jars, "dev.filestore.examples.webapp.Main"), own);
    }

    /** Starts a program that is among the tests. */
    Process test(String name, Class<?> main, String... arguments) throws IOException {
        List<String> options = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        options.addAll(List.of(arguments));
        return java(name, options, Map.of());
    }

    private Process java(String name, List<String> options, Map<String, String> more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()));
        builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
        builder.environment().putAll(environment);
        builder.environment().putAll(more);
        return builder.start();
    }
}
