package dev.filestore.servlet;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.filestore.servlet.OpenApi.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Holds what the tests send and get to {@code openapi.json}: each answer is one that is described there, in its status, its
 * header fields, its code and its body; each request that was served is one that is allowed there. What is refused may be
 * anything.
 */
public final class HeldToOpenApi implements HttpWatch {

    /** What a container adds by itself; {@code Content-Type} is told by what a body is described as. */
    private static final Set<String> OF_THE_CONTAINER =
            Set.of("connection", "content-length", "content-type", "date", "keep-alive", "server", "transfer-encoding");

    /** Parameters that tests send in order to see them passed over, each behind its operation; all those of one alone. */
    private static final Set<String> PASSED_OVER = Set.of(
            "describeApi",
            "downloadFile download",
            "downloadFile filename",
            "downloadFile response-content-type",
            "listFiles &",
            "listFiles a",
            "listFiles b",
            "listFiles x");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final OpenApi api = OpenApi.ours();

    /** For the service loader. */
    public HeldToOpenApi() {}

    @Override
    public void seen(Request request, Answer answer) {
        if (answer.fields().firstValue("x-request-id").isEmpty()) {
            // It is the container's own, which refused the request without asking the servlet.
            return;
        }
        String path = path(request);
        Operation operation = api.find(request.method(), path);
        String what = request.method() + " " + path + ", as " + operation.id() + " " + answer.status();
        JsonNode response = operation.response(answer.status());
        check(response != null, "%s: the status is not described", what);
        checkHeader(what, response.path("headers"), answer);
        checkBody(what, response.path("content"), request, answer);
        if (operation == api.others()) {
            answer.fields().firstValue("allow").ifPresent(allow -> checkAllow(what, path, allow));
        } else if (answer.status() < 400) {
            checkParameters(what, operation, request, path);
            checkRequestBody(what, operation.requestContent(), request);
        }
    }

    private static void check(boolean right, String fault, Object... details) {
        if (!right) {
            throw new AssertionError("not as openapi.json says: " + String.format(Locale.ROOT, fault, details));
        }
    }

    private void check(String what, JsonNode schema, String value) {
        List<String> faults = api.faults(schema, value);
        check(faults.isEmpty(), "%s is '%s': %s", what, value, faults);
    }

    /** The path below the servlet's own, as a container reads it: without parameters of its segments, and without dots. */
    private static String path(Request request) {
        String path = request.target().replaceFirst("[?#].*$", "").replaceAll(";[^/]*", "");
        URI plain =
                URI.create(path.replaceAll("[^!-~]|[<>\"{}|\\\\^`\\[\\]]", "_")).normalize();
        String below = plain.getPath().replaceFirst("^" + Pattern.quote(request.base()), "");
        if (path.endsWith("/..")) {
            // Tomcat leaves no slash behind the folder that is gone up to, as RFC 3986 would.
            below = below.replaceFirst("/$", "");
        }
        return below.isEmpty() ? "/" : below;
    }

    private void checkAllow(String what, String path, String allow) {
        Set<String> methods = new TreeSet<>(Arrays.asList(allow.split(", ", -1)));
        check(
                methods.equals(api.methods(path)),
                "%s: the methods are %s, described are %s",
                what,
                methods,
                api.methods(path));
    }

    private void checkHeader(String what, JsonNode described, Answer answer) {
        Set<String> names = answer.fields().map().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        names.removeAll(OF_THE_CONTAINER);
        described.properties().forEach(field -> {
            JsonNode header = api.resolve(field.getValue());
            List<String> values = answer.fields().allValues(field.getKey());
            check(values.size() <= 1, "%s: %s is there %s times", what, field.getKey(), values.size());
            check(!values.isEmpty() || !header.path("required").asBoolean(), "%s: %s is missing", what, field.getKey());
            values.forEach(value -> check(what + ": " + field.getKey(), header.path("schema"), value));
            names.removeIf(name -> name.equalsIgnoreCase(field.getKey()));
        });
        check(names.isEmpty(), "%s: the header fields %s are not described", what, names);
    }

