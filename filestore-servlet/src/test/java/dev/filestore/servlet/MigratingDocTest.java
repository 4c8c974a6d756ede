package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.filestore.AdoptRequest;
import dev.filestore.Adoption;
import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.StoredFile;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/migrating.md} shows is what runs here. */
class MigratingDocTest {

    private static final Instant CREATED = Instant.parse("2021-12-30T09:15:00Z");

    private final MemoryStorage storage = new MemoryStorage();
    private final FileStore store =
            FileStore.builder().storage(storage).metadata(new MemoryMetadata()).build();
    private final JettyServer server =
            new JettyServer(new ServletServer.Mount("", "/api/files/*", false, List.of(new OldAddresses())));

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    /** Leads the addresses that the application had to those of the files. */
    static final class OldAddresses extends HttpFilter {

        private static final long serialVersionUID = 1L;

        private static final Pattern OLD = Pattern.compile("/attachments/([1-9][0-9]{0,17})");

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String root = request.getContextPath();
            Matcher old = OLD.matcher(request.getRequestURI().substring(root.length()));
            if (old.matches()) {
                response.setStatus(HttpServletResponse.SC_TEMPORARY_REDIRECT);
                response.setHeader("Location", root + "/api/files/" + old.group(1) + "/content");
            } else {
                chain.doFilter(request, response);
            }
        }
    }

    private static StoredFile adopt(FileStore store, Instant created) {
        AdoptRequest request = new AdoptRequest(
                "att/2021/7/report.pdf",
                "Jahresbericht 2021.pdf",
                "7",
                101,
                "application/pdf",
                -1,
                null,
                created,
                null);
        Adoption adoption = store.adopt(request, Adoption.Mode.APPLY);
        if (!adoption.kind().isFine()) {
            throw new IllegalStateException(request.key() + ": " + adoption.kind() + ", " + adoption.detail());
        }
        return adoption.file();
    }

    @Test
    void javaSnippets_areThisSource() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/filestore/servlet/MigratingDocTest.java"));

        assertThat(Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("../docs/migrating.md")))
                        .results()
                        .map(block -> block.group(1)))
                .hasSize(2)
                .allSatisfy(block -> assertThat(source).contains(block));
    }

    @Test
    void adopt_asShown_isAFileOrSaysWhyNot() throws IOException {
        assertThatIllegalStateException()
                .isThrownBy(() -> adopt(store, CREATED))
                .withMessage("att/2021/7/report.pdf: OBJECT_MISSING, there is no object of that key");
        putReport();

        StoredFile file = adopt(store, CREATED);

        assertThat(file.id()).isEqualTo(101);
        assertThat(file.uploadedAt()).isEqualTo(CREATED);
        assertThat(adopt(store, CREATED)).isEqualTo(file);
    }

    private void putReport() throws IOException {
        storage.put("att/2021/7/report.pdf", new ObjectHeaders("", ""), new ByteArrayInputStream(HttpCalls.PDF), -1);
    }

    @Test
    void oldAddress_ofAnAdoptedFile_leadsToItsBytes() throws Exception {
        putReport();
        adopt(store, CREATED);
        server.start(FileStoreServlet.builder(store, request -> Optional.of(Caller.user("7")))
                .build());
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();

        HttpResponse<byte[]> answer = client.send(
                HttpRequest.newBuilder(server.base().resolve("/attachments/101"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(HttpCalls.PDF);
        assertThat(answer.uri().getPath()).isEqualTo("/api/files/101/content");
        URI others = server.base().resolve("/attachments/0101");
        assertThat(client.send(HttpRequest.newBuilder(others).build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(404);
    }
}
