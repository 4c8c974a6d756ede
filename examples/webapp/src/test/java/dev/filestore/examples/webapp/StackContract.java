package dev.filestore.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.servlet.HttpContract;
import dev.filestore.servlet.HttpTarget;
import dev.filestore.servlet.RateLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The HTTP contract, and what else is to hold on every storage and database, on the embedded server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StackContract extends HttpContract {

    private static final int THREADS = 50;

    private final HttpClient client = HttpClient.newHttpClient();
    private EmbeddedTarget target;

    /** Where bytes and rows are kept, in the names of the environment. */
    abstract Map<String, String> environment() throws Exception;

    @Override
    protected synchronized HttpTarget target() {
        if (target == null) {
            target = open(RateLimits.standard(), Clock.systemUTC());
        }
        return target;
    }

    private EmbeddedTarget open(RateLimits limits, Clock clock) {
        try {
            return new EmbeddedTarget(environment(), limits, clock);
        } catch (Exception e) {
            throw new IllegalStateException("the server did not start", e);
        }
    }

    @AfterAll
    void closeTarget() {
        if (target != null) {
            target.close();
            target = null;
        }
    }

    @Test
    void upload_byKoreanUserUnderKoreanName_isServedEndToEnd() throws Exception {
        String user = "김철수" + getClass().getSimpleName();
        String token = target().token(user);
        byte[] bytes = "%PDF-1.7\n문서".getBytes(StandardCharsets.UTF_8);

        for (String name : List.of("문서.pdf", Normalizer.normalize("문서.pdf", Normalizer.Form.NFD))) {
            String uploaded = upload(target().base().toString(), token, name, bytes);
            assertThat(uploaded).startsWith("201\n");
            String key = text("file_key", uploaded);
            assertThat(key).startsWith("uploads/=EA=B9=80=EC=B2=A0=EC=88=98").endsWith("_문서.pdf");
            assertThat(Normalizer.isNormalized(key, Normalizer.Form.NFC)).isTrue();
            assertThat(text("original_filename", uploaded)).isEqualTo("문서.pdf");
            String id = uploaded.replaceFirst("(?s).*\"file_id\":(\\d+).*", "$1");
            assertThat(text("url", uploaded))
                    .isEqualTo(target().urlOf(Long.parseLong(id), key))
                    .matches("[\\x21-\\x7e]+");

            String signed = send(HttpRequest.newBuilder(URI.create(target().base() + "/presigned-url"))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"file_id\":" + id + "}"))
                            .build())
                    .body();
            HttpResponse<byte[]> download = client.send(
                    HttpRequest.newBuilder(URI.create(text("presigned_url", signed)))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(download.statusCode()).isEqualTo(200);
            assertThat(download.body()).isEqualTo(bytes);
            assertThat(download.headers().firstValue("Content-Type")).contains("application/pdf");
            assertThat(download.headers().firstValue("Content-Disposition").orElseThrow())
                    .startsWith("attachment;")
                    .contains("filename*=UTF-8''%EB%AC%B8%EC%84%9C.pdf");
        }
        assertThat(send(HttpRequest.newBuilder(target().base())
                                .header("Authorization", "Bearer " + token)
                                .build())
                        .body())
                .contains("\"total\":2");
    }

    @Test
    void upload_sameNameInTheSameSecondByFiftyThreads_keepsFiftyFiles() throws Exception {
        Clock second =
                Clock.fixed(Clock.systemUTC().instant(), Clock.systemUTC().getZone());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (EmbeddedTarget unlimited = open(RateLimits.off().withUploadsAtOnce(THREADS, THREADS), second)) {
            String token = unlimited.token("fifty");
            CyclicBarrier together = new CyclicBarrier(THREADS);
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                byte[] bytes = ("%PDF-1.7\nthe file of thread " + i).getBytes(StandardCharsets.UTF_8);
                answers.add(threads.submit(() -> {
                    together.await();
                    return upload(unlimited.base().toString(), token, "document.pdf", bytes);
                }));
            }
            Set<String> keys = new HashSet<>();
            Set<String> contents = new HashSet<>();
            for (Future<String> answer : answers) {
                assertThat(answer.get()).startsWith("201\n");
                keys.add(text("file_key", answer.get()));
                long id = Long.parseLong(answer.get().replaceFirst("(?s).*\"file_id\":(\\d+).*", "$1"));
                try (var content = unlimited.store().open(id)) {
                    contents.add(new String(content.stream().readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            assertThat(keys).hasSize(THREADS);
            assertThat(contents).hasSize(THREADS);
        } finally {
            threads.shutdownNow();
        }
    }

    private static String upload(String api, String token, String name, byte[] bytes) throws Exception {
        try (RawUpload upload = new RawUpload(api, token, name, bytes.length, false)) {
            upload.send(bytes, bytes.length);
            return upload.finish();
        }
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response;
    }

    private static String text(String field, String json) {
        Matcher matcher = Pattern.compile("\"" + field + "\":\"([^\"]*)\"").matcher(json);
        assertThat(matcher.find()).as("%s in %s", field, json).isTrue();
        return matcher.group(1);
    }
}