    private void checkBody(String what, JsonNode described, Request request, Answer answer) {
        String body = answer.latin1();
        boolean absent = request.method().equals("HEAD") || described.isEmpty();
        check(!absent || body == null || body.isEmpty(), "%s: a body is not described", what);
        if (absent || described.has("*/*")) {
            return;
        }
        String type = answer.fields().firstValue("content-type").orElse("none");
        check(described.has(type), "%s: the type %s is not described", what, type);
        if (body != null) {
            JsonNode value = json(what, body);
            List<String> faults = api.faults(described.path(type).path("schema"), value);
            check(faults.isEmpty(), "%s: %s in %s", what, faults, value);
        }
    }

    private static JsonNode json(String what, String latin1) {
        try {
            return JSON.readTree(latin1.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new AssertionError(what + ": no JSON", e);
        }
    }

    private void checkParameters(String what, Operation operation, Request request, String path) {
        Map<String, String> inPath = operation.pathParameters(path);
        operation.parameters("path").forEach(parameter -> {
            String name = parameter.path("name").asText();
            check(what + ": " + name, parameter.path("schema"), inPath.get(name));
        });
        Map<String, String> inQuery = query(request.target());
        operation.parameters("query").forEach(parameter -> {
            String value = inQuery.remove(parameter.path("name").asText());
            if (value != null) {
                check(what + ": " + parameter.path("name").asText(), parameter.path("schema"), value);
            }
        });
        inQuery.keySet().removeAll(keysInQuery());
        inQuery.keySet()
                .removeIf(name ->
                        PASSED_OVER.contains(operation.id() + " " + name) || PASSED_OVER.contains(operation.id()));
        check(inQuery.isEmpty(), "%s: the parameters %s are not described", what, inQuery.keySet());
    }

    private Set<String> keysInQuery() {
        return StreamSupport.stream(api.root().at("/components/securitySchemes").spliterator(), false)
                .filter(scheme -> scheme.path("in").asText().equals("query"))
                .map(scheme -> scheme.path("name").asText())
                .collect(Collectors.toSet());
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A parameter that is not looked at may be anything; no other is right so.
            return text;
        }
    }

    private static Map<String, String> query(String target) {
        int at = target.indexOf('?');
        return Arrays.stream((at < 0 ? "" : target.substring(at + 1)).split("&", -1))
                .filter(pair -> !pair.isEmpty() && !pair.startsWith("="))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> decoded(pair[0]),
                        pair -> pair.length == 1 ? "" : decoded(pair[1]),
                        (first, second) -> second));
    }

    private void checkRequestBody(String what, JsonNode described, Request request) {
        if (described.isEmpty()) {
            return;
        }
        // Where a body may have one type only, that may go without saying. Types are compared without regard to case.
        String contentType = String.join(", ", request.fields().allValues("content-type"));
        String type = contentType.isEmpty()
                ? described.fieldNames().next()
                : Parameters.value(contentType).toLowerCase(Locale.ROOT);
        check(described.has(type), "%s: a body of the type %s is not described", what, type);
        String body = request.latin1();
        if (body != null) {
            JsonNode schema = described.path(type).path("schema");
            JsonNode value = type.equals("application/json") ? json(what, body) : form(schema, contentType, body);
            List<String> faults = api.faults(schema, value);
            check(faults.isEmpty(), "%s: the request: %s in %s", what, faults, value);
        }
    }

    /** A form as the object that it is described as. */
    private ObjectNode form(JsonNode schema, String contentType, String latin1) {
        JsonNode properties = api.resolve(schema).path("properties");
        ObjectNode form = JSON.createObjectNode();
        byte[] body = latin1.getBytes(StandardCharsets.ISO_8859_1);
        try {
            MultipartReader reader =
                    new MultipartReader(new ByteArrayInputStream(body), MultipartReader.boundary(contentType));
            for (PartHeader part = reader.next(); part != null; part = reader.next()) {
                String value = reader.readField(part.name(), body.length);
                form.set(part.name(), api.typed(properties.path(part.name()), value));
            }
        } catch (IOException e) {
            throw new AssertionError("a form that was taken cannot be read", e);
        }
        return form;
    }
}
