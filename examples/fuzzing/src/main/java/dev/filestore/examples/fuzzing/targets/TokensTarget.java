package dev.filestore.examples.fuzzing.targets;

import static dev.filestore.examples.fuzzing.BrokenRule.unless;
import static dev.filestore.examples.fuzzing.Bytes.oneOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.filestore.Caller;
import dev.filestore.examples.fuzzing.BrokenRule;
import dev.filestore.examples.fuzzing.Bytes;
import dev.filestore.examples.fuzzing.Target;
import dev.filestore.examples.fuzzing.uploads.Requests;
import dev.filestore.servlet.AccessPolicy;
import dev.filestore.servlet.JwtAccessPolicy;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens. An input is {@code r} and an Authorization field as it comes; or {@code h}, {@code s}, {@code e} or {@code c}, a
 * line with a token's header and one with its claims, which are signed here by HS256, RS256, ES256, or by HS256 under the
 * bytes of the public RSA key. There may be a third line: what stands behind the token.
 *
 * <p>Whatever comes, nothing is thrown; and a user is named only where a second look at the token, by the platform's own
 * cryptography and the rules of RFC 7519, finds the same.
 */
public final class TokensTarget implements Target {

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");
    private static final byte[] SECRET = Bytes.of("a secret of the fuzzing, 32 bytes or more");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeyPair rsa;
    private final KeyPair ec;
    private final AccessPolicy policy;

    /** Makes a policy of the keys that there are. */
    @FunctionalInterface
    public interface Policies {

        AccessPolicy of(byte[] secret, RSAPublicKey rsa, ECPublicKey ec, Clock clock);
    }

    public TokensTarget() {
        this((secret, rsa, ec, clock) -> JwtAccessPolicy.builder()
                .hs256(secret)
                .rs256(rsa)
                .es256(ec)
                .clock(clock)
                .build());
    }

