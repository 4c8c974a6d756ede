package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.filestore.Category;
import dev.filestore.ObjectHeaders;
import dev.filestore.SignedUrl;
import dev.filestore.StorageException;
import dev.filestore.StoredFile;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The addresses, used against a server that verifies signatures. */
class ObjectUrlsTest {

    private static final byte[] CONTENT = {1, 2, 3};
    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22.987654Z");

    private static final ObjectHeaders HEADERS =
            new ObjectHeaders("application/pdf", "inline; filename=\"_.pdf\"; filename*=UTF-8''%EB%AC%B8.pdf");

    private static S3ProxyServer server;
    private static S3StorageBackend storage;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        server = S3ProxyServer.inMemory();
        storage = new S3StorageBackend(server.settings().build());
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        storage.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"report.pdf", "문서.pdf", "a+b c%20d'(1)*!;=&$@,~.pdf", "family \ud83d\udc68\u200d\ud83d\udc69.pdf"
            })
    void sign_anyName_downloadsUnderItsTypeAndName(String name) throws Exception {
        StoredFile file = stored(name);
        HttpResponse<byte[]> answer = get(sign(storage, file, Instant.now()).url());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(CONTENT);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/pdf");
        assertThat(answer.headers().firstValue("Content-Disposition")).contains(HEADERS.contentDisposition());
    }

    @Test
    void sign_anyFile_needsItsSignature() throws Exception {
        StoredFile file = stored("refused.pdf");
        assertThat(get(storage.locate(1, file.key())).statusCode()).isEqualTo(403);
        String signed = sign(storage, file, Instant.now()).url().toString();
        String forged = signed.endsWith("0") ? signed.replaceAll(".$", "1") : signed.replaceAll(".$", "0");
        assertThat(get(URI.create(forged)).statusCode()).isEqualTo(403);
        String other = signed.replace("application%2Fpdf", "text%2Fhtml");
        assertThat(other).isNotEqualTo(signed);
        assertThat(get(URI.create(other)).statusCode()).isEqualTo(403);
        String longer = signed.replace("X-Amz-Expires=3600", "X-Amz-Expires=36000");
        assertThat(longer).isNotEqualTo(signed);
        assertThat(get(URI.create(longer)).statusCode()).isEqualTo(403);
    }

    @Test
    void sign_longAgo_hasExpired() throws Exception {
        StoredFile file = stored("expired.pdf");
        Instant past = Instant.now().minus(Duration.ofMinutes(61));
        assertThat(get(sign(storage, file, past).url()).statusCode()).isEqualTo(403);
    }

    @Test
    void sign_wrongSecret_isRefused() throws Exception {
        StoredFile file = stored("secret.pdf");
        try (S3StorageBackend wrong = with(StaticCredentialsProvider.create(
                AwsBasicCredentials.create(S3ProxyServer.ACCESS_KEY_ID, "another-secret")))) {
            assertThat(get(sign(wrong, file, Instant.now()).url()).statusCode()).isEqualTo(403);
            assertThatThrownBy(() -> wrong.stat(file.key()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageStartingWith("stat " + file.key() + ": 403");
        }
    }

    @Test
    void sign_longerThanAWeek_endsAfterAWeek() {
        SignedUrl url = storage.sign(file("a.pdf"), HEADERS, NOW, NOW.plus(Duration.ofDays(30)));
        assertThat(url.expiresAt()).isEqualTo("2026-03-05T14:30:22Z").isEqualTo(endOf(url.url()));
    }

    @Test
    void sign_expiryWithFractions_endsBeforeIt() {
        SignedUrl url = storage.sign(file("a.pdf"), HEADERS, NOW, NOW.plusMillis(2_500));
        assertThat(url.expiresAt()).isEqualTo("2026-02-26T14:30:25Z").isEqualTo(endOf(url.url()));
    }

    @Test
    void sign_expiryWithinTheSecond_isNeverLater() {
        Instant now = Instant.parse("2026-02-26T14:30:22.1Z");
        SignedUrl url = storage.sign(file("a.pdf"), HEADERS, now, now.plusMillis(500));
        assertThat(url.expiresAt()).isEqualTo("2026-02-26T14:30:22Z").isEqualTo(endOf(url.url()));
    }

    @Test
    void sign_sessionCredentials_endsWithThem() {
        Instant end = NOW.plus(Duration.ofMinutes(15));
        try (S3StorageBackend session = with(StaticCredentialsProvider.create(session(end)))) {
            SignedUrl url = session.sign(file("a.pdf"), HEADERS, NOW, NOW.plus(Duration.ofDays(1)));
            assertThat(url.expiresAt())
                    .isEqualTo(end.truncatedTo(ChronoUnit.SECONDS))
                    .isEqualTo(endOf(url.url()));
            assertThat(url.url().getRawQuery()).contains("X-Amz-Security-Token=");
        }
    }

    @Test
    void sign_sessionCredentialsOfUnknownEnd_endsWithinAnHour() {
        AwsCredentials session = AwsSessionCredentials.create("id", "secret", "token");
        try (S3StorageBackend storageOfSession = with(StaticCredentialsProvider.create(session))) {
            assertThat(storageOfSession
                            .sign(file("a.pdf"), HEADERS, NOW, NOW.plus(Duration.ofDays(1)))
                            .expiresAt())
                    .isEqualTo(NOW.truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(1)));
            assertThat(storageOfSession
                            .sign(file("a.pdf"), HEADERS, NOW, NOW.plus(Duration.ofMinutes(5)))
                            .expiresAt())
                    .isBeforeOrEqualTo(NOW.plus(Duration.ofMinutes(5)));
        }
    }

    @Test
    void sign_expiredOrNoCredentials_fails() {
        try (S3StorageBackend expired = with(StaticCredentialsProvider.create(session(NOW)))) {
            assertThatThrownBy(() -> expired.sign(file("a.pdf"), HEADERS, NOW, NOW.plusSeconds(60)))
                    .isInstanceOf(StorageException.class);
        }
        try (S3StorageBackend none = with(() -> {
            throw SdkClientException.create("none");
        })) {
            assertThatThrownBy(() -> none.sign(file("a.pdf"), HEADERS, NOW, NOW.plusSeconds(60)))
                    .isInstanceOf(StorageException.class);
        }
    }

    @Test
    void locate_noEndpoint_isTheRegionalAddress() {
        assertThat(locate(S3Settings.builder("softfactory-uploads").region("us-east-1")))
                .hasToString("https://softfactory-uploads.s3.us-east-1.amazonaws.com/uploads/123/%EB%AC%B8%20%2B.pdf");
        assertThat(locate(S3Settings.builder("uploads").region("cn-north-1")))
                .hasToString("https://uploads.s3.cn-north-1.amazonaws.com.cn/uploads/123/%EB%AC%B8%20%2B.pdf");
        assertThat(locate(S3Settings.builder("my.uploads").region("eu-west-1")))
                .hasToString("https://s3.eu-west-1.amazonaws.com/my.uploads/uploads/123/%EB%AC%B8%20%2B.pdf");
        assertThat(locate(S3Settings.builder("uploads").region("eu-west-1").pathStyle(true)))
                .hasToString("https://s3.eu-west-1.amazonaws.com/uploads/uploads/123/%EB%AC%B8%20%2B.pdf");
    }

    @Test
    void locate_endpoint_isBelowIt() {
        S3Settings.Builder settings =
                S3Settings.builder("uploads").region("any").endpoint(URI.create("https://store.example:9000/s3/"));
        assertThat(locate(settings))
                .hasToString("https://store.example:9000/s3/uploads/uploads/123/%EB%AC%B8%20%2B.pdf");
        assertThat(locate(settings.pathStyle(false)))
                .hasToString("https://uploads.store.example:9000/s3/uploads/123/%EB%AC%B8%20%2B.pdf");
    }

    private static URI locate(S3Settings.Builder settings) {
        try (S3StorageBackend any = new S3StorageBackend(
                settings.credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                        .build())) {
            return any.locate(1, "uploads/123/문 +.pdf");
        }
    }

    private static S3StorageBackend with(AwsCredentialsProvider credentials) {
        return new S3StorageBackend(server.settings().credentials(credentials).build());
    }

    private static AwsCredentials session(Instant end) {
        return AwsSessionCredentials.builder()
                .accessKeyId("id")
                .secretAccessKey("secret")
                .sessionToken("token")
                .expirationTime(end)
                .build();
    }

    private static SignedUrl sign(S3StorageBackend signer, StoredFile file, Instant now) {
        Instant start = now.truncatedTo(ChronoUnit.SECONDS);
        return signer.sign(file, HEADERS, start, start.plus(Duration.ofHours(1)));
    }

    /** The end that is written in an address. */
    private static Instant endOf(URI url) {
        Matcher date = Pattern.compile("X-Amz-Date=([0-9TZ]+)").matcher(url.getRawQuery());
        Matcher expires = Pattern.compile("X-Amz-Expires=([0-9]+)").matcher(url.getRawQuery());
        assertThat(date.find() && expires.find()).isTrue();
        return LocalDateTime.parse(date.group(1), DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
                .toInstant(ZoneOffset.UTC)
                .plusSeconds(Long.parseLong(expires.group(1)));
    }

    private static StoredFile stored(String name) throws Exception {
        StoredFile file = file(name);
        storage.put(
                file.key(),
                new ObjectHeaders("application/octet-stream", "attachment"),
                new ByteArrayInputStream(CONTENT),
                CONTENT.length);
        return file;
    }

    private static StoredFile file(String name) {
        return new StoredFile(
                1,
                "123",
                "uploads/123/" + name,
                name,
                CONTENT.length,
                "application/pdf",
                Category.DOCUMENT,
                "0".repeat(64),
                null,
                null,
                NOW,
                null);
    }

    private static HttpResponse<byte[]> get(URI url) throws Exception {
        return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
