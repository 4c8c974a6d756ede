package dev.filestore.examples.fuzzing.targets;

import static dev.filestore.examples.fuzzing.BrokenRule.unless;
import static dev.filestore.examples.fuzzing.Bytes.oneOf;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.filestore.ByteRange;
import dev.filestore.examples.fuzzing.BrokenRule;
import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.Target;
import dev.filestore.examples.fuzzing.forms.ReferenceDigests;
import dev.filestore.servlet.Parsing;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The small things in a request: orders in JSON, queries, ranges, digests, dates, paths, and what of them is quoted in
 * messages. An input is a letter that says which, and the bytes. Each is read a second time by other means, or written
 * again and read again; and no refusal may be of another kind than the contract has for it.
 */
public final class FieldsTarget implements Target {

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern RANGE = Pattern.compile("(?i)bytes=[ \t,]*([0-9]*)-([0-9]*)[ \t,]*");
    private static final Pattern ENCODED = Pattern.compile("(?:%[0-9A-Fa-f]{2}|[\\x00-\\x7f&&[^%]])*+");
    private static final int MAX_JSON_BYTES = 8192;
    private static final int LONGEST_QUOTE = 64;

    private final Ranges ranges;

    /** Reads the field {@code Range}. */
    @FunctionalInterface
    public interface Ranges {

        @Nullable
        ByteRange parse(String field, long size);
    }

    public FieldsTarget() {
        this(Parsing::range);
    }

    public FieldsTarget(Ranges ranges) {
        this.ranges = ranges;
    }

    @FunctionalInterface
    private interface Reading<T> {

        @Nullable
        T read() throws IOException;
    }

    @Override
    public String name() {
        return "fields";
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        String text = Bytes.latin1(rest);
        switch (input[0]) {
            case 'j' -> order(rest);
            case 'q' -> query(text);
            case 'r' -> range(text);
            case 'd' -> digests(text);
            case 't' -> date(text);
            case 'p' -> path(text);
            default -> quote(new String(rest, StandardCharsets.UTF_16BE));
        }
    }

