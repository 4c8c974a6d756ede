package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.filestore.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged program as a user starts and stops it, on H2 and the disk. */
class ProgramIT {

    private static final String SECRET = "a-secret-of-a-test-that-nobody-knows-0123456789";

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void welcome_linesPastedIntoAShell_useEachEndpoint() throws Exception {
        try (Program program = Program.start(folder, Map.of()).ready()) {
            String output = program.output();
            String lines = output.substring(output.indexOf("\nAPI="), output.indexOf("Ctrl-C stops"));
            Path shell = Files.createDirectory(folder.resolve("shell"));

            Process bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", lines)
                    .directory(shell.toFile())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(bash.waitFor()).as(printed).isZero();
            assertThat(printed)
                    .containsSubsequence(
                            "\"file_id\":",
                            "\"original_filename\":\"sample.pdf\"",
                            "\"total\":1",
                            "\"category\":\"document\"",
                            "\"presigned_url\":\"" + program.api(),
                            "File deleted");
            assertThat(shell.resolve("copy.pdf")).hasSameBinaryContentAs(folder.resolve("data/sample.pdf"));
            assertThat(program.api()).startsWith("http://127.0.0.1:");
        }
    }

    @Test
    void welcome_tokens_areThoseOfUser123AndOfAnAdmin() throws Exception {
        try (Program program = Program.start(folder, Map.of()).ready()) {
            DecodedJWT user = JWT.decode(program.token());
            assertThat(user.getSubject()).isEqualTo("123");
            String file = upload(program.api(), program.token());

            String admin = program.output()
                    .lines()
                    .filter(line -> line.startsWith("eyJ"))
                    .toList()
                    .get(1);

            assertThat(status("GET", program.api() + "/" + file, admin)).isEqualTo(200);
            assertThat(status("GET", program.api() + "/" + file, "x" + admin)).isEqualTo(401);
        }
    }

