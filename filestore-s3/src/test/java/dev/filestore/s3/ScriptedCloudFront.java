package dev.filestore.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The API of CloudFront as far as invalidations go: it accepts and notes them, a repeated reference once, or answers by the
 * script of a test.
 */
final class ScriptedCloudFront implements AutoCloseable {

    static final String DISTRIBUTION = "E2QWRUHAPOMQZL";
    static final AwsCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("ID", "the-secret-of-the-test"));

    private static final Pattern PATH = Pattern.compile("<Path>([^<]*)</Path>");
    private static final Pattern QUANTITY = Pattern.compile("<Quantity>(\\d+)</Quantity>");
    private static final Pattern REFERENCE = Pattern.compile("<CallerReference>([^<]+)</CallerReference>");
    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=ID/\\d{8}/us-east-1/cloudfront/aws4_request, .*");

    /** What happens to a request instead of all going well. */
    enum Fault {
        /** 503, and nothing is done. */
        DOWN,
        /** As CloudFront refuses too many requests at once. */
        THROTTLED,
        /** As CloudFront refuses more than 3,000 paths under way. */
        TOO_MANY,
        /** As IAM refuses. */
        DENIED,
        /** Accepted, and the answer never comes: the connection ends. */
        LOST_ANSWER,
        /** Nothing comes until the test ends it, and then no answer. */
        SILENCE
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ConcurrentLinkedQueue<Fault> script = new ConcurrentLinkedQueue<>();
    private final Map<String, List<String>> accepted = new ConcurrentHashMap<>();
    private final List<List<String>> invalidations = new CopyOnWriteArrayList<>();
    private final List<String> references = new CopyOnWriteArrayList<>();
    private final Semaphore arrived = new Semaphore(0);
    private final CountDownLatch silence = new CountDownLatch(1);
    private final Consumer<String> invalidate;

    ScriptedCloudFront() throws IOException {
        this(path -> {});
    }

    /** @param invalidate is told each path of each invalidation */
    ScriptedCloudFront(Consumer<String> invalidate) throws IOException {
        this.invalidate = invalidate;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/2020-05-31/distribution/" + DISTRIBUTION + "/invalidation", this::create);
        server.start();
    }

    /** Says what happens to the next requests, one after the other; those after them go well. */
    void on(Fault... faults) {
        script.addAll(Arrays.asList(faults));
    }

    void heal() {
        script.clear();
    }

    void endSilence() {
        silence.countDown();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The sender of the library, in a shape that a test has the patience for. */
    InvalidationQueue queue(int batchSize, int queueSize, Duration delay) {
        return queue(batchSize, queueSize, delay, Duration.ofSeconds(15));
    }

    InvalidationQueue queue(int batchSize, int queueSize, Duration delay, Duration requestTimeout) {
        return new InvalidationQueue(
                new InvalidationRequests(DISTRIBUTION, CREDENTIALS, endpoint(), requestTimeout),
                batchSize,
                queueSize,
                delay);
    }

    /** The paths of each invalidation that was made. */
    List<List<String>> invalidations() {
        return invalidations;
    }

    /** The references of all requests, refused and repeated ones included. */
    List<String> references() {
        return references;
    }

    /** Waits until a request is there that nobody has waited for yet. */
    void awaitRequest() throws InterruptedException {
        if (!arrived.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new AssertionError("no request came");
        }
    }

    private void create(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        List<String> paths =
                PATH.matcher(body).results().map(path -> path.group(1)).toList();
        Matcher reference = REFERENCE.matcher(body);
        Matcher quantity = QUANTITY.matcher(body);
        String signed = exchange.getRequestHeaders().getFirst("Authorization");
        if (!exchange.getRequestMethod().equals("POST")
                || !reference.find()
                || !quantity.find()
                || Integer.parseInt(quantity.group(1)) != paths.size()
                || signed == null
                || !AUTHORIZATION.matcher(signed).matches()) {
            refuse(exchange, 400, "MalformedInput");
            return;
        }
        references.add(reference.group(1));
        Fault fault = script.poll();
        arrived.release();
        if (fault == null) {
            if (accept(reference.group(1), paths)) {
                answer(
                        exchange,
                        201,
                        "<Invalidation xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Id>I2J0I21PCUYOIK</Id>"
                                + "<Status>InProgress</Status><CreateTime>2026-02-26T14:30:22Z</CreateTime>"
                                + "</Invalidation>");
            } else {
                refuse(exchange, 400, "InvalidationBatchAlreadyExists");
            }
            return;
        }
        switch (fault) {
            case DOWN -> refuse(exchange, 503, "ServiceUnavailable");
            case THROTTLED -> refuse(exchange, 400, "Throttling");
            case TOO_MANY -> refuse(exchange, 400, "TooManyInvalidationsInProgress");
            case DENIED -> refuse(exchange, 403, "AccessDenied");
            case LOST_ANSWER -> {
                accept(reference.group(1), paths);
                exchange.close();
            }
            case SILENCE -> {
                awaitTheEndOfSilence();
                exchange.close();
            }
        }
    }

    /** False where the reference is known with other paths. */
    private boolean accept(String reference, List<String> paths) {
        List<String> before = accepted.putIfAbsent(reference, paths);
        if (before == null) {
            invalidations.add(paths);
            paths.forEach(invalidate);
        }
        return before == null || before.equals(paths);
    }

    private void awaitTheEndOfSilence() {
        try {
            silence.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        answer(
                exchange,
                status,
                "<ErrorResponse xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Error><Type>Sender</Type><Code>"
                        + code + "</Code><Message>" + code
                        + " of the script</Message></Error><RequestId>REQUEST1</RequestId></ErrorResponse>");
    }

    private static void answer(HttpExchange exchange, int status, String xml) throws IOException {
        try (exchange) {
            byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/xml");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        endSilence();
        server.stop(0);
        threads.shutdownNow();
    }
}
