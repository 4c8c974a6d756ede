package dev.filestore.servlet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Our OpenAPI document as the tests read it. Where it leaves room for fields to come, they leave none: an answer has the
 * fields that are described, and no others.
 */
final class OpenApi {

    private static final String BASE = "https://filestore.example/openapi.json";
    private static final String PART = "https://filestore.example/part.json";
    private static final List<String> METHODS = List.of("get", "head", "post", "put", "patch", "delete");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final OpenApi OURS = new OpenApi(read());

    private final JsonNode root;
    private final JsonSchemaFactory schemas;
    private final Map<JsonNode, JsonSchema> compiled = Collections.synchronizedMap(new IdentityHashMap<>());
    private final List<Operation> operations = new ArrayList<>();
    private final Operation others;

    OpenApi(String text) {
        try {
            // A schema is compiled apart from the document: its references have to say of what they are.
            root = JSON.readTree(text.replace("\"#/components/", "\"" + BASE + "#/components/"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
        List<JsonNode> taken = root.findValues("requestBody").stream()
                .flatMap(body -> body.findValues("schema").stream())
                .map(this::resolve)
                .toList();
        root.at("/components/schemas").forEach(schema -> {
            if (!taken.contains(schema)) {
                close(schema);
            }
        });
        schemas = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(BASE, root.toString()))));
        root.path("paths")
                .properties()
                .forEach(path -> METHODS.stream()
                        .filter(method -> path.getValue().has(method))
                        .map(method -> new Operation(
                                method.toUpperCase(Locale.ROOT),
                                path.getKey(),
                                path.getValue().path(method),
                                path.getValue()))
                        .forEach(operations::add));
        others = new Operation("", "", root.path("x-other-requests"), JSON.createObjectNode());
    }

    /** The document of the servlet. */
    static OpenApi ours() {
        return OURS;
    }

    static String read() {
        try (InputStream in = FileStoreServlet.class.getResourceAsStream("openapi.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(JsonNode schema) {
        if (schema.has("properties") && !schema.has("additionalProperties")) {
            ((ObjectNode) schema).put("unevaluatedProperties", false);
        }
    }

    JsonNode root() {
        return root;
    }

    List<Operation> operations() {
        return operations;
    }

    /** What is answered to requests that name no operation. */
    Operation others() {
        return others;
    }

    /** The operation that a request is for; that of GET also for HEAD, where HEAD has none of its own. */
    Operation find(String method, String path) {
        Operation found = at(path, method);
        if (found == null && method.equals("HEAD")) {
            found = at(path, "GET");
        }
        return found == null ? others : found;
    }

    private @Nullable Operation at(String path, String method) {
        return ofPath(path).stream()
                .filter(operation -> operation.method.equals(method))
                .findFirst()
                .orElse(null);
    }

    private List<Operation> ofPath(String path) {
        List<Operation> concrete = operations.stream()
                .filter(operation -> operation.path.equals(path))
                .toList();
        return concrete.isEmpty()
                ? operations.stream()
                        .filter(operation -> operation.pathParameters(path) != null)
                        .toList()
                : concrete;
    }

    /** The methods that a path has, and those that follow from them. */
    Set<String> methods(String path) {
        Set<String> methods =
                ofPath(path).stream().map(Operation::method).collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return methods;
    }

    /** What a reference stands for. */
    JsonNode resolve(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : root.at(reference.substring(BASE.length() + 1));
    }

    /** What is wrong with a value; empty if nothing. */
    List<String> faults(JsonNode schema, JsonNode value) {
        JsonSchema validator = compiled.computeIfAbsent(
                schema,
                absent -> schemas.getSchema(
                        SchemaLocation.of(PART),
                        schema,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
        return validator.validate(value).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    /** As above, of a value that came as text. */
    List<String> faults(JsonNode schema, String text) {
        return faults(schema, typed(schema, text));
    }

    JsonNode typed(JsonNode schema, String text) {
        return switch (resolve(schema).path("type").asText()) {
            case "integer" ->
                text.matches("[0-9]+") ? BigIntegerNode.valueOf(new BigInteger(text)) : new TextNode(text);
            case "boolean" ->
                text.matches("true|false") ? BooleanNode.valueOf(text.equals("true")) : new TextNode(text);
            default -> new TextNode(text);
        };
    }

    /** One method of one path, or all other requests together. */
    final class Operation {

        private final String method;
        private final String path;
        private final JsonNode node;
        private final List<JsonNode> parameters = new ArrayList<>();
        private final Map<Integer, JsonNode> responses = new TreeMap<>();

        private Operation(String method, String path, JsonNode node, JsonNode pathItem) {
            this.method = method;
            this.path = path;
            this.node = node;
            pathItem.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
            node.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
            node.path("responses")
                    .properties()
                    .forEach(response ->
                            responses.put(Integer.valueOf(response.getKey()), resolve(response.getValue())));
        }

        String id() {
            return node.path("operationId").asText("other");
        }

        String method() {
            return method;
        }

        @Nullable
        JsonNode response(int status) {
            return responses.get(status);
        }

        List<JsonNode> parameters(String in) {
            return parameters.stream()
                    .filter(parameter -> parameter.path("in").asText().equals(in))
                    .toList();
        }

        JsonNode requestContent() {
            return node.path("requestBody").path("content");
        }

        /** Every answer it may give, as {@code id status} or {@code id status code}. */
        List<String> answers() {
            return responses.entrySet().stream()
                    .flatMap(response -> {
                        List<String> codes = method.equals("HEAD") ? List.of() : codes(response.getValue());
                        String answer = id() + " " + response.getKey();
                        return codes.isEmpty()
                                ? List.of(answer).stream()
                                : codes.stream().map(code -> answer + " " + code);
                    })
                    .toList();
        }

        private List<String> codes(JsonNode response) {
            JsonNode codes = response.at("/content/application~1json/schema/allOf/1/properties/code/enum");
            return StreamSupport.stream(codes.spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        }

        /** The parameters in a path, by name; null where it is another path. */
        @Nullable
        Map<String, String> pathParameters(String actual) {
            List<String> names = Arrays.asList(path.split("/", -1));
            List<String> values = Arrays.asList(actual.split("/", -1));
            if (names.size() != values.size()) {
                return null;
            }
            Map<String, String> found = new TreeMap<>();
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).startsWith("{")) {
                    found.put(names.get(i).substring(1, names.get(i).length() - 1), values.get(i));
                } else if (!names.get(i).equals(values.get(i))) {
                    return null;
                }
            }
            return found;
        }
    }
}