    @Test
    void terminate_duringAnUpload_finishesItAndRefusesOthers() throws Exception {
        Map<String, String> settings = Map.of("JWT_SECRET", SECRET);
        byte[] head = "%PDF-1.7\n".getBytes(StandardCharsets.UTF_8);
        byte[] rest = new byte[200_000];
        try (Program program = Program.start(folder, settings).ready();
                RawUpload upload =
                        new RawUpload(program.api(), program.token(), "slow.pdf", head.length + rest.length, true)) {
            upload.send(head, head.length);

            program.terminate();
            program.await("Stopping; 1 requests are running");

            HttpResponse<String> refused = send("GET", program.api(), program.token());
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.body())
                    .isEqualTo("{\"error\":\"Service unavailable\",\"code\":\"shutting_down\","
                            + "\"message\":\"The server is stopping; try again\"}");
            upload.send(rest, rest.length);
            assertThat(upload.finish()).startsWith("201\n").contains("slow.pdf");
            assertThat(program.awaitExit()).isEqualTo(128 + 15);
            assertThat(program.output()).endsWith("Stopped.");
        }
        try (Program again = Program.start(folder, settings).ready()) {
            assertThat(send("GET", again.api(), again.token()).body())
                    .contains("\"file_size\":" + (head.length + rest.length));
        }
    }

    @Test
    void restart_withTheSameSecret_knowsTokensAndAddressesOfBefore() throws Exception {
        String port = Integer.toString(FreePort.any());
        Map<String, String> settings = Map.of("JWT_SECRET", SECRET, "PORT", port);
        String token;
        String url;
        try (Program program = Program.start(folder, settings).ready()) {
            token = program.token();
            url = presign(program.api(), token, upload(program.api(), token));
        }
        try (Program again = Program.start(folder, settings).ready()) {
            assertThat(status("GET", again.api(), token)).isEqualTo(200);
            assertThat(client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(Files.readAllBytes(folder.resolve("data/sample.pdf")));
            // Killed above: the data survived that, and nothing secret was printed.
            assertThat(again.output()).doesNotContain(SECRET);
        }
    }

    @Test
    void restart_withANewSecretAndThePreviousOne_knowsWhatBothSigned() throws Exception {
        String port = Integer.toString(FreePort.any());
        String next = "the next secret, which has its 32 bytes too";
        String old;
        String url;
        try (Program before = Program.start(folder, Map.of("JWT_SECRET", SECRET, "PORT", port))
                .ready()) {
            old = before.token();
            url = presign(before.api(), old, upload(before.api(), old));
        }
        String token;
        String newUrl;
        Map<String, String> both = Map.of("JWT_SECRET", next, "JWT_SECRET_PREVIOUS", SECRET, "PORT", port);
        try (Program changing = Program.start(folder, both).ready()) {
            token = changing.token();
            newUrl = presign(changing.api(), old, url.replaceAll(".*/([0-9]+)/content.*", "$1"));
            assertThat(status("GET", changing.api(), old)).isEqualTo(200);
            assertThat(status("GET", url, null)).isEqualTo(200);
            assertThat(changing.output()).doesNotContain(SECRET).doesNotContain(next);
        }
        try (Program after =
                Program.start(folder, Map.of("JWT_SECRET", next, "PORT", port)).ready()) {
            assertThat(status("GET", after.api(), old)).isEqualTo(401);
            assertThat(status("GET", url, null)).isEqualTo(403);
            assertThat(status("GET", after.api(), token)).isEqualTo(200);
            assertThat(status("GET", newUrl, null)).isEqualTo(200);
        }
    }

    @Test
    void log_afterSigningAndDownloading_holdsNoSignatureAndNoSecret() throws Exception {
        try (Program program =
                Program.start(folder, Map.of("JWT_SECRET", SECRET)).ready()) {
            String file = upload(program.api(), program.token());
            String url = presign(program.api(), program.token(), file);
            assertThat(status("GET", url, null)).isEqualTo(200);
            status("DELETE", program.api() + "/" + file, program.token());
            program.terminate();
            program.awaitExit();

            assertThat(program.output())
                    .contains("status=201")
                    .doesNotContain(SECRET)
                    .doesNotContain(url.substring(url.indexOf("signature=")));
        }
    }

    @Test
    void settings_inEnvFile_areTakenAndTheEnvironmentWins() throws Exception {
        Files.writeString(folder.resolve(".env"), "# where\nexport DATA_DIR='kept here'\nPORT=1\n");
        try (Program program = Program.start(folder, Map.of()).ready()) {
            assertThat(folder.resolve("kept here/sample.pdf")).exists();
            assertThat(program.api()).isNotEqualTo("http://127.0.0.1:1/api/files");
        }
    }

    @Test
    void start_portInUse_saysSo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program program = Program.start(folder, Map.of("PORT", Integer.toString(taken.getLocalPort())))) {
            assertThat(program.awaitExit()).isEqualTo(1);
            program.await("FileStore cannot start: cannot listen on 127.0.0.1 port " + taken.getLocalPort());
            assertThat(program.output()).doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DATABASE_URL | postgres://kim:s3cret@localhost/app              | DATABASE_URL must be a JDBC URL",
                "DATABASE_URL | jdbc:oracle:thin:kim/s3cret@localhost            | DATABASE_URL must be a JDBC URL",
                "DATABASE_URL | jdbc:postgresql://127.0.0.1:1/app?password=s3cret | must not hold a password: put it into DATABASE_PASSWORD",
                "DATABASE_URL | jdbc:postgresql://127.0.0.1:1/app | cannot connect to jdbc:postgresql://127.0.0.1:1/app:",
                "JWT_SECRET   | s3cret                                           | JWT_SECRET must have at least 32 bytes, found 6",
                "JWT_SECRET_PREVIOUS | a secret of 32 bytes, but no s3cret other | JWT_SECRET_PREVIOUS is set, and JWT_SECRET is not",
                "PORT         | s3cret9                                          | PORT must be a whole number",
                "HOST         | 192.0.2.1                                        | cannot listen on 192.0.2.1",
                "PUBLIC_URL   | files.example.com                                | PUBLIC_URL must be an address",
                "DATA_DIR     | /proc/none                                       | DATA_DIR: files cannot be kept in /proc/none/files",
            })
    void start_badSetting_saysWhichAndKeepsSecrets(String name, String value, String message) throws Exception {
        try (Program program = Program.start(folder, Map.of(name, value))) {
            assertThat(program.awaitExit()).as(program.output()).isEqualTo(1);
            program.await("FileStore cannot start: ");
            assertThat(program.output()).contains(message).doesNotContain("\tat ");
            assertThat(program.output().replace("found s3cret9", "")).doesNotContain("s3cret");
        }
    }

    @Test
    void start_databaseFileInUse_saysSo() throws Exception {
        try (Program first = Program.start(folder, Map.of()).ready();
                Program second = Program.start(folder, Map.of())) {
            assertThat(first.output()).contains("jdbc:h2:file:");
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.output()).contains("The file is locked");
        }
    }

    private String upload(String api, String token) throws IOException {
        byte[] sample = Files.readAllBytes(folder.resolve("data/sample.pdf"));
        try (RawUpload upload = new RawUpload(api, token, "sample.pdf", sample.length, false)) {
            upload.send(sample, sample.length);
            String answer = upload.finish();
            assertThat(answer).startsWith("201\n");
            return answer.replaceFirst("(?s).*\"file_id\":(\\d+).*", "$1");
        }
    }

    private String presign(String api, String token, String file) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api + "/presigned-url"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"file_id\": " + file + "}"))
                .build();
        return client.send(request, BodyHandlers.ofString())
                .body()
                .replaceFirst("(?s).*\"presigned_url\":\"([^\"]*)\".*", "$1");
    }

    private int status(String method, String url, String token) throws Exception {
        return send(method, url, token).statusCode();
    }

    private HttpResponse<String> send(String method, String url, String token) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).method(method, HttpRequest.BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
