package com.example.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/getting-started.md} shows is what is compiled here, and does what the document says. */
class GettingStartedTest {

    private static final String DOCUMENT = read("../../docs/getting-started.md");
    private static final String PDF = "%PDF-1.7\n%%EOF\n";

    @TempDir
    private Path folder;

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(DOCUMENT)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** Runs a program in the folder, as its reader would. */
    private Process start(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dport=0",
                "-cp",
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .reduce((a, b) -> a + File.pathSeparator + b)
                        .orElseThrow(),
                "com.example.files." + program));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    private String outputOf(String program, String... arguments) throws Exception {
        Process process = start(program, arguments);
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s, %s", printed, Files.readString(folder.resolve("errors")))
                .isZero();
        return printed;
    }

    @Test
    void java_ofTheDocument_isThatOfTheSources() {
        List<String> sources = Stream.of("Store", "App", "Server", "Import")
                .map(name -> read("src/main/java/com/example/files/" + name + ".java"))
                .toList();

        assertThat(blocks("java")).containsExactlyElementsOf(sources);
    }

    @Test
    void pom_ofTheDocument_namesWhatIsTestedHere() {
        String ours = read("pom.xml");
        String root = read("../../pom.xml");
        List<List<String>> dependencies = Pattern.compile(
                        "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>(?:\\s*<version>([^<]+)</version>)?")
                .matcher(blocks("xml").get(0))
                .results()
                .map(found -> List.of(found.group(1), found.group(2), String.valueOf(found.group(3))))
                .toList();

        assertThat(dependencies).hasSize(7).allSatisfy(dependency -> {
            assertThat(root + ours).contains("<artifactId>" + dependency.get(1) + "</artifactId>");
            assertThat(root).contains(">" + dependency.get(2).replace("null", "0.1.0-SNAPSHOT") + "<");
        });
    }

    @Test
    void app_asShown_storesAndReadsTheFile() throws Exception {
        Files.writeString(folder.resolve("report.pdf"), PDF);

        assertThat(outputOf("App", "report.pdf"))
                .matches("(?s)stored as number 1: application/pdf, 15 bytes, uploads/123/\\d{8}_\\d{6}_report.pdf\n"
                        + "user 123 has 1 files\n" + PDF);
        assertThat(outputOf("App", "report.pdf")).contains("stored as number 2", "user 123 has 2 files");
    }

    @Test
    void import_asShown_storesWhatIsAcceptedAndSaysWhatIsNot() throws Exception {
        Path below = Files.createDirectories(folder.resolve("scans/2026"));
        Files.writeString(below.resolve("a.pdf"), PDF);
        Files.writeString(folder.resolve("scans/notes.txt"), "plain text");

        assertThat(outputOf("Import", "scans"))
                .contains("refused scans/notes.txt: ")
                .endsWith("stored 1 files\n");
    }

    @Test
    void server_asShown_answersTheTokenThatItPrints() throws Exception {
        Process server = start("Server");
        try (BufferedReader printed = server.inputReader(StandardCharsets.UTF_8)) {
            String url = printed.readLine().replace("URL=", "");
            String token = printed.readLine().replace("TOKEN=", "");
            String form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"report.pdf\"\r\n\r\n" + PDF
                    + "\r\n--b--\r\n";
            HttpClient client = HttpClient.newHttpClient();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(url + "/upload"))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "multipart/form-data; boundary=b")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            assertThat(answer.body()).contains("\"file_id\":1,");
        } finally {
            server.destroy();
            server.waitFor();
        }
    }
}
