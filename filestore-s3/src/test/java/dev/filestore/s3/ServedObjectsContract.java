package dev.filestore.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.AdoptRequest;
import dev.filestore.Adoption;
import dev.filestore.Disposition;
import dev.filestore.FileStore;
import dev.filestore.StoredFile;
import dev.filestore.UploadRequest;
import dev.filestore.Verification;
import dev.filestore.memory.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Under which header fields a bucket hands out what the store put there: the object by itself, and by signed addresses.
 * ActiveStorage's addresses of a service could be given another disposition and type (CVE-2018-16477).
 */
abstract class ServedObjectsContract {

    static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");
    private static final byte[] PDF = "%PDF-1.7\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);

    /** Each test is a user of its own: their keys are in one bucket, and may be of the same second. */
    private final String user = "user-" + UUID.randomUUID();

    final FileStore store;
    private final S3Client client;
    private final String bucket;
    private final HttpClient http;

    ServedObjectsContract(S3StorageBackend storage, S3Client client, String bucket, HttpClient http) {
        this.store = FileStore.builder()
                .storage(storage)
                .metadata(new MemoryMetadata())
                .build();
        this.client = client;
        this.bucket = bucket;
        this.http = http;
    }

    @AfterEach
    void close() {
        store.close();
    }

    StoredFile stored(String name, byte[] bytes) {
        return store.upload(
                UploadRequest.of(name, new ByteArrayInputStream(bytes)).withOwner(user));
    }

    HttpResponse<byte[]> send(String method, URI url) throws Exception {
        return http.send(
                HttpRequest.newBuilder(url)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static @Nullable String field(HttpResponse<?> answer, String name) {
        assertThat(answer.headers().allValues(name)).hasSizeLessThan(2);
        return answer.headers().firstValue(name).orElse(null);
    }

    @ParameterizedTest
    @CsvSource({
        "a.png, INLINE, image/png, inline; filename=\"a.png\"",
        "a.png, ATTACHMENT, image/png, attachment; filename=\"a.png\"",
        "a.pdf, INLINE, application/pdf, attachment; filename=\"a.pdf\"",
        "문서.png, INLINE, image/png, inline; filename=\"__.png\"; filename*=UTF-8''%EB%AC%B8%EC%84%9C.png",
        "a+b c%20d'(1)*!;=&$@~.png, ATTACHMENT, image/png, "
                + "attachment; filename=\"a+b c_20d'(1)*!;=&$@~.png\"; filename*=UTF-8''a+b%20c%2520d%27%281%29%2A!%3B%3D&$%40~.png",
    })
    void presign_file_isServedUnderWhatWasSigned(String name, Disposition asked, String type, String disposition)
            throws Exception {
        byte[] bytes = type.equals("image/png") ? PNG : PDF;

        HttpResponse<byte[]> answer = send(
                "GET",
                store.presign(stored(name, bytes).id(), Duration.ofHours(1), asked)
                        .url());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(bytes);
        assertThat(field(answer, "Content-Type")).isEqualTo(type);
        assertThat(field(answer, "Content-Disposition")).isEqualTo(disposition);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "문", "😀"})
    void presign_longestName_isServedUnderIt(String letter) throws Exception {
        StoredFile file = stored(letter.repeat(300) + ".png", PNG);

        HttpResponse<byte[]> answer =
                send("GET", store.presign(file.id(), Duration.ofHours(1)).url());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(field(answer, "Content-Disposition"))
                .startsWith("inline; filename=\"")
                .contains(".png");
    }

    @ParameterizedTest
    @CsvSource({
        "a.png, false, image/png, inline; filename=\"a.png\"",
        "a.png, true, image/png, inline; filename=\"a.png\"",
        "a.pdf, false, application/pdf, attachment; filename=\"a.pdf\"",
        "문.pdf, true, application/pdf, attachment; filename=\"_.pdf\"; filename*=UTF-8''%EB%AC%B8.pdf",
    })
    void object_byItself_isSafeToOpen(String name, boolean inParts, String type, String disposition) {
        byte[] start = type.equals("image/png") ? PNG : PDF;
        byte[] bytes = inParts ? Arrays.copyOf(start, 6 << 20) : start;

        HeadObjectResponse head = client.headObject(
                request -> request.bucket(bucket).key(stored(name, bytes).key()));

        assertThat(head.contentType()).isEqualTo(type);
        assertThat(head.contentDisposition()).isEqualTo(disposition);
    }

    /** What was put before the list was made shorter is safe by its addresses, whatever the object itself says. */
    @Test
    void presign_objectThatWasStoredToBeShown_isSavedOnceTheHostNoLongerAllowsIt() throws Exception {
        MemoryMetadata rows = new MemoryMetadata();
        try (S3StorageBackend storage = storage()) {
            StoredFile file = FileStore.builder()
                    .storage(storage)
                    .metadata(rows)
                    .build()
                    .upload(UploadRequest.of("a.png", new ByteArrayInputStream(PNG))
                            .withOwner(user));
            FileStore stricter = FileStore.builder()
                    .storage(storage)
                    .metadata(rows)
                    .inline(Set.of())
                    .build();

            HttpResponse<byte[]> answer =
                    send("GET", stricter.presign(file.id(), Duration.ofHours(1)).url());

            assertThat(field(answer, "Content-Disposition")).isEqualTo("attachment; filename=\"a.png\"");
        }
    }

    private String put(@Nullable String contentType, @Nullable String contentDisposition) {
        String key = user + "/2019/보고서 1.pdf";
        client.putObject(
                request ->
                        request.bucket(bucket).key(key).contentType(contentType).contentDisposition(contentDisposition),
                RequestBody.fromBytes(PDF));
        return key;
    }

    @ParameterizedTest
    @CsvSource({"application/pdf,", "text/html, attachment", ","})
    void adopt_objectOfAnotherProgram_isServedByItsAddressUnderWhatItIs(
            @Nullable String contentType, @Nullable String contentDisposition) throws Exception {
        String key = put(contentType, contentDisposition);

        Adoption adoption = store.adopt(AdoptRequest.of(key, "보고서.pdf", user), Adoption.Mode.APPLY);

        StoredFile file = adoption.file();
        assertThat(file).as(adoption.toString()).isNotNull();
        HttpResponse<byte[]> answer =
                send("GET", store.presign(file.id(), Duration.ofHours(1)).url());
        assertThat(answer.body()).isEqualTo(PDF);
        assertThat(field(answer, "Content-Type")).isEqualTo("application/pdf");
        assertThat(field(answer, "Content-Disposition")).startsWith("attachment; filename=");
        assertThat(store.verify(file.id())).isEqualTo(Verification.INTACT);

        // The object itself is pinned: what somebody puts in its place is not the file.
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(PNG));
        assertThat(store.verify(file.id())).isEqualTo(Verification.DIFFERENT);
    }

    @Test
    void adopt_objectThatABrowserWouldRun_isRefused() {
        String key = put("text/html", null);

        Adoption adoption = store.adopt(AdoptRequest.of(key, "보고서.pdf", user), Adoption.Mode.APPLY);

        assertThat(adoption.kind()).isEqualTo(Adoption.Kind.HEADERS_NOT_SAFE);
        assertThat(adoption.detail()).contains("text/html");
    }

    /** Another backend of the same bucket. */
    abstract S3StorageBackend storage() throws Exception;
}