    /** The answer, or nothing where it is refused as it may be. */
    private static <T> Optional<T> answer(String refusal, Reading<T> reading) {
        try {
            return Optional.ofNullable(reading.read());
        } catch (IOException | RuntimeException e) {
            if (!refusal.equals(Parsing.refusal(e))) {
                throw new BrokenRule("a refusal of no kind", e);
            }
            harmless(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static void harmless(String message) {
        unless(
                message.length() < 600 && message.codePoints().noneMatch(FieldsTarget::isHarmful),
                "a message holds what a log could trip over: %s",
                message);
    }

    private static boolean isHarmful(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.SURROGATE
                || c == 0x2028
                || c == 0x2029;
    }

    private static void order(byte[] json) {
        Optional<Parsing.Order> order = answer("invalid_request", () -> Parsing.order(json));
        unless(order.equals(expectedOrder(json)), "the order is %s, and by the rules %s", order, expectedOrder(json));
    }

    private static Optional<Parsing.Order> expectedOrder(byte[] json) {
        if (json.length > MAX_JSON_BYTES || !isUtf8(json)) {
            return Optional.empty();
        }
        try {
            JsonNode tree = JSON.readTree(new String(json, StandardCharsets.UTF_8));
            if (tree == null || !tree.isObject()) {
                return Optional.empty();
            }
            Map<String, JsonNode> fields = new HashMap<>();
            tree.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
            JsonNode id = fields.remove("file_id");
            JsonNode hours = fields.remove("expiration_hours");
            JsonNode disposition = fields.remove("disposition");
            boolean right = fields.isEmpty()
                    && (disposition == null || isDisposition(disposition))
                    && id != null
                    && isWithin(id, Long.MAX_VALUE)
                    && (hours == null || isWithin(hours, 168));
            return right && id != null
                    ? Optional.of(new Parsing.Order(
                            id.longValue(),
                            hours == null ? 24 : hours.longValue(),
                            disposition == null ? "inline" : disposition.textValue()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isDisposition(JsonNode value) {
        return value.isTextual() && List.of("inline", "attachment").contains(value.textValue());
    }

    private static boolean isWithin(JsonNode value, long max) {
        return value.isIntegralNumber()
                && value.bigIntegerValue().signum() > 0
                && value.bigIntegerValue().compareTo(BigInteger.valueOf(max)) <= 0;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static void query(String query) {
        Map<String, String> first = new HashMap<>();
        Map<String, Integer> times = new HashMap<>();
        boolean wellFormed = ENCODED.matcher(query).matches();
        for (String pair : wellFormed ? query.split("&", -1) : new String[0]) {
            String[] sides = pair.split("=", 2);
            String name = URLDecoder.decode(sides[0], StandardCharsets.UTF_8);
            String value = URLDecoder.decode(sides.length == 1 ? "" : sides[1], StandardCharsets.UTF_8);
            wellFormed &= isUtf8(unescaped(sides[0])) && isUtf8(unescaped(sides.length == 1 ? "" : sides[1]));
            first.put(name, value);
            times.merge(name, 1, Integer::sum);
        }
        if (!wellFormed) {
            unless(
                    answer("invalid_request", () -> Parsing.parameter(query, "limit"))
                            .isEmpty(),
                    "a broken query is read");
            return;
        }
        for (Map.Entry<String, String> parameter : first.entrySet()) {
            String name = parameter.getKey();
            Optional<String> found = answerOfAny(() -> Parsing.parameter(query, name));
            Optional<String> expected =
                    Integer.valueOf(1).equals(times.get(name)) ? Optional.of(parameter.getValue()) : Optional.empty();
            unless(found.equals(expected), "the parameter %s is %s, and by the rules %s", name, found, expected);
            String again = URLEncoder.encode(name, StandardCharsets.UTF_8) + "="
                    + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8);
            unless(
                    parameter.getValue().equals(Parsing.parameter(again, name)),
                    "a parameter is another when sent again");
        }
    }

    /** The same without a look at the message: a repeated parameter is named in it only by the names of our own. */
    private static <T> Optional<T> answerOfAny(Reading<T> reading) {
        try {
            return Optional.ofNullable(reading.read());
        } catch (IOException | RuntimeException e) {
            if (!"invalid_request".equals(Parsing.refusal(e))) {
                throw new BrokenRule("a refusal of no kind", e);
            }
            return Optional.empty();
        }
    }

    private static byte[] unescaped(String text) {
        return Bytes.latin1(URLDecoder.decode(text, StandardCharsets.ISO_8859_1));
    }

    private void range(String text) {
        String[] sides = text.split("\n", 2);
        long size = 1 + (sides[0].hashCode() & 0x7fff_ffffL) * (sides[0].length() % 2 == 0 ? 1 : 1_000_003);
        String field = sides.length == 1 ? "" : sides[1];
        ByteRange found = null;
        boolean refused = false;
        try {
            found = ranges.parse(field, size);
        } catch (RuntimeException e) {
            refused = "range_not_satisfiable".equals(Parsing.refusal(e));
            unless(refused, "a refusal of no kind: %s", e);
        }
        Matcher one = RANGE.matcher(field.strip());
        if (!one.matches() || (one.group(1) + one.group(2)).isEmpty()) {
            unless(found == null && !refused, "%s is taken for a range", field);
            return;
        }
        BigInteger last = BigInteger.valueOf(size - 1);
        BigInteger from = one.group(1).isEmpty()
                ? BigInteger.ZERO.max(BigInteger.valueOf(size).subtract(new BigInteger(one.group(2))))
                : new BigInteger(one.group(1));
        BigInteger to =
                one.group(1).isEmpty() || one.group(2).isEmpty() ? last.max(from) : new BigInteger(one.group(2));
        if (to.compareTo(from) < 0) {
            unless(found == null && !refused, "%s is taken for a range", field);
            return;
        }
        boolean outside = from.compareTo(last) > 0;
        unless(refused == outside, "of %d bytes %s is refused: %s", size, field, refused);
        if (!outside) {
            unless(
                    found != null
                            && found.offset() == from.longValue()
                            && found.last() == to.min(last).longValue(),
                    "of %d bytes %s is %s",
                    size,
                    field,
                    found);
        }
    }

    private static void digests(String field) {
        Optional<Map<String, byte[]>> found = answer("invalid_request", () -> Parsing.digests(field));
        Optional<Map<String, byte[]>> expected = ReferenceDigests.parse(field);
        unless(
                show(found).equals(show(expected)),
                "the digests are %s, and by the rules %s",
                show(found),
                show(expected));
        answer("invalid_request", () -> Parsing.sha256(field, field))
                .ifPresent(hex -> unless(hex.matches("[0-9a-f]{64}"), "%s is no SHA-256", hex));
    }

    private static String show(Optional<Map<String, byte[]>> digests) {
        Map<String, String> shown = new TreeMap<>();
        digests.ifPresent(all ->
                all.forEach((name, bytes) -> shown.put(name, Base64.getEncoder().encodeToString(bytes))));
        return digests.isPresent() ? shown.toString() : "refused";
    }

    private static void date(String text) {
        Instant moment = Parsing.date(text);
        if (moment != null) {
            unless(moment.equals(moment.truncatedTo(ChronoUnit.SECONDS)), "%s has parts of a second", text);
            unless(
                    moment.equals(Parsing.date(Parsing.date(moment))),
                    "%s is %s, and another when sent again",
                    text,
                    moment);
        }
    }

    private static void path(String path) {
        if (!path.startsWith("/")) {
            return;
        }
        Optional<Long> id = answer("invalid_request", () -> Parsing.idIn(path));
        Matcher named = Pattern.compile("/([1-9][0-9]*)(?:/content)?").matcher(path);
        boolean right = named.matches() && new BigInteger(named.group(1)).bitLength() < 64;
        unless(
                right ? id.isPresent() && id.get() == Long.parseLong(named.group(1)) : id.isEmpty() || id.get() == -1,
                "the path %s has the id %s",
                path,
                id);
    }

    private static void quote(String text) {
        String quoted = Parsing.quote(text);
        harmless(quoted);
        unless(quoted.codePointCount(0, quoted.length()) <= LONGEST_QUOTE + 5, "a quote is long: %s", quoted);
    }

    @Override
    public byte[] generate(RandomGenerator random) {
        String number = oneOf(
                random,
                List.of(
                        "0",
                        "1",
                        "5",
                        "168",
                        "169",
                        "9223372036854775807",
                        "9223372036854775808",
                        "-1",
                        "1e0",
                        "007",
                        "x",
                        ""));
        String other = Long.toString(random.nextLong() >>> random.nextInt(1, 64));
        return switch (random.nextInt(7)) {
            case 0 ->
                Bytes.of("j{\"file_id\":" + (random.nextBoolean() ? other : number)
                        + oneOf(
                                random,
                                List.of(
                                        "",
                                        ",\"expiration_hours\":" + number,
                                        ",\"disposition\":\"attachment\"",
                                        ",\"disposition\":" + number,
                                        ",\"file_id\":1",
                                        ",\"role\":\"admin\""))
                        + "}");
            case 1 ->
                Bytes.of("q" + oneOf(random, words()) + "=" + number + "&limit="
                        + oneOf(random, List.of("%EB%AC%B8", "%C0%AF", "%", "a+b", "%00")) + "&"
                        + oneOf(random, words()));
            case 2 ->
                Bytes.of("r" + "s".repeat(random.nextInt(6)) + random.nextInt(4) + "\nbytes="
                        + oneOf(random, List.of(number, other, "")) + "-" + oneOf(random, List.of(number, other, "")));
            case 3 ->
                Bytes.of("dsha-256=:"
                        + Base64.getEncoder()
                                .encodeToString(Bytes.random(random, oneOf(random, List.of(0, 31, 32, 64))))
                        + ":"
                        + oneOf(random, List.of("", ";a=b", ";a=\"=:!:\"", ", sha-512=:AAAA:", ",", " , x=:AA:")));
            case 4 ->
                Bytes.of("t"
                        + oneOf(
                                random,
                                List.of(
                                        Parsing.date(Instant.ofEpochSecond(random.nextLong(4_000_000_000L))),
                                        "Sunday, 06-Nov-94 08:49:37 GMT",
                                        "Sun Nov  6 08:49:37 1994")));
            case 5 ->
                Bytes.of("p/" + oneOf(random, List.of(number, other))
                        + oneOf(random, List.of("", "/content", "/content/", "/..", "//content")));
            default ->
                new Bytes()
                        .add("u")
                        .add(Bytes.random(random, random.nextInt(300)))
                        .toArray();
        };
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                Bytes.of("j{\"file_id\": 42, \"expiration_hours\": 24}"),
                Bytes.of("j{\"file\\u005fid\": 42}"),
                Bytes.of("j" + "[".repeat(2000)),
                Bytes.of("qcategory=image&limit=20&cursor=abc&offset=0"),
                Bytes.of("rs\nbytes=0-99"),
                Bytes.of("rs\nbytes=-5"),
                Bytes.of("dsha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:;a=1, sha-512=:AA==:"),
                Bytes.of("tSun, 06 Nov 1994 08:49:37 GMT"),
                Bytes.of("p/42/content"),
                Bytes.of("u\0a\ud83d"));
    }

    @Override
    public List<String> words() {
        return List.of(
                "file_id",
                "expiration_hours",
                "disposition",
                "inline",
                "\"",
                "{",
                "}",
                ":",
                ",",
                "\\u0066",
                "null",
                "true",
                "1.0",
                "\ufeff",
                "category",
                "limit",
                "offset",
                "cursor",
                "redirect",
                "&",
                "=",
                "%2B",
                "%F0%9F%98%80",
                "+",
                "bytes=",
                "-",
                "18446744073709551616",
                "sha-256=:",
                "sha-512=:",
                ":;",
                "GMT",
                "Sunday",
                "content",
                "upload");
    }
}