    public TokensTarget(Policies policies) {
        try {
            KeyPairGenerator rsaKeys = KeyPairGenerator.getInstance("RSA");
            rsaKeys.initialize(2048);
            this.rsa = rsaKeys.generateKeyPair();
            KeyPairGenerator ecKeys = KeyPairGenerator.getInstance("EC");
            ecKeys.initialize(new ECGenParameterSpec("secp256r1"));
            this.ec = ecKeys.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        this.policy = policies.of(
                SECRET, (RSAPublicKey) rsa.getPublic(), (ECPublicKey) ec.getPublic(), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Override
    public String name() {
        return "tokens";
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = Bytes.latin1(Arrays.copyOfRange(input, 1, input.length));
        String field = text;
        if (input[0] != 'r') {
            String[] lines = text.split("\n", 3);
            field = "Bearer "
                    + signed((char) input[0], lines[0], lines.length > 1 ? lines[1] : "")
                    + (lines.length > 2 ? lines[2] : "");
        }
        Optional<Caller> caller = policy.authenticate(Requests.withField("Authorization", field));
        if (caller.isPresent()) {
            verify(field, caller.get());
        }
    }

    /** Whether a genuine token of each kind is taken: else the rest would hold of a policy that takes none. */
    public boolean takesGenuine() {
        return genuine('h') && genuine('s') && genuine('e');
    }

    private boolean genuine(char kind) {
        String token = signed(kind, "{\"alg\":\"" + algorithm(kind) + "\"}", claims("a"));
        return policy.authenticate(Requests.withField("Authorization", "Bearer " + token))
                .equals(Optional.of(Caller.user("a")));
    }

    private static String claims(String subject) {
        return "{\"sub\":\"" + subject + "\",\"exp\":" + (NOW.getEpochSecond() + 60) + "}";
    }

    private static String algorithm(char kind) {
        return switch (kind) {
            case 's' -> "RS256";
            case 'e' -> "ES256";
            default -> "HS256";
        };
    }

    private String signed(char kind, String header, String claims) {
        String text = base64(Bytes.latin1(header)) + "." + base64(Bytes.latin1(claims));
        byte[] bytes = Bytes.of(text);
        try {
            return text + "."
                    + base64(
                            switch (kind) {
                                case 's' -> sign("SHA256withRSA", rsa.getPrivate(), bytes);
                                case 'e' -> sign("SHA256withECDSAinP1363Format", ec.getPrivate(), bytes);
                                case 'c' -> mac(rsa.getPublic().getEncoded(), bytes);
                                default -> mac(SECRET, bytes);
                            });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] mac(byte[] key, byte[] bytes) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(bytes);
    }

    private static byte[] sign(String algorithm, PrivateKey key, byte[] bytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(bytes);
        return signature.sign();
    }

    private void verify(String field, Caller caller) {
        unless(field.strip().toLowerCase(Locale.ROOT).startsWith("bearer "), "not a bearer token: %s", field);
        String[] parts = field.strip().substring(7).strip().split("\\.", -1);
        unless(parts.length == 3, "a token has %d parts", parts.length);
        try {
            JsonNode header = json(parts[0]);
            JsonNode claims = json(parts[1]);
            boolean right =
                    isSigned(header.path("alg").asText(), Bytes.of(parts[0] + "." + parts[1]), decoded(parts[2]));
            unless(right, "a token is taken that nobody signed: %s", header);
            unless(!header.has("crit"), "a token is taken that asks for more: %s", header);
            unless(
                    claims.path("sub").isTextual()
                            && claims.path("sub").textValue().equals(caller.userId()),
                    "%s is taken for %s",
                    claims,
                    caller);
            unless(
                    claims.path("exp").isNumber() && isAfterNow(claims.path("exp")),
                    "an expired token is taken: %s",
                    claims);
            unless(
                    !claims.path("nbf").isNumber() || !isAfterNow(claims.path("nbf")),
                    "a token is taken too early: %s",
                    claims);
            JsonNode role = claims.path("role");
            boolean admin = role.isTextual() && role.textValue().equals("admin");
            for (JsonNode one : role.isArray() ? role : JSON.createArrayNode()) {
                admin |= one.isTextual() && one.textValue().equals("admin");
            }
            unless(admin == caller.admin(), "%s makes an admin: %s", role, caller.admin());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new BrokenRule("a token is taken that cannot be read", e);
        }
    }

    /** By whole seconds, as a NumericDate without its fraction is after a moment. */
    private static boolean isAfterNow(JsonNode date) {
        return date.decimalValue().compareTo(BigDecimal.valueOf(NOW.getEpochSecond())) > 0;
    }

    /** What is signed and no UTF-8 is its signer's business. */
    private static JsonNode json(String part) throws IOException {
        return JSON.readTree(new String(decoded(part), StandardCharsets.UTF_8));
    }

    private static byte[] decoded(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    private boolean isSigned(String algorithm, byte[] text, byte[] signature) throws GeneralSecurityException {
        return switch (algorithm) {
            case "HS256" -> MessageDigest.isEqual(mac(SECRET, text), signature);
            case "RS256" -> isSigned("SHA256withRSA", rsa, text, signature);
            case "ES256" -> isSigned("SHA256withECDSAinP1363Format", ec, text, signature);
            default -> false;
        };
    }

    private static boolean isSigned(String algorithm, KeyPair keys, byte[] text, byte[] signature)
            throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(keys.getPublic());
        verifier.update(text);
        return verifier.verify(signature);
    }

    @Override
    public byte[] generate(RandomGenerator random) {
        String kind = oneOf(random, List.of("h", "h", "h", "s", "e", "c"));
        String alg = random.nextInt(4) == 0
                ? oneOf(random, List.of("none", "None", "HS256", "HS512", "RS256", "ES256", "PS256", ""))
                : algorithm(kind.charAt(0));
        String header = "{\"alg\":\"" + alg + "\""
                + oneOf(
                        random,
                        List.of(
                                "",
                                ",\"typ\":\"JWT\"",
                                ",\"kid\":\"../../dev/null\"",
                                ",\"crit\":[\"exp\"]",
                                ",\"crit\":null",
                                ",\"jwk\":{}",
                                ",\"alg\":\"none\"",
                                ",\"jku\":\"http://a/\""))
                + "}";
        String exp = oneOf(
                random,
                List.of(
                        "" + (NOW.getEpochSecond() + 60),
                        "" + (NOW.getEpochSecond() + 60),
                        "" + NOW.getEpochSecond(),
                        "0",
                        "-1",
                        "1e300",
                        "99999999999999999999",
                        "9223372036854775807",
                        "\"1893456000\"",
                        "null",
                        "[1893456000]",
                        "1893456000.5",
                        "{}"));
        String sub = oneOf(
                random,
                List.of(
                        "\"a\"",
                        "\"a\"",
                        "\"\"",
                        "1",
                        "null",
                        "[\"a\"]",
                        "\"\\u0000\"",
                        "\"\\ud800\"",
                        "\"" + "x".repeat(256) + "\"",
                        "\"../b\""));
        String claims = "{\"sub\":" + sub + ",\"exp\":" + exp
                + oneOf(
                        random,
                        List.of(
                                "",
                                ",\"role\":\"admin\"",
                                ",\"role\":[\"user\",\"admin\"]",
                                ",\"role\":{\"admin\":1}",
                                ",\"role\":7",
                                ",\"nbf\":" + (NOW.getEpochSecond() + 5),
                                ",\"nbf\":\"x\"",
                                ",\"iat\":1e18",
                                ",\"exp\":1",
                                ",\"sub\":\"b\"",
                                ",\"aud\":[[]]"))
                + "}";
        if (random.nextInt(4) == 0) {
            String token = signed(kind.charAt(0), header, claims);
            return new Bytes()
                    .add("r")
                    .add(oneOf(random, List.of("Bearer ", "bearer  ", "Basic ", "Bearer\t", "")))
                    .add(random.nextBoolean() ? token : token.substring(0, token.lastIndexOf('.') + 1))
                    .toArray();
        }
        return Bytes.of(kind + header + "\n" + claims
                + (random.nextInt(8) == 0 ? "\n" + oneOf(random, List.of("=", ".", " ", "A", "..")) : ""));
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String kind : List.of("h", "s", "e", "c")) {
            seeds.add(Bytes.of(kind + "{\"alg\":\"" + algorithm(kind.charAt(0)) + "\"}\n" + claims("a")));
        }
        seeds.add(Bytes.of("r" + "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."));
        seeds.add(Bytes.of("h" + "{\"alg\":\"HS256\"}\n" + "[".repeat(3000)));
        seeds.add(Bytes.of("rBearer " + "A".repeat(50_000)));
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of(
                "Bearer ",
                "\"alg\"",
                "\"none\"",
                "\"HS256\"",
                "\"RS256\"",
                "\"ES256\"",
                "\"crit\"",
                "\"kid\"",
                "\"typ\"",
                "\"sub\"",
                "\"exp\"",
                "\"nbf\"",
                "\"iat\"",
                "\"role\"",
                "\"admin\"",
                "\"aud\"",
                "1e400",
                "null",
                "[]",
                "{}",
                "\\u0000",
                ".",
                "=",
                ",",
                "\"zip\":\"DEF\"");
    }
}
