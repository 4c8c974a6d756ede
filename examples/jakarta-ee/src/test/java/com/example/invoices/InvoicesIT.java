package com.example.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.invoices.Client.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application in WildFly as its users meet it, over HTTP. It starts once for all tests; the last one ends it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InvoicesIT {

    @TempDir
    private static Path folder;

    private static Server server;
    private static Iterator<String> users;

    private final Client nobody = Client.nobody(server.port());
    private final String name = users.next();
    private final Client ann = nobody.as(name);
    private final Client bob = nobody.as("bob");
    private final Client root = nobody.as("root");

    /** Each test has a user of its own who uploads: how much one user may in a minute is limited. */
    @BeforeAll
    static void start() throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        List<String> names =
                IntStream.range(0, 20).mapToObj(number -> "ann-" + number).toList();
        users = names.iterator();
        server = new Server(folder, names);
    }

    @AfterAll
    static void end() {
        Awaitility.reset();
        if (server != null) {
            server.close();
        }
    }

    private JsonNode file(int id) {
        return ann.get("/api/files/" + id).json();
    }

    /** How many objects of that name the user has on the disk. */
    private long objects(String fileName) {
        try (Stream<Path> found = Files.list(folder.resolve("data/files/objects/uploads/" + name))) {
            return found.filter(path -> path.toString().endsWith(fileName)).count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void upload_ofAUserOfTheServer_isTheirsAndTemporary() {
        Answer uploaded = ann.upload("영수증.pdf");

        assertThat(uploaded.status()).isEqualTo(201);
        int id = uploaded.json().get("file_id").asInt();
        assertThat(file(id).get("file_key").asText()).startsWith("uploads/" + name + "/");
        assertThat(file(id).get("original_filename").asText()).isEqualTo("영수증.pdf");
        assertThat(file(id).get("expires_at").isNull()).isFalse();
        assertThat(ann.get("/api/files/" + id + "/content").body().getBytes(StandardCharsets.UTF_8))
                .isEqualTo(Client.PDF);
        assertThat(bob.get("/api/files/" + id).status()).isEqualTo(403);
        assertThat(root.get("/api/files/" + id).status()).isEqualTo(200);
    }

    /** Undertow's limit for an entity, 10 MB by default, would end it. */
    @Test
    void upload_largerThanTheServersOwnLimit_isStored() {
        Answer uploaded = ann.upload(BodyPublishers.ofByteArrays(
                List.of(Client.formStart("large.pdf"), Client.PDF, new byte[12_000_000], Client.formEnd())));

        assertThat(uploaded.status()).isEqualTo(201);
        assertThat(uploaded.json().get("size").asInt()).isEqualTo(Client.PDF.length + 12_000_000);
    }

    @Test
    void invoice_withAttachments_keepsThem() {
        int first = ann.uploaded("first.pdf");
        int second = ann.uploaded("second.pdf");

        Answer created = ann.invoice("keeps", second, first);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().get("attachments"))
                .extracting(JsonNode::asInt)
                .containsExactly(first, second);
        assertThat(ann.get(created.header("Location")).json()).isEqualTo(created.json());
        assertThat(file(first).get("expires_at").isNull()).isTrue();
        assertThat(file(second).get("expires_at").isNull()).isTrue();
    }

    @Test
    void invoice_rolledBack_leavesATemporaryFile() {
        assertThat(ann.invoice("taken").status()).isEqualTo(201);
        int id = ann.uploaded("rolled-back.pdf");

        Answer refused = ann.invoice("taken", id);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().get("detail").asText()).contains("taken");
        assertThat(file(id).get("expires_at").isNull()).isFalse();
        assertThat(objects("rolled-back.pdf")).isOne();
        assertThat(ann.invoice("not-taken", id).status()).isEqualTo(201);
        assertThat(file(id).get("expires_at").isNull()).isTrue();
    }

    @Test
    void invoice_namingAFileThatIsGone_isRefused() {
        assertThat(ann.invoice("of-nothing", 999_999).status()).isEqualTo(409);
        assertThat(ann.get("/api/invoices").body()).doesNotContain("of-nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{\"number\": \"half\"}", "{\"amount\": 1}"})
    void invoice_withoutNumberOrAmount_isRefused(String json) {
        assertThat(ann.postJson("/api/invoices", json).status()).isEqualTo(400);
    }

    @Test
    void invoice_deleted_takesItsFilesWithIt() {
        int id = ann.uploaded("deleted.pdf");
        String invoice = ann.invoice("deleted", id).header("Location");
        assertThat(objects("deleted.pdf")).isOne();

        assertThat(ann.delete(invoice).status()).isEqualTo(204);

        assertThat(ann.get("/api/files/" + id).status()).isEqualTo(404);
        assertThat(ann.get(invoice).status()).isEqualTo(404);
        await().until(() -> objects("deleted.pdf") == 0);
    }

    @Test
    void file_deletedBesideItsInvoice_isRefused() {
        int id = ann.uploaded("kept.pdf");
        ann.invoice("kept", id);

        assertThat(ann.delete("/api/files/" + id).status()).isEqualTo(403);
        assertThat(ann.delete("/shared/" + id).status()).isEqualTo(403);

        assertThat(ann.get("/api/files/" + id).status()).isEqualTo(200);
    }

    @Test
    void anotherUser_getsNothing() {
        int id = ann.uploaded("hers.pdf");
        String invoice = ann.invoice("hers", id).header("Location");
        int loose = ann.uploaded("loose.pdf");

        assertThat(bob.get("/api/files/" + id + "/content").status()).isEqualTo(403);
        assertThat(bob.get("/api/files").json().get("total").asInt()).isZero();
        assertThat(bob.invoice("stolen", loose).status()).isEqualTo(403);
        assertThat(bob.get("/api/invoices").body()).isEqualTo("[]");
        assertThat(bob.get(invoice).status()).isEqualTo(404);
        assertThat(bob.delete(invoice).status()).isEqualTo(404);
        assertThat(file(id).get("expires_at").isNull()).isTrue();
        assertThat(file(loose).get("expires_at").isNull()).isFalse();
    }

    @Test
    void admin_reachesEverybodysFiles() {
        int id = ann.uploaded("for-the-admin.pdf");
        String invoice = ann.invoice("for-the-admin", id).header("Location");

        assertThat(root.get("/api/files/" + id).status()).isEqualTo(200);
        assertThat(root.delete(invoice).status()).isEqualTo(204);

        assertThat(ann.get("/api/files/" + id).status()).isEqualTo(404);
    }

    @Test
    void nobody_getsHealthAlone() {
        int id = ann.uploaded("secret.pdf");

        for (String path : List.of("/api/files", "/api/files/" + id + "/content", "/api/invoices", "/shared")) {
            assertThat(nobody.get(path).status()).as(path).isEqualTo(401);
        }
        assertThat(nobody.get("/shared/" + id + "/content").status()).isEqualTo(401);
        assertThat(nobody.upload("a.pdf").status()).isEqualTo(401);
        assertThat(nobody.get("/api/health").status()).isEqualTo(200);
        assertThat(nobody.get("/api/health").json().get("status").asText()).isEqualTo("UP");
    }

    @Test
    void signedAddress_worksForNobodyInParticular() {
        int id = ann.uploaded("signed.pdf");
        String address = ann.postJson("/api/files/presigned-url", "{\"file_id\": " + id + ", \"expiration_hours\": 1}")
                .json()
                .get("presigned_url")
                .asText();
        assertThat(address).startsWith("http://127.0.0.1:8080/shared/" + id + "/content?");
        String path = address.substring("http://127.0.0.1:8080".length());

        assertThat(nobody.get(path).body().getBytes(StandardCharsets.UTF_8)).isEqualTo(Client.PDF);
        assertThat(nobody.get(path.replace("expires=", "expires=1")).status()).isEqualTo(403);
    }

    /** The browser adds the user's credentials to what another site has it send. */
    @Test
    void upload_fromAnotherSite_isRefused() {
        String own = "http://127.0.0.1:" + server.port();

        assertThat(ann.with("Sec-Fetch-Site", "cross-site").upload("forged.pdf").status())
                .isEqualTo(403);
        assertThat(ann.with("Origin", "https://elsewhere.example")
                        .upload("forged.pdf")
                        .status())
                .isEqualTo(403);
        assertThat(objects("forged.pdf")).isZero();

        assertThat(ann.with("Sec-Fetch-Site", "same-origin").upload("own.pdf").status())
                .isEqualTo(201);
        assertThat(ann.with("Origin", own).upload("own.pdf").status()).isEqualTo(201);
        assertThat(ann.with("Sec-Fetch-Site", "cross-site").get("/api/invoices").status())
                .isEqualTo(200);
    }

    /** Neither the server's error page nor its header fields stand in for the servlet's own. */
    @Test
    void answers_areTheServletsOwn() {
        int id = ann.uploaded("own-answers.pdf");
        Answer missing = ann.get("/api/files/999999");
        Answer content = ann.get("/api/files/" + id + "/content");

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.json().get("error").asText()).isEqualTo("File not found");
        assertThat(missing.json().get("request_id").asText()).isEqualTo(missing.header("X-Request-Id"));
        assertThat(content.response().headers().allValues("Cache-Control")).containsExactly("private, no-cache");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void terminated_inAnUpload_finishesItAndEnds() throws Exception {
        PipedOutputStream form = new PipedOutputStream();
        PipedInputStream sent = new PipedInputStream(form);
        CompletableFuture<Answer> upload =
                CompletableFuture.supplyAsync(() -> ann.upload(BodyPublishers.ofInputStream(() -> sent)));
        form.write(Client.formStart("slow.pdf"));
        form.write(Client.PDF);
        form.write(new byte[20_000]);
        form.flush();
        await().until(() -> unfinished() > 0);

        server.terminate();
        server.awaitLine(Pattern.compile("Suspending server"));
        form.write(Client.formEnd());
        form.close();

        assertThat(upload.get(30, TimeUnit.SECONDS).status()).isEqualTo(201);
        assertThat(server.awaitEnd())
                .contains("Stopped deployment ROOT.war")
                .doesNotContain(" ERROR ")
                .doesNotContain("Exception");
        assertThat(objects("slow.pdf")).isOne();
        assertThat(folder.resolve("data/invoices.mv.db")).isRegularFile();
    }

    private static long unfinished() throws IOException {
        try (Stream<Path> found = Files.list(folder.resolve("data/files/unfinished"))) {
            return found.count();
        }
    }
}
