package dev.filestore.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A well kept bucket as far as a check looks at it, until a test says how an operation is answered instead. It believes any
 * signature, and refuses who has none.
 */
final class ScriptedBucket implements AutoCloseable {

    static final String BUCKET = "bucket";
    static final String REGION = "eu-west-1";
    static final String KEY_ID = "AKIDOFTHETEST";
    static final String SECRET = "the-secret-of-the-test";

    private static final String LIFECYCLE = lifecycle("<Rule><ID>abandoned</ID><Status>Enabled</Status><Filter/>"
            + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>"
            + "</AbortIncompleteMultipartUpload></Rule>");
    private static final String BLOCKED = publicAccessBlock(true, true, true, true);
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private record Answer(int status, String body, Map<String, String> headers) {

        static Answer ok(String body) {
            return new Answer(200, body, Map.of());
        }

        static Answer error(int status, String code) {
            return new Answer(status, errorBody(code, code + " of the script"), Map.of());
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch silence = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final Map<String, Answer> script = new ConcurrentHashMap<>();
    private final Map<String, String> objects = new ConcurrentHashMap<>();
    private final Map<String, String> uploads = new ConcurrentHashMap<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final List<String> operations = new CopyOnWriteArrayList<>();
    private volatile String silent = "";
    private volatile boolean createOnly = true;

    ScriptedBucket() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static String lifecycle(String rules) {
        return "<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>";
    }

    static String publicAccessBlock(boolean acls, boolean ignored, boolean policy, boolean restricted) {
        return "<PublicAccessBlockConfiguration><BlockPublicAcls>" + acls + "</BlockPublicAcls><IgnorePublicAcls>"
                + ignored + "</IgnorePublicAcls><BlockPublicPolicy>" + policy
                + "</BlockPublicPolicy><RestrictPublicBuckets>" + restricted
                + "</RestrictPublicBuckets></PublicAccessBlockConfiguration>";
    }

    /** Says how all requests of that operation are answered from now on. */
    void answer(String operation, String body) {
        script.put(operation, Answer.ok(body));
    }

    void refuse(String operation, int status, String code) {
        script.put(operation, Answer.error(status, code));
    }

    void refuse(String operation, int status, String code, String message) {
        script.put(operation, new Answer(status, errorBody(code, message), Map.of()));
    }

    /** @param region what stands in a header field, if it is not empty */
    void refuseAsOfRegion(int status, String code, String message, String region) {
        script.put(
                "ListObjectsV2",
                new Answer(
                        status,
                        errorBody(code, message),
                        region.isEmpty() ? Map.of() : Map.of("x-amz-bucket-region", region)));
    }

    void ignoreConditions() {
        createOnly = false;
    }

    /** Leaves all requests of that operation without an answer. */
    void keepSilent(String operation) {
        silent = operation;
    }

    /** Waits for the first request that is left without an answer. */
    void awaitSilence() throws InterruptedException {
        silence.await();
    }

    private static String errorBody(String code, String message) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code><Message>" + message
                + "</Message><RequestId>REQUEST1</RequestId></Error>";
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    S3Settings.Builder settings() {
        return S3Settings.builder(BUCKET)
                .region(REGION)
                .endpoint(endpoint())
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY_ID, SECRET)));
    }

    Map<String, String> objects() {
        return objects;
    }

    Map<String, String> uploads() {
        return uploads;
    }

    List<String> operations() {
        return operations;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        String key = exchange.getRequestURI().getPath().replaceFirst("^/" + BUCKET + "/?", "");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        String operation = operation(exchange, query);
        operations.add(operation);
        if (operation.equals(silent)) {
            silence.countDown();
            awaitTheEnd();
            exchange.close();
            return;
        }
        Answer scripted = script.get(operation);
        Answer answer = scripted != null ? scripted : take(exchange, operation, key, query, body);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("ETag", "\"tag\"");
        exchange.getResponseHeaders().set("Last-Modified", "Thu, 26 Feb 2026 14:30:22 GMT");
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        boolean head = operation.equals("HeadObject");
        if (head) {
            exchange.getResponseHeaders()
                    .set("Content-Length", Integer.toString(answer.status() == 200 ? bytes.length : 0));
        }
        exchange.sendResponseHeaders(answer.status(), head || bytes.length == 0 ? -1 : bytes.length);
        if (!head && answer.status() != 204) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void awaitTheEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String operation(HttpExchange exchange, String query) {
        boolean ofUpload = query.contains("uploadId=");
        return switch (exchange.getRequestMethod()) {
            case "PUT" -> ofUpload ? "UploadPart" : "PutObject";
            case "POST" -> ofUpload ? "CompleteMultipartUpload" : "CreateMultipartUpload";
            case "DELETE" -> ofUpload ? "AbortMultipartUpload" : "DeleteObject";
            case "HEAD" -> "HeadObject";
            default -> ofGet(exchange, query);
        };
    }

    private static String ofGet(HttpExchange exchange, String query) {
        if (query.contains("list-type=2")) {
            return "ListObjectsV2";
        }
        return switch (query.split("[=&]", 2)[0]) {
            case "uploads" -> "ListMultipartUploads";
            case "lifecycle" -> "GetBucketLifecycleConfiguration";
            case "versioning" -> "GetBucketVersioning";
            case "object-lock" -> "GetObjectLockConfiguration";
            case "publicAccessBlock" -> "GetPublicAccessBlock";
            default -> exchange.getRequestHeaders().containsKey("Authorization") ? "GetObject" : "StrangersGetObject";
        };
    }

    private Answer take(HttpExchange exchange, String operation, String key, String query, String body) {
        boolean refusesAnother = createOnly
                && objects.containsKey(key)
                && exchange.getRequestHeaders().containsKey("If-None-Match");
        return switch (operation) {
            case "PutObject" -> {
                if (refusesAnother) {
                    yield Answer.error(412, "PreconditionFailed");
                }
                objects.put(key, body);
                yield Answer.ok("");
            }
            case "CreateMultipartUpload" -> {
                String id = "upload-" + begun.incrementAndGet();
                uploads.put(id, key);
                yield Answer.ok("<InitiateMultipartUploadResult><UploadId>" + id
                        + "</UploadId></InitiateMultipartUploadResult>");
            }
            case "CompleteMultipartUpload" -> {
                if (refusesAnother) {
                    yield Answer.error(412, "PreconditionFailed");
                }
                uploads.remove(parameter(query, "uploadId"));
                objects.put(key, "of parts");
                yield Answer.ok("<CompleteMultipartUploadResult><ETag>\"tag\"</ETag></CompleteMultipartUploadResult>");
            }
            case "AbortMultipartUpload" ->
                uploads.remove(parameter(query, "uploadId")) == null
                        ? Answer.error(404, "NoSuchUpload")
                        : new Answer(204, "", Map.of());
            case "DeleteObject" -> {
                objects.remove(key);
                yield new Answer(204, "", Map.of());
            }
            case "HeadObject", "GetObject" -> read(exchange, key);
            case "StrangersGetObject" -> Answer.error(403, "AccessDenied");
            case "ListObjectsV2" -> list(parameter(query, "prefix"));
            case "ListMultipartUploads" -> listUploads(parameter(query, "prefix"));
            case "GetBucketLifecycleConfiguration" -> Answer.ok(LIFECYCLE);
            case "GetBucketVersioning" -> Answer.ok("<VersioningConfiguration/>");
            case "GetObjectLockConfiguration" -> Answer.error(404, "ObjectLockConfigurationNotFoundError");
            case "GetPublicAccessBlock" -> Answer.ok(BLOCKED);
            default -> Answer.ok("");
        };
    }

    private Answer read(HttpExchange exchange, String key) {
        String object = objects.get(key);
        if (object == null) {
            return Answer.error(404, "NoSuchKey");
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        Matcher wanted = RANGE.matcher(range == null ? "" : range);
        return wanted.matches()
                ? new Answer(
                        206,
                        object.substring(
                                Integer.parseInt(wanted.group(1)),
                                Math.min(object.length(), Integer.parseInt(wanted.group(2)) + 1)),
                        Map.of())
                : Answer.ok(object);
    }

    private Answer list(String prefix) {
        StringBuilder found = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        objects.forEach((key, object) -> {
            if (key.startsWith(prefix)) {
                found.append("<Contents><Key>")
                        .append(key)
                        .append("</Key><Size>")
                        .append(object.length())
                        .append("</Size><LastModified>2026-02-26T14:30:22.000Z</LastModified></Contents>");
            }
        });
        return Answer.ok(found.append("</ListBucketResult>").toString());
    }

    private Answer listUploads(String prefix) {
        StringBuilder found = new StringBuilder("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>");
        uploads.forEach((id, key) -> {
            if (key.startsWith(prefix)) {
                found.append("<Upload><Key>")
                        .append(key)
                        .append("</Key><UploadId>")
                        .append(id)
                        .append("</UploadId><Initiated>2026-02-26T14:30:22.000Z</Initiated></Upload>");
            }
        });
        return Answer.ok(found.append("</ListMultipartUploadsResult>").toString());
    }

    private static String parameter(String query, String name) {
        for (String field : query.split("&", -1)) {
            if (field.startsWith(name + "=")) {
                return URLDecoder.decode(field.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
