package dev.filestore.s3;

import static dev.filestore.s3.BucketCheckTest.finding;
import static dev.filestore.s3.BucketCheckTest.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.adobe.testing.s3mock.S3MockApplication;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.filestore.ByteRange;
import dev.filestore.Cdn;
import dev.filestore.CheckReport;
import dev.filestore.CheckReport.Finding;
import dev.filestore.CheckReport.Status;
import dev.filestore.Checkable;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.SignedUrl;
import dev.filestore.StoredFile;
import dev.filestore.UrlSigner;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a check tells of a distribution, by the answers that CloudFront documents, and by one that verifies signatures. */
class EdgeCheckTest {

    private static final CloudFrontDomain DOMAIN = CloudFrontDomain.of(CloudFrontEdge.DOMAIN);

    private final MemoryStorage storage = new MemoryStorage();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @AfterEach
    void stop() {
        over.countDown();
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }

    @FunctionalInterface
    private interface Edge {
        void answer(HttpExchange exchange) throws IOException;
    }

    private UnaryOperator<URI> edge(Edge edge) throws IOException {
        return start(HttpServer.create(), "http", edge);
    }

    private UnaryOperator<URI> start(HttpServer made, String scheme, Edge edge) throws IOException {
        made.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        made.setExecutor(threads);
        made.createContext("/", exchange -> {
            try (exchange) {
                edge.answer(exchange);
            }
        });
        made.start();
        server = made;
        String base = scheme + "://127.0.0.1:" + made.getAddress().getPort();
        return url -> URI.create(base + url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static void refuse(HttpExchange exchange, int status, String code, String server) throws IOException {
        exchange.getResponseHeaders().set("Server", server);
        send(
                exchange,
                status,
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                                + "</Code><Message>of the script</Message></Error>")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private Optional<byte[]> object(String path) {
        try (InputStream in =
                storage.open(path.substring(1), ByteRange.ALL, null).orElse(null)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        Optional<byte[]> object = object(exchange.getRequestURI().getPath());
        send(exchange, object.isPresent() ? 200 : 404, object.orElse(new byte[0]));
    }

    /** As {@link CloudFrontDomain}, by another way to it. */
    private record RoutedDomain(EdgeCheck check) implements Cdn, Checkable {

        @Override
        public URI urlOf(String key) {
            return DOMAIN.urlOf(key);
        }

        @Override
        public List<Step> looks(Probe probe) {
            return check.looks();
        }

        @Override
        public List<Step> trials(Probe probe) {
            return check.trials(probe);
        }

        @Override
        public Optional<String> cure(Act act, Exception failure) {
            return DOMAIN.cure(act, failure);
        }
    }

    /** As {@link CloudFrontSigner}, by another way to its domain. */
    private record RoutedSigner(CloudFrontSigner signer, EdgeCheck check) implements UrlSigner, Checkable {

        @Override
        public URI locate(long id, String key) {
            return signer.locate(id, key);
        }

        @Override
        public SignedUrl sign(StoredFile file, ObjectHeaders headers, Instant now, Instant expiresAt) {
            return signer.sign(file, headers, now, expiresAt);
        }

        @Override
        public List<Step> looks(Probe probe) {
            return check.looks();
        }

        @Override
        public List<Step> trials(Probe probe) {
            return check.trials(probe, signer);
        }

        @Override
        public Optional<String> cure(Act act, Exception failure) {
            return signer.cure(act, failure);
        }
    }

    private FileStore.Builder store() {
        return FileStore.builder().storage(storage).metadata(new MemoryMetadata());
    }

    private static CheckReport check(FileStore store, Duration deadline) {
        CheckReport report = store.check(deadline);
        assertThat(report.toString()).doesNotContain("Signature=", "Expires=");
        store.close();
        return report;
    }

    private CheckReport checkPlain(UnaryOperator<URI> route, Duration deadline) {
        EdgeCheck check = new EdgeCheck(DOMAIN, route);
        return check(store().cdn(new RoutedDomain(check)).build(), deadline);
    }

    private CheckReport checkPlain(UnaryOperator<URI> route) {
        return checkPlain(route, Duration.ofSeconds(30));
    }

    private static CloudFrontSigner signer(KeyPair keys) {
        return CloudFrontSigner.of(DOMAIN, CloudFrontKeys.ID, CloudFrontKeys.pem(keys), CloudFrontSignerTest.ORIGIN);
    }

    private CheckReport checkSigned(UnaryOperator<URI> route, Clock clock) {
        EdgeCheck check = new EdgeCheck(DOMAIN, route);
        RoutedSigner signer = new RoutedSigner(signer(CloudFrontKeys.ECDSA), check);
        return check(store().urls(signer).clock(clock).build(), Duration.ofSeconds(30));
    }

    private static Finding only(CheckReport report, Status status, String name) {
        assertThat(names(report, status)).as(report::toString).containsExactly(name);
        assertThat(report.of(Status.OK)).hasSize(report.findings().size() - 1);
        return finding(report, name);
    }

    @Test
    void check_publicDistributionOfTheBucket_isWell() throws IOException {
        CheckReport report = checkPlain(edge(this::serve));

        assertThat(names(report, Status.OK))
                .contains("CDN: domain", "CDN: read")
                .hasSameSizeAs(report.findings());
    }

    @Test
    void check_privateDistributionThatKnowsTheKey_isWell() throws IOException {
        try (CloudFrontEdge edge = new CloudFrontEdge(this::object)) {
            edge.trust(CloudFrontKeys.ID, CloudFrontKeys.ECDSA.getPublic());

            CheckReport report = checkSigned(edge::route, Clock.fixed(edge.now, ZoneOffset.UTC));

            assertThat(names(report, Status.OK))
                    .contains("CDN: domain", "CDN: signed read", "CDN: unsigned read")
                    .hasSameSizeAs(report.findings());
        }
    }

    @Test
    void check_privateDistributionWithAnotherPublicKey_namesTheKey() throws IOException {
        try (CloudFrontEdge edge = new CloudFrontEdge(this::object)) {
            edge.trust(CloudFrontKeys.ID, CloudFrontKeys.RSA.getPublic());

            CheckReport report = checkSigned(edge::route, Clock.fixed(edge.now, ZoneOffset.UTC));

            assertThat(only(report, Status.FAILED, "CDN: signed read").cure().orElseThrow())
                    .contains("CLOUDFRONT_PRIVATE_KEY is the other half of the public key CLOUDFRONT_KEY_PAIR_ID");
        }
    }

    @Test
    void check_keyIsInNoTrustedGroup_saysSo() throws IOException {
        CheckReport report = checkSigned(
                edge(exchange -> refuse(
                        exchange,
                        403,
                        exchange.getRequestURI().getQuery() == null ? "MissingKey" : "InvalidKey",
                        "CloudFront")),
                Clock.systemUTC());

        Finding found = only(report, Status.FAILED, "CDN: signed read");
        assertThat(found.found()).isEqualTo("d123abc456.cloudfront.net answered 403 InvalidKey");
        assertThat(found.cure().orElseThrow()).contains("key group");
    }

    @Test
    void check_signedForButOpenToAll_warns() throws IOException {
        CheckReport report = checkSigned(edge(this::serve), Clock.systemUTC());

        assertThat(only(report, Status.WARNING, "CDN: unsigned read").cure())
                .contains("Restrict viewer access of the behaviour to the key group of the signer's key");
    }

    @Test
    void check_bucketRefusesWhoIsLetThrough_isUnknownBeside() throws IOException {
        CheckReport report =
                checkSigned(edge(exchange -> refuse(exchange, 403, "AccessDenied", "AmazonS3")), Clock.systemUTC());

        assertThat(names(report, Status.FAILED)).containsExactly("CDN: signed read");
        assertThat(names(report, Status.UNKNOWN)).containsExactly("CDN: unsigned read");
    }

    @Test
    void check_privateDistributionAndNoSigner_isUnknown() throws IOException {
        CheckReport report = checkPlain(edge(exchange -> refuse(exchange, 403, "MissingKey", "CloudFront")));

        assertThat(only(report, Status.UNKNOWN, "CDN: read").cure().orElseThrow())
                .contains("FileStore.Builder.urls(CloudFrontSigner)", "cookies");
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, AmazonS3, 403 AccessDenied of the bucket, \"Service\": \"cloudfront.amazonaws.com\"",
        "403, AccessDenied, CloudFront, 403 AccessDenied, geographic restriction",
        "404, NoSuchKey, AmazonS3, 404 NoSuchKey of the bucket, its origin path is empty",
        "404, NoSuchBucket, AmazonS3, 404 NoSuchBucket of the bucket, The origin is this bucket",
        "301, PermanentRedirect, AmazonS3, 301 PermanentRedirect of the bucket, BUCKET.s3.REGION.amazonaws.com",
        "307, Other, AmazonS3, 307, BUCKET.s3.REGION.amazonaws.com",
        "502, Other, CloudFront, 502, does not reach its origin",
        "504, Other, CloudFront, 504, does not reach its origin",
        "400, Other, CloudFront, 400, the distribution's log"
    })
    void check_objectDoesNotCome_saysWhy(int status, String code, String by, String found, String cure)
            throws IOException {
        CheckReport report = checkPlain(edge(exchange -> refuse(exchange, status, code, by)));

        Finding finding = only(report, Status.FAILED, "CDN: read");
        assertThat(finding.found()).isEqualTo("d123abc456.cloudfront.net answered " + found);
        assertThat(finding.cure().orElseThrow()).contains(cure);
    }

    @Test
    void check_anotherPageComes_failed() throws IOException {
        CheckReport report =
                checkPlain(edge(exchange -> send(exchange, 200, "<html>".getBytes(StandardCharsets.US_ASCII))));

        assertThat(only(report, Status.FAILED, "CDN: read").cure().orElseThrow())
                .contains("custom error response", "The origin is this bucket");
    }

    @Test
    void check_answerNeverEnds_readsALittleOfIt() throws IOException {
        CheckReport report = checkPlain(edge(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] some = new byte[8_192];
            while (true) {
                exchange.getResponseBody().write(some);
            }
        }));

        assertThat(only(report, Status.FAILED, "CDN: read").found()).contains("something else than the object");
    }

    @Test
    void check_answerBreaksOff_failed() throws IOException {
        CheckReport report = checkPlain(edge(exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            throw new IOException("cut");
        }));

        assertThat(finding(report, "CDN: domain").found()).isEqualTo("no whole answer from d123abc456.cloudfront.net");
        assertThat(finding(report, "CDN: read").status()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void check_nobodyListens_failedAndNotAskedAgain() throws IOException {
        UnaryOperator<URI> route = edge(this::serve);
        server.stop(0);

        CheckReport report = checkPlain(route);

        assertThat(finding(report, "CDN: domain").found()).isEqualTo("no connection to d123abc456.cloudfront.net");
        assertThat(finding(report, "CDN: domain").cure().orElseThrow()).contains("port 443", "curl -I https://");
        assertThat(finding(report, "CDN: read").found()).isEqualTo("not tried, since CDN: domain failed");
    }

    @Test
    void check_noSuchHost_namesTheSetting() {
        // Longer than a name can be: nobody is asked for it.
        CheckReport report = checkPlain(url -> URI.create("http://" + "a".repeat(64) + ".invalid/"));

        assertThat(finding(report, "CDN: domain").status()).isEqualTo(Status.FAILED);
        assertThat(finding(report, "CDN: domain").found()).isEqualTo("there is no host d123abc456.cloudfront.net");
        assertThat(finding(report, "CDN: domain").cure().orElseThrow()).startsWith("Mend CLOUDFRONT_DOMAIN");
    }

    @Test
    void check_certificateOfAnotherName_saysWhatToAdd() throws Exception {
        KeyStore keys = KeyStore.getInstance("JKS");
        try (InputStream in = S3MockApplication.class.getResourceAsStream("/s3mock.jks")) {
            keys.load(in, "password".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "password".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer https = HttpsServer.create();
        https.setHttpsConfigurator(new HttpsConfigurator(tls));

        CheckReport report = checkPlain(start(https, "https", this::serve));

        assertThat(finding(report, "CDN: domain").status()).isEqualTo(Status.FAILED);
        assertThat(finding(report, "CDN: domain").cure().orElseThrow()).contains("alternate domain name", "us-east-1");
    }

    @Test
    void check_noAnswerComes_failsAtTheDeadline() throws IOException {
        CheckReport report = checkPlain(
                edge(exchange -> {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }),
                Duration.ofMillis(300));

        assertThat(finding(report, "CDN: domain").found()).isEqualTo("no answer within 300 ms");
        assertThat(finding(report, "CDN: read").status()).isEqualTo(Status.UNKNOWN);
    }

    /** A machine that may not connect to the world says nothing of the readers. */
    @Test
    void unanswered_inTime_isUnknown() {
        Finding found = new EdgeCheck(DOMAIN).unanswered("CDN: read", new SocketTimeoutException("of the test"));

        assertThat(found.status()).isEqualTo(Status.UNKNOWN);
        assertThat(found.found()).isEqualTo("no answer from d123abc456.cloudfront.net in time");
        assertThat(found.cure().orElseThrow()).contains("curl -I https://d123abc456.cloudfront.net");
    }

    private static List<String> stepNames(List<Checkable.Step> steps) {
        return steps.stream().map(Checkable.Step::name).toList();
    }

    @Test
    void steps_ofDomainAndSigner_lookOnceAtTheSameDistribution() {
        CloudFrontSigner signer = signer(CloudFrontKeys.ECDSA);
        Checkable.Probe signed = new Checkable.Probe("uploads/1/a", "text", signer, Clock.systemUTC());
        Checkable.Probe plain = new Checkable.Probe("uploads/1/a", "text", null, Clock.systemUTC());

        assertThat(stepNames(signer.looks(signed))).containsExactly("CDN: domain");
        assertThat(stepNames(signer.trials(signed))).containsExactly("CDN: signed read", "CDN: unsigned read");
        assertThat(DOMAIN.looks(signed)).isEmpty();
        assertThat(DOMAIN.trials(signed)).isEmpty();
        assertThat(stepNames(DOMAIN.looks(plain))).containsExactly("CDN: domain");
        assertThat(stepNames(DOMAIN.trials(plain))).containsExactly("CDN: read");
        assertThat(stepNames(CloudFrontDomain.of("files.example.org").trials(signed)))
                .containsExactly("CDN: read");
    }
}
