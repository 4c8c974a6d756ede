package com.example.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.invoices.Client.Answer;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.filestore.FileStore;
import dev.filestore.Operation;
import dev.filestore.StoredFile;
import dev.filestore.metrics.FileStoreObservations;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationView;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The application as its users meet it, over HTTP. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:invoices",
            "files.sweep-every=100ms",
            "spring.security.oauth2.resourceserver.jwt.authorities-claim-name=roles",
            "spring.security.oauth2.resourceserver.jwt.authority-prefix=ROLE_"
        })
@ActiveProfiles("demo")
class InvoicesTest {

    private static final KeyPair ISSUER = keyPair();

    @TempDir
    private static Path temporary;

    private final Client nobody;
    private final Client ann;
    private final int port;
    private final FileStore store;
    private final JdbcTemplate sql;
    private final FileObservations observations;

    @Autowired
    InvoicesTest(
            @Value("${local.server.port}") int port,
            FileStore store,
            DataSource dataSource,
            FileObservations observations) {
        this.port = port;
        this.store = store;
        this.sql = new JdbcTemplate(dataSource);
        this.observations = observations;
        this.nobody = new Client(port);
        this.ann = user("ann");
    }

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) throws Exception {
        Path key = temporary.resolve("issuer.pem");
        Files.writeString(
                key,
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(ISSUER.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        properties.add(
                "spring.security.oauth2.resourceserver.jwt.public-key-location",
                () -> key.toUri().toString());
        properties.add("files.directory", () -> temporary.resolve("files").toString());
    }

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String token(String user, String... roles) {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.RS256),
                new JWTClaimsSet.Builder()
                        .subject(user)
                        .claim("roles", List.of(roles))
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .build());
        try {
            token.sign(new RSASSASigner(ISSUER.getPrivate()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    /** A user of this test alone: what they have and how much they may upload, no other test touches. */
    private Client user(String name, String... roles) {
        return new Client(port).withToken(token(name + "-" + UUID.randomUUID(), roles));
    }

    private Client inABrowser(String name) {
        return new Client(port).login(name);
    }

    private Answer file(long id) {
        return ann.get("/api/files/" + id);
    }

    private static boolean hasObject(String key) {
        return Files.exists(temporary.resolve("files/objects").resolve(key));
    }

    @Test
    void upload_ofAUserInABrowser_isTheirsAndTemporary() {
        Client browser = inABrowser("ann");
        Answer uploaded = browser.upload("영수증.pdf");

        assertThat(uploaded.status()).isEqualTo(201);
        int id = uploaded.number("$.file_id");
        StoredFile file = store.find(id).orElseThrow();
        assertThat(file.owner()).isEqualTo("ann");
        assertThat(file.originalFilename()).isEqualTo("영수증.pdf");
        assertThat(Duration.between(file.uploadedAt(), file.expiresAt())).isEqualTo(Duration.ofHours(1));
        assertThat(browser.get("/api/files/" + id + "/content").body().getBytes(StandardCharsets.UTF_8))
                .isEqualTo(Client.PDF);
        assertThat(inABrowser("bob").get("/api/files/" + id).status()).isEqualTo(403);
        assertThat(inABrowser("root").get("/api/files/" + id).status()).isEqualTo(200);
        assertThat(browser.invoice("in-a-browser", id).status()).isEqualTo(201);
    }

    /** Boot's own limits, 1 MB by default, and its parsing are the DispatcherServlet's. */
    @Test
    void upload_largerThanBootsOwnLimit_isStored() {
        Answer uploaded = ann.upload(
                "/api/files/upload",
                BodyPublishers.ofByteArrays(
                        List.of(Client.formStart("large.pdf"), Client.PDF, new byte[3_000_000], Client.formEnd())));

        assertThat(uploaded.status()).isEqualTo(201);
        assertThat(uploaded.number("$.size")).isEqualTo(Client.PDF.length + 3_000_000);
    }

    @Test
    void invoice_withAttachments_keepsThem() {
        int first = ann.uploaded("first.pdf");
        int second = ann.uploaded("second.pdf");

        Answer created = ann.invoice("keeps", second, first);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json("$.attachments")).isEqualTo(List.of(first, second));
        assertThat(ann.get(created.header("Location")).body()).isEqualTo(created.body());
        assertThat(file(first).json("$.expires_at")).isNull();
        assertThat(file(second).json("$.expires_at")).isNull();
    }

    @Test
    void invoice_rolledBack_leavesATemporaryFileThatExpires() {
        ann.invoice("taken");
        int id = ann.uploaded("rolled-back.pdf");
        String key = file(id).text("$.file_key");

        assertThat(ann.invoice("taken", id).status()).isEqualTo(409);

        assertThat(file(id).text("$.expires_at")).isNotNull();
        assertThat(sql.queryForList("select file_id from invoice_attachments where file_id = ?", id))
                .isEmpty();
        assertThat(hasObject(key)).isTrue();
        // Two hours later.
        sql.update(
                "update file_uploads set expires_at = dateadd(hour, -2, expires_at),"
                        + " due_at = dateadd(hour, -2, due_at) where id = ?",
                id);
        assertThat(file(id).status()).isEqualTo(404);
        await().until(() -> !hasObject(key));
    }

    @Test
    void invoice_namingAFileThatIsGone_isRefused() {
        Answer answer = ann.invoice("of-nothing", 999_999);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(ann.get("/api/invoices").body()).doesNotContain("of-nothing");
    }

    @Test
    void invoice_namingAnAttachmentOfAnother_isRefused() {
        int id = ann.uploaded("one.pdf");
        assertThat(ann.invoice("first-of-two", id).status()).isEqualTo(201);

        assertThat(ann.invoice("second-of-two", id).status()).isEqualTo(409);

        assertThat(file(id).status()).isEqualTo(200);
    }

    @Test
    void invoice_deleted_takesItsFilesWithIt() {
        int id = ann.uploaded("deleted.pdf");
        String key = file(id).text("$.file_key");
        String invoice = ann.invoice("deleted", id).header("Location");
        assertThat(hasObject(key)).isTrue();

        assertThat(ann.delete(invoice).status()).isEqualTo(204);

        assertThat(file(id).status()).isEqualTo(404);
        assertThat(ann.get(invoice).status()).isEqualTo(404);
        await().until(() -> !hasObject(key));
    }

    @Test
    void file_deletedBesideItsInvoice_isRefused() {
        int id = ann.uploaded("kept.pdf");
        ann.invoice("kept", id);

        assertThat(ann.delete("/api/files/" + id).status()).isEqualTo(403);

        assertThat(file(id).status()).isEqualTo(200);
    }

    @Test
    void anotherUser_getsNothing() {
        int id = ann.uploaded("hers.pdf");
        String invoice = ann.invoice("hers", id).header("Location");
        int loose = ann.uploaded("loose.pdf");
        Client bob = user("bob");

        assertThat(bob.get("/api/files/" + id).status()).isEqualTo(403);
        assertThat(bob.get("/api/files/" + id + "/content").status()).isEqualTo(403);
        assertThat(bob.get("/api/files").number("$.total")).isZero();
        assertThat(bob.invoice("stolen", loose).status()).isEqualTo(403);
        assertThat(bob.get("/api/invoices").body()).isEqualTo("[]");
        assertThat(bob.get(invoice).status()).isEqualTo(404);
        assertThat(bob.delete(invoice).status()).isEqualTo(404);
        assertThat(file(id).json("$.expires_at")).isNull();
        assertThat(file(loose).text("$.expires_at")).isNotNull();
    }

    @Test
    void nobody_isToldToLogIn() {
        int id = ann.uploaded("secret.pdf");

        for (String path : List.of("/api/files", "/api/files/" + id, "/api/files/" + id + "/content")) {
            Answer answer = nobody.get(path);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.text("$.code")).isEqualTo("authentication_required");
        }
        assertThat(nobody.get("/api/invoices").status()).isEqualTo(401);
        assertThat(nobody.withToken("no.such.token").upload("a.pdf").status()).isEqualTo(401);
    }

    @Test
    void nobody_inABrowser_isShownTheLogin() {
        Client browser = new Client(port).forPages();

        Answer anything = browser.get("/");
        assertThat(anything.status()).isEqualTo(302);
        assertThat(anything.header("Location")).endsWith("/login");
        assertThat(browser.get("/login").body()).contains("name=\"username\"", "name=\"_csrf\"");
        assertThat(browser.get("/api/invoices").status()).isEqualTo(401);
    }

    @Test
    void signedAddress_worksForNobodyInParticular() {
        int id = ann.uploaded("signed.pdf");
        URI signed = URI.create(
                ann.postJson("/api/files/presigned-url", "{\"file_id\": " + id + ", \"expiration_hours\": 1}")
                        .text("$.presigned_url"));

        assertThat(signed.toString()).startsWith("http://127.0.0.1:8080/api/files/" + id);
        assertThat(nobody.get(signed.getRawPath() + "?" + signed.getRawQuery())
                        .body()
                        .getBytes(StandardCharsets.UTF_8))
                .isEqualTo(Client.PDF);
        assertThat(nobody.get(signed.getRawPath() + "?" + signed.getRawQuery().replace("expires=", "expires=1"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void admin_reachesEverybodysFiles() {
        int id = ann.uploaded("for-the-admin.pdf");
        String invoice = ann.invoice("for-the-admin", id).header("Location");
        Client admin = user("admin", "ADMIN");

        assertThat(user("program").get("/api/files/" + id).status()).isEqualTo(403);
        assertThat(admin.get("/api/files/" + id).status()).isEqualTo(200);
        assertThat(admin.delete(invoice).status()).isEqualTo(204);
        assertThat(file(id).status()).isEqualTo(404);
    }

    @Test
    void upload_byCookieAlone_isRefused() {
        Client browser = inABrowser("bob");
        String own = browser.get("/csrf").text("$.token");
        String foreign = inABrowser("bob").get("/csrf").text("$.token");
        browser.fromAnotherSite();

        assertThat(browser.upload("forged.pdf").status()).isEqualTo(403);
        assertThat(browser.upload("/api/files/upload?_csrf=" + encode(foreign), "forged.pdf")
                        .status())
                .isEqualTo(403);
        // A field of the form, which nobody reads before the servlet.
        assertThat(browser.upload(
                                "/api/files/upload",
                                BodyPublishers.ofByteArrays(List.of(
                                        Client.formField("_csrf", own),
                                        Client.formStart("forged.pdf"),
                                        Client.PDF,
                                        Client.formEnd())))
                        .status())
                .isEqualTo(403);
        assertThat(browser.get("/api/files").number("$.total")).isZero();

        assertThat(browser.upload("/api/files/upload?_csrf=" + encode(own), "own.pdf")
                        .status())
                .isEqualTo(201);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void upload_byToken_needsNoCookieAndGetsNone() {
        Answer uploaded = ann.upload("by-token.pdf");

        assertThat(uploaded.status()).isEqualTo(201);
        assertThat(uploaded.header("Set-Cookie")).isNull();
    }

    /** Neither Boot's error page nor Spring Security's header fields stand in for the servlet's own. */
    @Test
    void answers_areTheServletsOwn() {
        int id = ann.uploaded("own.pdf");
        Answer missing = ann.get("/api/files/999999");
        Answer content = ann.get("/api/files/" + id + "/content");

        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.text("$.error")).isEqualTo("File not found");
        assertThat(missing.text("$.request_id")).isEqualTo(missing.header("X-Request-Id"));
        assertThat(content.response().headers().allValues("Cache-Control")).containsExactly("private, no-cache");
    }

    @Test
    void actuator_tellsEverybodyHealthAndAdminsTheRest() {
        assertThat(nobody.get("/actuator/health").body())
                .contains("\"status\":\"UP\"")
                .doesNotContain("components");
        assertThat(nobody.get("/actuator/metrics").status()).isEqualTo(401);
        assertThat(ann.get("/actuator/metrics").status()).isEqualTo(403);
        assertThat(user("admin", "ADMIN").get("/actuator/metrics").status()).isEqualTo(200);
    }

    @Test
    void metrics_afterAnUpload_countIt() {
        assertThat(ann.upload("counted.pdf").status()).isEqualTo(201);

        Client admin = user("admin", "ADMIN");
        Answer counted = admin.get("/actuator/metrics/filestore.uploads");

        assertThat(counted.body()).contains("\"name\":\"filestore.uploads\"", "success");
        assertThat(admin.get("/actuator/metrics/http.server.requests").status()).isEqualTo(200);
        assertThat(admin.get("/actuator/metrics/filestore.operation").status()).isEqualTo(404);
    }

    /** Boot gives each handler that is a bean to its registry. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Watched {

        @Bean
        FileObservations fileObservations() {
            return new FileObservations();
        }
    }

    /** Keeps what came to its end. */
    static final class FileObservations implements ObservationHandler<FileStoreObservations.Context> {

        private final Queue<FileStoreObservations.Context> ended = new ConcurrentLinkedQueue<>();

        @Override
        public void onStop(FileStoreObservations.Context context) {
            ended.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof FileStoreObservations.Context;
        }

        List<FileStoreObservations.Context> of(long file) {
            return ended.stream()
                    .filter(context ->
                            context.operation() != null && context.operation().fileId() == file)
                    .toList();
        }
    }

    /** Spring Security's observations may stand between. */
    private static List<String> above(Observation.ContextView context) {
        List<String> names = new ArrayList<>();
        for (ObservationView each = context.getParentObservation();
                each != null;
                each = each.getContextView().getParentObservation()) {
            names.add(each.getContextView().getName());
        }
        return names;
    }

    @Test
    void operations_overHttp_areObservedBelowTheRequest() {
        int id = ann.uploaded("observed.pdf");
        assertThat(ann.get("/api/files/" + id + "/content").status()).isEqualTo(200);

        await().untilAsserted(() -> assertThat(observations.of(id))
                .extracting(FileStoreObservations.Context::kind)
                .containsExactly(Operation.Kind.UPLOAD, Operation.Kind.DOWNLOAD));
        assertThat(observations.of(id))
                .allSatisfy(context -> assertThat(above(context)).endsWith("http.server.requests"));
    }

    @Test
    void sweeps_inTheBackground_areBelowNothing() {
        await().until(() -> observations.of(0).stream().anyMatch(context -> context.kind() == Operation.Kind.SWEEP));

        assertThat(observations.of(0))
                .filteredOn(context -> context.kind() == Operation.Kind.SWEEP)
                .allSatisfy(context -> assertThat(above(context)).isEmpty());
    }
}
