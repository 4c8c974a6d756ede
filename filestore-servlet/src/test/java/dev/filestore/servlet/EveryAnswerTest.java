package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.filestore.AllowedTypes;
import dev.filestore.Caller;
import dev.filestore.FileStore;
import dev.filestore.ProbeScanner;
import dev.filestore.ScanException;
import dev.filestore.memory.MemoryMetadata;
import dev.filestore.memory.MemoryStorage;
import dev.filestore.servlet.HttpCalls.Answer;
import dev.filestore.servlet.HttpCalls.Raw;
import dev.filestore.servlet.ServletServer.Mount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Each answer that {@code openapi.json} describes, by operation, status and code, is one that a server gives: each has a
 * request here that gets it, and nothing has that is not described. Whether it is described rightly, {@link HeldToOpenApi}
 * tells.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryAnswerTest {

    private static final long ABSENT = 999_999_999_999L;
    private static final int MAX_BYTES = 10_000;
    private static final int MAX_FILES = 2;
    private static final Pattern CODE = Pattern.compile("\"code\":\"([a-z0-9_]+)\"");

    private final JettyServer usual = new JettyServer(Mount.USUAL);
    private final JettyServer limited = new JettyServer(Mount.USUAL);
    private final JettyServer unsigned = new JettyServer(Mount.USUAL);
    private final AtomicReference<ProbeScanner> scanner = new AtomicReference<>(new ProbeScanner());
    private final FileStore store = FileStore.builder()
            .storage(new MemoryStorage())
            .metadata(new MemoryMetadata())
            .policy(AllowedTypes.standardTypes().maxBytes(MAX_BYTES).build())
            .scanner(upload -> scanner.get().begin(upload))
            .maxFilesPerOwner(MAX_FILES)
            .signedUrls(usual.base())
            .build();
    private final FileStore storeWithoutSigner = FileStore.builder()
            .storage(new MemoryStorage())
            .metadata(new MemoryMetadata())
            .build();

    /** What gets each answer, by operation, status and code. */
    private final Map<String, Supplier<String>> requests = new TreeMap<>();

    EveryAnswerTest() {
        // A token is the name of the user here.
        AccessPolicy access = request -> Optional.ofNullable(request.getHeader("Authorization"))
                .map(token -> token.replace("Bearer ", ""))
                .map(EveryAnswerTest::caller);
        usual.start(FileStoreServlet.builder(store, access).build());
        limited.start(FileStoreServlet.builder(store, access)
                .rateLimits(RateLimits.standard()
                        .withUpload(1)
                        .withList(1)
                        .withDelete(1)
                        .withOther(1)
                        .withUploadsAtOnce(2, 4))
                .build());
        unsigned.start(FileStoreServlet.builder(storeWithoutSigner, access).build());
        describe();
    }

    private static Caller caller(String user) {
        if (user.equals("nobody-can-tell")) {
            throw new IllegalStateException("the directory of users is down");
        }
        return Caller.user(user);
    }

    @AfterAll
    void stop() {
        usual.close();
        limited.close();
        unsigned.close();
        store.close();
        storeWithoutSigner.close();
    }

    @TestFactory
    Stream<DynamicTest> everyAnswer_thatIsDescribed_isGiven() {
        return described()
                .map(answer -> DynamicTest.dynamicTest(answer, () -> {
                    assertThat(requests).as("requests, by what they get").containsKey(answer);
                    assertThat(requests.get(answer).get()).isEqualTo(answer);
                }));
    }

    @Test
    void everyRequest_getsAnAnswerThatIsDescribed() {
        assertThat(described()).containsExactlyInAnyOrderElementsOf(requests.keySet());
    }

    @Test
    void everyCode_isDescribedWithOneStatus() {
        Map<String, String> statuses = new TreeMap<>();
        described()
                .map(answer -> answer.split(" ", -1))
                .filter(words -> words.length == 3)
                .forEach(words -> {
                    String other = statuses.put(words[2], words[1]);
                    assertThat(other).as(words[2]).isIn(null, words[1]);
                });
        Map<String, String> kinds = new TreeMap<>();
        for (Failure.Kind kind : Failure.Kind.values()) {
            kinds.put(kind.code, Integer.toString(kind.status));
        }
        assertThat(statuses).isEqualTo(kinds);
    }

    private static Stream<String> described() {
        OpenApi api = OpenApi.ours();
        return Stream.concat(api.operations().stream(), Stream.of(api.others()))
                .flatMap(operation -> operation.answers().stream());
    }

    /** A proper request for a file, or one that is not about a file. */
    @FunctionalInterface
    private interface Call {
        Answer by(HttpCalls caller, long fileId);
    }

    private static Call plain(String method, String path) {
        return (caller, id) -> caller.send(method, path.replace("{id}", Long.toString(id)), request -> {});
    }

    private static Call with(String method, String path, String field, String value) {
        return (caller, id) ->
                caller.send(method, path.replace("{id}", Long.toString(id)), request -> request.header(field, value));
    }

    private static final Call UPLOAD = (caller, id) -> caller.uploadPdf("a.pdf");
    private static final Call PRESIGN = (caller, id) -> caller.postJson("/presigned-url", "{\"file_id\":" + id + "}");
    private static final Call OTHER = plain("PUT", "");

    private void describe() {
        describeUploads();
        shared("listFiles", plain("GET", ""));
        gets("listFiles 400 invalid_request", plain("GET", "?limit=x"));
        ofAFile("presignFile", PRESIGN);
        requests.put("presignFile 501 not_supported", () -> answered(PRESIGN.by(as(unsigned, "somebody"), 1)));
        requests.put("presignFile 503 service_unavailable", this::presignAmongTooMany);
        ofAFile("getFile", plain("GET", "/{id}"));
        ofAFile("deleteFile", plain("DELETE", "/{id}"));
        describeDownloads();
        gets("describeApi 200", plain("GET", "/openapi.json"));
        gets("describeApi 304", with("GET", "/openapi.json", "If-None-Match", "*"));
        gets("describeApi 412 precondition_failed", with("GET", "/openapi.json", "If-Match", "\"other\""));
        refused("other", OTHER, true);
        gets("other 204", plain("OPTIONS", ""));
        gets("other 404 file_not_found", plain("GET", "/not/a/path"));
        gets("other 405 method_not_allowed", OTHER);
    }

    private void describeUploads() {
        refused("uploadFile", UPLOAD, true);
        gets("uploadFile 201", UPLOAD);
        upload("file_size_exceeds_limit", "a.pdf", new byte[MAX_BYTES + 1]);
        upload("file_type_not_allowed", "a.exe", HttpCalls.PDF);
        upload("file_is_empty", "a.pdf", new byte[0]);
        gets("uploadFile 400 no_file_provided", plain("POST", "/upload"));
        gets("uploadFile 400 invalid_request", (caller, id) -> caller.upload(new Form().text("no boundary")));
        gets("uploadFile 400 too_many_files", (caller, id) -> {
            // The caller has one file already.
            caller.uploadPdf("b.pdf");
            return caller.uploadPdf("c.pdf");
        });
        scanned("uploadFile 400 file_is_infected", new ProbeScanner().findingAtEnd());
        scanned("uploadFile 503 service_unavailable", new ProbeScanner().at(ProbeScanner.Call.BEGIN, () -> {
                    throw new ScanException("ask the scanner", new IOException("no answer"));
                }));
    }

    private void upload(String code, String name, byte[] bytes) {
        byte[] content = bytes.length > HttpCalls.PDF.length ? pdfOf(bytes) : bytes;
        gets("uploadFile 400 " + code, (caller, id) -> caller.upload(new Form().file("file", name, null, content)));
    }

    private static byte[] pdfOf(byte[] bytes) {
        System.arraycopy(HttpCalls.PDF, 0, bytes, 0, HttpCalls.PDF.length);
        return bytes;
    }

    private void scanned(String answer, ProbeScanner by) {
        gets(answer, (caller, id) -> {
            scanner.set(by);
            try {
                return caller.uploadPdf("b.pdf");
            } finally {
                scanner.set(new ProbeScanner());
            }
        });
    }

    private void describeDownloads() {
        String path = "/{id}/content";
        for (String method : new String[] {"GET", "HEAD"}) {
            boolean get = method.equals("GET");
            String id = get ? "downloadFile" : "inspectFile";
            ofAFile(id, plain(method, path));
            gets(id + " 302", plain(method, path + "?redirect=true"));
            gets(id + " 304", with(method, path, "If-None-Match", "*"));
            gets(id + " 412" + (get ? " precondition_failed" : ""), with(method, path, "If-Match", "\"other\""));
        }
        gets("downloadFile 206", with("GET", path, "Range", "bytes=0-4"));
        gets("downloadFile 416 range_not_satisfiable", with("GET", path, "Range", "bytes=999999-"));
    }

    /** What every operation on a file has in common. */
    private void ofAFile(String operation, Call call) {
        boolean told = !operation.equals("inspectFile");
        shared(operation, call, told);
        requests.put(
                operation + " 400" + (told ? " invalid_request" : ""),
                () -> answered(call.by(as(usual, "somebody"), 0)));
        requests.put(
                operation + " 404" + (told ? " file_not_found" : ""),
                () -> answered(call.by(as(usual, "somebody"), ABSENT)));
        gets(
                operation + " 403" + (told ? " not_authorized" : ""),
                (caller, id) -> call.by(as(usual, "somebody-else"), id));
    }

    private void shared(String operation, Call call) {
        shared(operation, call, true);
    }

    private void shared(String operation, Call call, boolean told) {
        gets(operation + " 200", call);
        refused(operation, call, told);
    }

    /** What everything that users ask for has in common; an answer to HEAD tells no code. */
    private void refused(String operation, Call call, boolean told) {
        requests.put(
                operation + " 401" + (told ? " authentication_required" : ""),
                () -> answered(call.by(new HttpCalls(usual.base(), null), 1)));
        requests.put(
                operation + " 500" + (told ? " s3_error" : ""),
                () -> answered(call.by(as(usual, "nobody-can-tell"), 1)));
        requests.put(operation + " 429" + (told ? " too_many_requests" : ""), () -> {
            HttpCalls often = as(limited, "user-" + UUID.randomUUID());
            call.by(often, ABSENT);
            return answered(call.by(often, ABSENT));
        });
    }

    /** A request of a user who has one file. */
    private void gets(String answer, Call call) {
        requests.put(answer, () -> {
            HttpCalls caller = as(usual, "user-" + UUID.randomUUID());
            return answered(call.by(caller, caller.uploadPdf("own.pdf").id()));
        });
    }

    private static HttpCalls as(ServletServer server, String user) {
        return new HttpCalls(server.base(), user);
    }

    /** One body that does not come is waited for there, whichever of the two it is, and not a second one. */
    private String presignAmongTooMany() {
        try (Raw one = late("user-1");
                Raw another = late("user-2")) {
            Object first = CompletableFuture.anyOf(toldBy(one), toldBy(another)).join();
            Matcher code = CODE.matcher(String.valueOf(first));
            assertThat(code.find()).isTrue();
            return "presignFile " + String.valueOf(first).substring(9, 12) + " " + code.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Raw late(String user) throws IOException {
        return as(limited, user)
                .raw()
                .head("POST", "/presigned-url", "Content-Type: application/json", "Content-Length: 20");
    }

    /** On a thread of its own: the common pool may have one alone, and one of the two has nothing to tell. */
    private static CompletableFuture<String> toldBy(Raw raw) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return raw.readUntil("\"}");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                reading -> new Thread(reading).start());
    }

    /** The operation, the status and the code of an answer. */
    private String answered(Answer answer) {
        assertThat(answer.header("X-Request-Id")).as("the servlet's own").isNotNull();
        HttpRequest request = answer.response().request();
        URI uri = request.uri();
        String path = uri.getPath().substring(usual.base().getPath().length());
        Matcher code = CODE.matcher(answer.status() < 400 ? "" : answer.body());
        return OpenApi.ours()
                        .find(request.method(), path.isEmpty() ? "/" : path)
                        .id() + " " + answer.status() + (code.find() ? " " + code.group(1) : "");
    }
}
