package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.ProbeScanner;
import dev.filestore.ProbeScanner.Call;
import dev.filestore.ScanException;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.servlet.HttpCalls.Answer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client is told of a scan. */
class ScannedUploadTest {

    private static final String SECRET_OF_THE_CAUSE = "internal-scanner-7.example";

    private final JettyServer server = new JettyServer(ServletServer.Mount.USUAL);
    private final MemoryStorage storage = new MemoryStorage();
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final ProbeScanner scanner = new ProbeScanner();
    private final FileStore store = FileStore.builder()
            .storage(storage)
            .metadata(metadata)
            .scanner(scanner)
            .build();
    private final HttpCalls http = new HttpCalls(server.base(), null);

    @BeforeEach
    void start() {
        server.start(FileStoreServlet.builder(store, request -> Optional.of(Caller.user("123")))
                .build());
    }

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    private void assertNothingLeft() {
        assertThat(storage.list("", "", 10)).isEmpty();
        assertThat(metadata.listByKey("", "", 10)).isEmpty();
        assertThat(http.get("").body()).startsWith("{\"total\":0,");
    }

    @Test
    void upload_clean_is201AndScannedWithoutItsForm() {
        assertThat(http.uploadPdf("a.pdf").status()).isEqualTo(201);

        assertThat(scanner.seen()).isEqualTo(HttpCalls.PDF);
        assertThat(scanner.uploads()).singleElement().satisfies(upload -> {
            assertThat(upload.owner()).isEqualTo("123");
            assertThat(upload.fileName()).isEqualTo("a.pdf");
        });
    }

    @Test
    void upload_infected_is400AndTellsWhatWasFound() {
        scanner.findingAtEnd();

        Answer answer = http.uploadPdf("my-secret-name.pdf");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"File is infected\",\"code\":\"file_is_infected\","
                        + "\"message\":\"The file is infected: the scanner found " + ProbeScanner.FOUND
                        + "\",\"request_id\":\"" + answer.header("X-Request-Id") + "\"}");
        assertThat(answer.header("Retry-After")).isNull();
        assertNothingLeft();
    }

    @Test
    void upload_foundInfectedWhileTheClientStillSends_is400() {
        scanner.findingAfter(1);
        byte[] large = Arrays.copyOf(HttpCalls.PDF, 8_000_000);

        Answer answer = http.uploadChunked(new Form().file("file", "a.pdf", "application/pdf", large));

        assertThat(answer.failure()).isEqualTo("400 File is infected");
        assertNothingLeft();
    }

    /** The rest of the form is read before the verdict is asked for: what is wrong there is told as such. */
    @Test
    void upload_infectedInAFormThatIsBroken_is400OfTheForm() {
        scanner.findingAtEnd();

        Answer answer = http.upload(new Form()
                .file("file", "a.pdf", "application/pdf", HttpCalls.PDF)
                .field("expires_in_hours", "x"));

        assertThat(answer.failure()).isEqualTo("400 Invalid request");
        assertThat(scanner.calls()).doesNotContain(Call.END);
        assertNothingLeft();
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"BEGIN", "UPDATE", "END"})
    void upload_scannerFails_is503WithRetryAfterAndTellsNothingOfTheCause(Call call) throws Exception {
        scanner.at(call, () -> {
            throw new ScanException("ask the scanner", new IOException("no answer from " + SECRET_OF_THE_CAUSE));
        });

        try (LogLines lines = new LogLines(Level.ERROR)) {
            Answer answer = http.uploadPdf("a.pdf");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("30");
            assertThat(answer.body())
                    .isEqualTo("{\"error\":\"Service unavailable\",\"code\":\"service_unavailable\",\"message\":\"The"
                            + " file could not be scanned, and was not stored; try again later\",\"request_id\":\""
                            + answer.header("X-Request-Id") + "\"}");
            assertThat(lines.next(Level.ERROR).getThrowableProxy().getCause().getMessage())
                    .contains(SECRET_OF_THE_CAUSE);
        }
        assertNothingLeft();
    }

    @Test
    void upload_bodyThatIsNoForm_isNotScanned() {
        http.post("/upload", "text/plain", HttpRequest.BodyPublishers.ofByteArray(HttpCalls.PDF));

        assertThat(scanner.calls()).isEmpty();
    }
}
