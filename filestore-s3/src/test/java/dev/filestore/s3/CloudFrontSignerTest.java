package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.filestore.Category;
import dev.filestore.FileStore;
import dev.filestore.ObjectHeaders;
import dev.filestore.SignedUrl;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.UrlSigner;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.s3.CloudFrontSigner.Policy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontUtilities;
import software.amazon.awssdk.services.cloudfront.cookie.CookiesForCannedPolicy;
import software.amazon.awssdk.services.cloudfront.cookie.CookiesForCustomPolicy;

/** What is signed, held against the SDK's utility, and used at an edge that verifies. */
class CloudFrontSignerTest {

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22.987654Z");
    private static final Instant END = Instant.parse("2026-02-26T15:30:22.987654Z");
    private static final ObjectHeaders HEADERS = new ObjectHeaders("application/pdf", "attachment");
    private static final CloudFrontDomain DOMAIN = CloudFrontDomain.of(CloudFrontEdge.DOMAIN);
    static final UrlSigner ORIGIN = new UrlSigner() {
        @Override
        public URI locate(long id, String key) {
            return URI.create("https://bucket.s3.eu-west-1.amazonaws.com/" + ObjectPath.encode(key));
        }

        @Override
        public SignedUrl sign(StoredFile file, ObjectHeaders headers, Instant now, Instant expiresAt) {
            throw new AssertionError("not asked");
        }
    };

    private static final CloudFrontUtilities SDK = CloudFrontUtilities.create();

    @TempDir
    private Path folder;

    private CloudFrontEdge edge;

