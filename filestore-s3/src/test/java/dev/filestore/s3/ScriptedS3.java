package dev.filestore.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A server that notes what it is asked in terms of S3, and answers by the script of a test, else as if all went well. */
final class ScriptedS3 implements AutoCloseable {

    static final String SECRET = "the-secret-of-the-test";
    static final String BUCKET = "bucket";

    /** The operations that are told apart, by their names in S3. */
    enum Operation {
        PutObject,
        CreateMultipartUpload,
        UploadPart,
        CompleteMultipartUpload,
        AbortMultipartUpload,
        ListMultipartUploads,
        ListObjectsV2,
        GetObject,
        HeadObject,
        DeleteObject
    }

    // Nobody compares requests or answers.
    @SuppressWarnings("ArrayRecordComponent")
    record Request(Operation operation, String path, String query, Map<String, String> headers, byte[] body) {

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }
    }

    /** What is answered, and whether the operation takes effect before. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, Map<String, String> headers, byte[] body, boolean effective, Fault fault) {

        static Answer ok(String body, String... headers) {
            return new Answer(200, headers(headers), body.getBytes(StandardCharsets.UTF_8), true, Fault.NONE);
        }

        static Answer ok(byte[] body, String... headers) {
            return new Answer(200, headers(headers), body, true, Fault.NONE);
        }

        static Answer error(int status, String code) {
            return new Answer(status, Map.of("x-amz-request-id", "REQUEST1"), errorBody(code), false, Fault.NONE);
        }

        /** An error below the status of a success. */
        static Answer errorInside(String code) {
            return new Answer(200, Map.of(), errorBody(code), false, Fault.NONE);
        }

        Answer with(Fault other) {
            return new Answer(status, headers, body, effective, other);
        }

        private static byte[] errorBody(String code) {
            return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code><Message>" + code
                            + " of the script</Message><RequestId>REQUEST1</RequestId></Error>")
                    .getBytes(StandardCharsets.UTF_8);
        }

        private static Map<String, String> headers(String... pairs) {
            Map<String, String> headers = new LinkedHashMap<>();
            for (int i = 0; i < pairs.length; i += 2) {
                headers.put(pairs[i], pairs[i + 1]);
            }
            return headers;
        }
    }

    enum Fault {
        NONE,
        /** The connection ends without an answer. */
        NO_ANSWER,
        /** Nothing comes until the test is over. */
        SILENCE,
        /** The answer announces more bytes than come, and the connection ends. */
        CUT,
        /** The answer announces more bytes than come until the test is over. */
        SILENT_END
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<Operation, Deque<Answer>> script = new ConcurrentHashMap<>();
    private final Map<Operation, Consumer<Request>> acts = new ConcurrentHashMap<>();
    private final Map<Operation, Consumer<Request>> afterwards = new ConcurrentHashMap<>();
    private volatile Map<String, String> created = Map.of();
    private volatile Map<String, String> object = Map.of();
    private final AtomicLong received = new AtomicLong();

    ScriptedS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Says how the next requests of that operation are answered; those after them go well. */
    ScriptedS3 on(Operation operation, Answer... answers) {
        script.computeIfAbsent(operation, any -> new ArrayDeque<>()).addAll(Arrays.asList(answers));
        return this;
    }

    /** Says what is done before each request of that operation is answered. */
    ScriptedS3 before(Operation operation, Consumer<Request> act) {
        acts.put(operation, act);
        return this;
    }

    /** Says what is done after each request of that operation was taken in, before its answer is sent. */
    ScriptedS3 after(Operation operation, Consumer<Request> act) {
        afterwards.put(operation, act);
        return this;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    S3Settings.Builder settings() {
        return S3Settings.builder(BUCKET)
                .region("eu-west-1")
                .endpoint(endpoint())
                .partSizeBytes(BucketContract.PART)
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("ID", SECRET)));
    }

    List<Request> requests() {
        return requests;
    }

    List<Operation> operations() {
        return requests.stream().map(Request::operation).toList();
    }

    List<Request> requests(Operation operation) {
        return requests.stream()
                .filter(request -> request.operation() == operation)
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        URI uri = exchange.getRequestURI();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        byte[] body = exchange.getRequestBody().readAllBytes();
        Request request =
                new Request(operation(exchange.getRequestMethod(), query), uri.getRawPath(), query, headers, body);
        requests.add(request);
        acts.getOrDefault(request.operation(), any -> {}).accept(request);
        Answer answer = answerTo(request);
        if (answer.effective()) {
            take(request);
        }
        afterwards.getOrDefault(request.operation(), any -> {}).accept(request);
        switch (answer.fault()) {
            case NO_ANSWER -> exchange.close();
            case SILENCE -> {
                awaitTheEnd();
                exchange.close();
            }
            case NONE, CUT, SILENT_END -> send(exchange, request, answer);
        }
    }

    private void awaitTheEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(HttpExchange exchange, Request request, Answer answer) throws IOException {
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean bodiless = answer.status() == 204 || request.operation() == Operation.HeadObject;
        long length = answer.fault() != Fault.NONE
                ? Long.parseLong(answer.headers().get("x-test-length"))
                : answer.body().length;
        exchange.sendResponseHeaders(answer.status(), bodiless || length == 0 ? -1 : length);
        if (!bodiless) {
            OutputStream out = exchange.getResponseBody();
            out.write(answer.body());
            out.flush();
        }
        if (answer.fault() == Fault.SILENT_END) {
            awaitTheEnd();
        }
        if (answer.fault() != Fault.NONE) {
            // The server ends the connection of a handler that fails.
            throw new IOException("cut");
        }
        exchange.close();
    }

    private static Operation operation(String method, String query) {
        boolean ofUpload = query.contains("uploadId=");
        return switch (method) {
            case "PUT" -> ofUpload ? Operation.UploadPart : Operation.PutObject;
            case "POST" -> ofUpload ? Operation.CompleteMultipartUpload : Operation.CreateMultipartUpload;
            case "DELETE" -> ofUpload ? Operation.AbortMultipartUpload : Operation.DeleteObject;
            case "HEAD" -> Operation.HeadObject;
            default ->
                query.contains("uploads")
                        ? Operation.ListMultipartUploads
                        : query.contains("list-type=2") ? Operation.ListObjectsV2 : Operation.GetObject;
        };
    }

    private Answer answerTo(Request request) {
        Deque<Answer> answers = script.getOrDefault(request.operation(), new ArrayDeque<>());
        synchronized (answers) {
            if (!answers.isEmpty()) {
                return answers.remove();
            }
        }
        return switch (request.operation()) {
            case PutObject, UploadPart -> Answer.ok("", "ETag", "\"etag\"");
            case CreateMultipartUpload ->
                Answer.ok(
                        "<InitiateMultipartUploadResult><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>");
            case CompleteMultipartUpload ->
                Answer.ok("<CompleteMultipartUploadResult><ETag>\"etag\"</ETag></CompleteMultipartUploadResult>");
            case AbortMultipartUpload, DeleteObject -> new Answer(204, Map.of(), new byte[0], true, Fault.NONE);
            case ListMultipartUploads ->
                Answer.ok("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
            case ListObjectsV2 -> Answer.ok("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
            case GetObject -> Answer.error(404, "NoSuchKey");
            case HeadObject ->
                object.isEmpty()
                        ? Answer.error(404, "NoSuchKey")
                        : new Answer(200, object, new byte[0], true, Fault.NONE);
        };
    }

    /** Remembers of the object what a put asks for afterwards. */
    private void take(Request request) {
        switch (request.operation()) {
            case PutObject -> object = head(request.headers(), request.body().length);
            case CreateMultipartUpload -> created = request.headers();
            case UploadPart -> received.addAndGet(request.body().length);
            case CompleteMultipartUpload -> object = head(created, received.get());
            default -> {}
        }
    }

    private static Map<String, String> head(Map<String, String> headers, long length) {
        String nonce = "x-amz-meta-" + ObjectPut.NONCE;
        return Map.of(
                nonce,
                headers.get(nonce),
                "Content-Length",
                Long.toString(length),
                "ETag",
                "\"etag\"",
                "Last-Modified",
                "Thu, 26 Feb 2026 14:30:22 GMT");
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
