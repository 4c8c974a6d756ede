package dev.filestore.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * A distribution of CloudFront as its documentation describes one: it hands out an object only where a signature in the
 * query or in cookies verifies and its policy holds, and answers from its cache until a path is invalidated. It is asked by
 * plain HTTP on the loopback address in the name of its domain.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html">Use
 *     signed URLs</a>
 */
final class CloudFrontEdge implements AutoCloseable {

    static final String DOMAIN = "d123abc456.cloudfront.net";

    private static final List<String> SIGNED = List.of("Expires", "Policy", "Signature", "Key-Pair-Id");

    /** Its time, and where its viewers are. */
    volatile Instant now = Instant.parse("2026-02-26T14:30:22Z");

    volatile String viewer = "203.0.113.9";

    private final Map<String, PublicKey> trusted = new ConcurrentHashMap<>();
    private final Map<String, byte[]> cache = new ConcurrentHashMap<>();
    private final Function<String, Optional<byte[]>> origin;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient http = HttpClient.newHttpClient();

    /** @param origin gives the object of a path that stands in the cache no more */
    CloudFrontEdge(Function<String, Optional<byte[]>> origin) throws IOException {
        this.origin = origin;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    void trust(String keyPairId, PublicKey key) {
        trusted.put(keyPairId, key);
    }

    /** Takes a path out of the cache; an asterisk at its end stands for anything. */
    void invalidate(String path) {
        if (path.endsWith("*")) {
            cache.keySet().removeIf(cached -> cached.startsWith(path.substring(0, path.length() - 1)));
        } else {
            cache.remove(path);
        }
    }

    /** Asks for an address of the domain, and gives the status. */
    int get(URI url) throws IOException, InterruptedException {
        return get(url, Map.of());
    }

    int get(URI url, Map<String, String> cookies) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(route(url));
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Where an address of the domain is really asked for. */
    URI route(URI url) {
        if (!url.toString().startsWith("https://" + DOMAIN + "/")) {
            throw new IllegalArgumentException("not of this distribution: " + url);
        }
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + url.getRawPath() + query);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 403;
            byte[] answer = new byte[0];
            if (isAllowed(exchange)) {
                // What it got once it answers with again, whatever became of it.
                byte[] object = cache.computeIfAbsent(
                        exchange.getRequestURI().getRawPath(),
                        path -> origin.apply(path).orElse(null));
                status = object == null ? 404 : 200;
                answer = object == null ? answer : object;
            }
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private boolean isAllowed(HttpExchange exchange) {
        try {
            return isSigned(exchange);
        } catch (GeneralSecurityException | RuntimeException e) {
            // Whatever cannot be read is not signed.
            return false;
        }
    }

    private boolean isSigned(HttpExchange exchange) throws GeneralSecurityException {
        Map<String, String> fields = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>();
        String query = exchange.getRequestURI().getRawQuery();
        for (String field : query == null ? new String[0] : query.split("&")) {
            String[] parts = field.split("=", 2);
            if (SIGNED.contains(parts[0])) {
                fields.put(parts[0], parts[1]);
            } else {
                rest.add(field);
            }
        }
        String cookies = exchange.getRequestHeaders().getFirst("Cookie");
        if (fields.isEmpty() && cookies != null) {
            Arrays.stream(cookies.split("; "))
                    .map(cookie -> cookie.split("=", 2))
                    .forEach(parts -> fields.put(parts[0].replaceFirst("^CloudFront-", ""), parts[1]));
        }
        String resource = "https://" + DOMAIN + exchange.getRequestURI().getRawPath()
                + (rest.isEmpty() ? "" : "?" + String.join("&", rest));
        PublicKey key = trusted.get(fields.getOrDefault("Key-Pair-Id", "none"));
        String policy = fields.containsKey("Expires")
                ? "{\"Statement\":[{\"Resource\":\"" + resource + "\",\"Condition\":{\"DateLessThan\":{"
                        + "\"AWS:EpochTime\":" + fields.get("Expires") + "}}}]}"
                : fields.containsKey("Policy") ? new String(decode(fields.get("Policy")), StandardCharsets.UTF_8) : "";
        return key != null
                && fields.containsKey("Signature")
                && verifies(key, policy, decode(fields.get("Signature")))
                && holds(JsonNode.parser().parse(policy), resource);
    }

    private static byte[] decode(String text) {
        return Base64.getDecoder()
                .decode(text.replace('-', '+').replace('_', '=').replace('~', '/'));
    }

    private static boolean verifies(PublicKey key, String policy, byte[] bytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA1withRSA" : "SHA1withECDSA");
        signature.initVerify(key);
        signature.update(policy.getBytes(StandardCharsets.UTF_8));
        return signature.verify(bytes);
    }

    private boolean holds(JsonNode policy, String resource) {
        JsonNode statement = policy.field("Statement").orElseThrow().asArray().get(0);
        Function<String, Optional<String>> condition = name -> statement
                .field("Condition")
                .flatMap(all -> all.field(name))
                .map(one -> one.asObject().values().iterator().next())
                .map(value -> value.isNumber() ? value.asNumber() : value.asString());
        long second = now.getEpochSecond();
        return glob(statement.field("Resource").orElseThrow().asString())
                        .matcher(resource)
                        .matches()
                && second < Long.parseLong(condition.apply("DateLessThan").orElseThrow())
                && second
                        > condition
                                .apply("DateGreaterThan")
                                .map(Long::parseLong)
                                .orElse(Long.MIN_VALUE)
                && condition.apply("IpAddress").map(this::isFrom).orElse(true);
    }

    private static Pattern glob(String resource) {
        return Pattern.compile(Arrays.stream(resource.split(""))
                .map(c -> c.equals("*") ? ".*" : c.equals("?") ? "." : Pattern.quote(c))
                .collect(Collectors.joining()));
    }

    private boolean isFrom(String range) {
        int slash = range.indexOf('/');
        int length = slash < 0 ? 32 : Integer.parseInt(range.substring(slash + 1));
        String network = slash < 0 ? range : range.substring(0, slash);
        return length == 0 || number(viewer) >>> (32 - length) == number(network) >>> (32 - length);
    }

    private static long number(String address) {
        return Arrays.stream(address.split("\\."))
                .mapToLong(Long::parseLong)
                .reduce(0, (sum, octet) -> sum << 8 | octet);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