    @BeforeEach
    void start() throws IOException {
        edge = new CloudFrontEdge(path -> Optional.of(new byte[] {1, 2, 3}));
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    static Stream<KeyPair> keys() {
        return Stream.of(CloudFrontKeys.RSA, CloudFrontKeys.ECDSA);
    }

    private CloudFrontSigner signer(KeyPair keys) {
        edge.trust(CloudFrontKeys.ID, keys.getPublic());
        return CloudFrontSigner.of(DOMAIN, CloudFrontKeys.ID, CloudFrontKeys.pem(keys), ORIGIN);
    }

    private static StoredFile file(String key, Instant expiresAt) {
        return new StoredFile(
                7,
                "123",
                key,
                "report.pdf",
                3,
                "application/pdf",
                Category.DOCUMENT,
                "0".repeat(64),
                null,
                null,
                NOW.minus(Duration.ofDays(1)),
                expiresAt);
    }

    private static StoredFile file(String name) {
        return file("uploads/123/20260226_143022_" + name, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"report.pdf", "문서.pdf", "a+b c%20d'(1)*!;=&$@,~?.pdf"})
    void sign_withRsa_isWhatTheSdkSigns(String name) {
        CloudFrontSigner signer = signer(CloudFrontKeys.RSA);
        StoredFile file = file(name);
        String plain = DOMAIN.urlOf(file.key()).toString();
        Policy policy = Policy.until(END).startingAt(NOW).from("203.0.113.0/24");

        assertThat(signer.sign(file, HEADERS, NOW, END).url())
                .hasToString(SDK.getSignedUrlWithCannedPolicy(request -> request.resourceUrl(plain)
                                .privateKey(CloudFrontKeys.RSA.getPrivate())
                                .keyPairId(CloudFrontKeys.ID)
                                .expirationDate(END))
                        .url());
        assertThat(signer.sign(file, policy).url())
                .hasToString(SDK.getSignedUrlWithCustomPolicy(request -> request.resourceUrl(plain)
                                .privateKey(CloudFrontKeys.RSA.getPrivate())
                                .keyPairId(CloudFrontKeys.ID)
                                .expirationDate(END)
                                .activeDate(NOW)
                                .ipRange("203.0.113.0/24"))
                        .url());
    }

    @Test
    void cookies_withRsa_areWhatTheSdkSigns() {
        CloudFrontSigner signer = signer(CloudFrontKeys.RSA);
        StoredFile file = file("report.pdf");
        String plain = DOMAIN.urlOf(file.key()).toString();
        CookiesForCannedPolicy canned = SDK.getCookiesForCannedPolicy(request -> request.resourceUrl(plain)
                .privateKey(CloudFrontKeys.RSA.getPrivate())
                .keyPairId(CloudFrontKeys.ID)
                .expirationDate(END));
        CookiesForCustomPolicy custom =
                SDK.getCookiesForCustomPolicy(request -> request.resourceUrl(DOMAIN.urlOf("uploads/123/") + "*")
                        .privateKey(CloudFrontKeys.RSA.getPrivate())
                        .keyPairId(CloudFrontKeys.ID)
                        .expirationDate(END)
                        .activeDate(NOW)
                        .ipRange("203.0.113.9"));

        assertThat(signer.cookies(file, END))
                .isEqualTo(cookies(
                        canned.expiresHeaderValue(), canned.signatureHeaderValue(), canned.keyPairIdHeaderValue()));
        assertThat(signer.folderCookies(
                        "uploads/123/", Policy.until(END).startingAt(NOW).from("203.0.113.9")))
                .isEqualTo(cookies(
                        custom.policyHeaderValue(), custom.signatureHeaderValue(), custom.keyPairIdHeaderValue()));
    }

    private static Map<String, String> cookies(String... headers) {
        Map<String, String> cookies = new HashMap<>();
        for (String header : headers) {
            String[] parts = header.split("=", 2);
            cookies.put(parts[0], parts[1]);
        }
        return cookies;
    }

    @ParameterizedTest
    @MethodSource("keys")
    void sign_cannedPolicy_opensUntilItEnds(KeyPair keys) throws Exception {
        StoredFile file = file("문서 +(1).pdf");
        SignedUrl signed = signer(keys).sign(file, HEADERS, NOW, END);

        assertThat(signed.expiresAt()).isEqualTo("2026-02-26T15:30:22Z");
        assertThat(edge.get(signed.url())).isEqualTo(200);
        assertThat(edge.get(DOMAIN.urlOf(file.key()))).as("without a signature").isEqualTo(403);
        edge.now = signed.expiresAt().minusSeconds(1);
        assertThat(edge.get(signed.url())).isEqualTo(200);
        edge.now = signed.expiresAt();
        assertThat(edge.get(signed.url())).as("at its end").isEqualTo(403);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void sign_changedByAnybody_opensNothing(KeyPair keys) throws Exception {
        String url =
                signer(keys).sign(file("report.pdf"), HEADERS, NOW, END).url().toString();

        for (String changed : new String[] {
            url.replace("report", "salary"),
            url.replace("Expires=1", "Expires=2"),
            url.replaceFirst("Signature=..", "Signature=AA"),
            url.replace(CloudFrontKeys.ID, "K2JCJMDEHXQW5G"),
            url + "&response-content-type=text%2Fhtml"
        }) {
            assertThat(changed).isNotEqualTo(url);
            assertThat(edge.get(URI.create(changed))).as(changed).isEqualTo(403);
        }
        edge.trust(CloudFrontKeys.ID, CloudFrontKeys.rsa(2048).getPublic());
        assertThat(edge.get(URI.create(url))).as("under another key").isEqualTo(403);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void sign_customPolicy_opensWhenAndWhereItSays(KeyPair keys) throws Exception {
        Policy policy = Policy.until(END).startingAt(NOW.plusSeconds(60)).from("203.0.113.0/24");
        SignedUrl signed = signer(keys).sign(file("report.pdf"), policy);

        assertThat(edge.get(signed.url())).as("too early").isEqualTo(403);
        edge.now = NOW.plusSeconds(61);
        assertThat(edge.get(signed.url())).isEqualTo(200);
        edge.viewer = "203.0.114.9";
        assertThat(edge.get(signed.url())).as("from elsewhere").isEqualTo(403);
        edge.viewer = "203.0.113.255";
        edge.now = signed.expiresAt();
        assertThat(edge.get(signed.url())).as("at its end").isEqualTo(403);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void cookies_ofOneFile_openItAndNoOther(KeyPair keys) throws Exception {
        CloudFrontSigner signer = signer(keys);
        StoredFile file = file("report.pdf");
        URI mine = DOMAIN.urlOf(file.key());
        URI other = DOMAIN.urlOf(file("other.pdf").key());
        Policy policy = Policy.until(END).from("203.0.113.9");
        for (Map<String, String> cookies : Stream.of(signer.cookies(file, END), signer.cookies(file, policy))
                .toList()) {
            edge.now = NOW;
            assertThat(edge.get(mine, cookies)).isEqualTo(200);
            assertThat(edge.get(other, cookies)).isEqualTo(403);
            edge.now = END;
            assertThat(edge.get(mine, cookies)).as("at their end").isEqualTo(403);
        }
        edge.now = NOW;
        edge.viewer = "203.0.113.10";
        assertThat(edge.get(mine, signer.cookies(file, policy))).isEqualTo(403);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void folderCookies_openWhatIsBelowAndNothingElse(KeyPair keys) throws Exception {
        CloudFrontSigner signer = signer(keys);
        Map<String, String> cookies = signer.folderCookies("uploads/1?3*/", Policy.until(END));

        assertThat(edge.get(DOMAIN.urlOf("uploads/1?3*/a/b 1.pdf"), cookies)).isEqualTo(200);
        assertThat(edge.get(DOMAIN.urlOf("uploads/123/a.pdf"), cookies))
                .as("wildcards of a folder's name are characters")
                .isEqualTo(403);
        edge.now = END;
        assertThat(edge.get(DOMAIN.urlOf("uploads/1?3*/a/b 1.pdf"), cookies)).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "uploads/12", "/uploads/12/", "*"})
    void folderCookies_noFolder_isRefused(String folder) {
        CloudFrontSigner signer = signer(CloudFrontKeys.ECDSA);
        assertThatIllegalArgumentException().isThrownBy(() -> signer.folderCookies(folder, Policy.until(END)));
    }

    @Test
    void sign_fileThatExpiresEarlier_endsWithTheFile() throws Exception {
        CloudFrontSigner signer = signer(CloudFrontKeys.ECDSA);
        Instant expiresAt = NOW.plusSeconds(90);
        StoredFile file = file("uploads/123/invoice.pdf", expiresAt);

        assertThat(signer.sign(file, HEADERS, NOW, END).expiresAt()).isEqualTo("2026-02-26T14:31:52Z");
        assertThat(signer.sign(file, Policy.until(END)).expiresAt()).isEqualTo("2026-02-26T14:31:52Z");
        edge.now = expiresAt;
        URI url = DOMAIN.urlOf(file.key());
        assertThat(edge.get(signer.sign(file, Policy.until(END)).url())).isEqualTo(403);
        assertThat(edge.get(url, signer.cookies(file, END))).isEqualTo(403);
        assertThat(edge.get(url, signer.cookies(file, Policy.until(END)))).isEqualTo(403);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signer.sign(file, Policy.until(END).startingAt(expiresAt)));
    }

    @Test
    void presign_storeWithSigner_signsForTheEdgeAndRecordsTheBucket() throws Exception {
        Instant now = Instant.now();
        edge.now = now;
        try (FileStore store = FileStore.builder()
                .storage(new MemoryStorage(Clock.systemUTC()))
                .metadata(new MemoryMetadata())
                .cdn(DOMAIN)
                .urls(signer(CloudFrontKeys.RSA))
                .build()) {
            byte[] pdf = "%PDF-1.7\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
            StoredFile file = store.upload(UploadRequest.of("report.pdf", new ByteArrayInputStream(pdf))
                    .withOwner("123"));

            SignedUrl signed = store.presign(file.id(), Duration.ofHours(1));

            assertThat(file.url()).isEqualTo(ORIGIN.locate(file.id(), file.key()));
            assertThat(file.cdnUrl()).isEqualTo(DOMAIN.urlOf(file.key()));
            assertThat(signed.url().toString()).startsWith(file.cdnUrl() + "?Expires=");
            assertThat(edge.get(signed.url())).isEqualTo(200);
        }
    }

    /** An address names an object, and the object has its header fields: nobody can ask for others, nor could a forger. */
    @Test
    void sign_underAnyHeaders_isOfTheObjectAlone() throws Exception {
        edge.now = NOW;
        CloudFrontSigner signer = signer(CloudFrontKeys.RSA);
        StoredFile file = file("report.pdf");
        URI url = signer.sign(file, HEADERS, NOW, END).url();

        assertThat(signer.sign(file, new ObjectHeaders("text/html", "inline"), NOW, END)
                        .url())
                .isEqualTo(url);
        assertThat(edge.get(url)).isEqualTo(200);
        for (String override : List.of("response-content-disposition=inline", "response-content-type=text%2Fhtml")) {
            assertThat(edge.get(URI.create(url + "&" + override))).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K2", "k2jcjmdehxqw5f", "K2JCJMDEHXQW5F&Policy=x", "K2JCJMDE HXQW5F"})
    void of_noKeyPairId_isRefused(String id) {
        String pem = CloudFrontKeys.pem(CloudFrontKeys.RSA);
        assertThatIllegalArgumentException().isThrownBy(() -> CloudFrontSigner.of(DOMAIN, id, pem, ORIGIN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "::1", "203.0.113.256", "203.0.113.0/33", "203.0.113", "1.2.3.4\"}", "*"})
    void policy_noRange_isRefused(String range) {
        assertThatIllegalArgumentException().isThrownBy(() -> Policy.until(END).from(range));
    }

    @Test
    void fromEnvironment_keyInPemOrInAFile_isTheSameSigner() throws Exception {
        String pem = CloudFrontKeys.pem(CloudFrontKeys.RSA);
        String path = Files.writeString(folder.resolve("key.pem"), pem).toString();
        URI url = signer(CloudFrontKeys.RSA)
                .sign(file("report.pdf"), HEADERS, NOW, END)
                .url();

        for (String value : new String[] {pem, path, pem.replace("\n", "\\n")}) {
            assertThat(CloudFrontSigner.fromEnvironment(environment(CloudFrontKeys.ID, value), ORIGIN))
                    .hasValueSatisfying(signer -> assertThat(signer.sign(file("report.pdf"), HEADERS, NOW, END)
                                    .url())
                            .isEqualTo(url));
        }
    }

    private static Map<String, String> environment(String id, String key) {
        return Map.of(
                "CLOUDFRONT_DOMAIN",
                CloudFrontEdge.DOMAIN,
                "CLOUDFRONT_KEY_PAIR_ID",
                id,
                "CLOUDFRONT_PRIVATE_KEY",
                key);
    }

    @Test
    void fromEnvironment_incomplete_saysWhatIsMissing() {
        String pem = CloudFrontKeys.pem(CloudFrontKeys.RSA);
        assertThat(CloudFrontSigner.fromEnvironment(environment(" ", ""), ORIGIN))
                .isEmpty();
        for (Map<String, String> half : Stream.of(environment(CloudFrontKeys.ID, " "), environment("", pem))
                .toList()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CloudFrontSigner.fromEnvironment(half, ORIGIN))
                    .withMessage("CLOUDFRONT_KEY_PAIR_ID and CLOUDFRONT_PRIVATE_KEY are set together, or neither");
        }
        Map<String, String> noDomain = new HashMap<>(environment(CloudFrontKeys.ID, pem));
        noDomain.remove("CLOUDFRONT_DOMAIN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CloudFrontSigner.fromEnvironment(noDomain, ORIGIN))
                .withMessageContaining("CLOUDFRONT_DOMAIN");
    }

    @Test
    void fromEnvironment_keyWithoutItsFirstLine_isNotShown() {
        String body = CloudFrontKeys.pem(CloudFrontKeys.RSA).lines().toList().get(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CloudFrontSigner.fromEnvironment(environment(CloudFrontKeys.ID, body), ORIGIN))
                .withMessageStartingWith("CLOUDFRONT_PRIVATE_KEY")
                .withMessageNotContaining(body.substring(0, 10))
                .withNoCause();
    }

    @Test
    void toString_ofSigner_showsNoKey() {
        assertThat(signer(CloudFrontKeys.ECDSA))
                .hasToString("CloudFrontSigner[domain=d123abc456.cloudfront.net, keyPairId=K2JCJMDEHXQW5F]");
    }
}
