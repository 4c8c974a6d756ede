package dev.filestore.servlet;

import static dev.filestore.servlet.SignedTokens.bear;
import static dev.filestore.servlet.SignedTokens.claims;
import static dev.filestore.servlet.SignedTokens.hmac;
import static dev.filestore.servlet.SignedTokens.part;
import static dev.filestore.servlet.SignedTokens.policyBuilder;
import static dev.filestore.servlet.SignedTokens.sign;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.filestore.Caller;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys from an issuer's server: chosen, kept, renewed, missed; and an attacker who would like some of it otherwise. */
class KeySetTest {

    private static final KeyPair OLD = SignedTokens.rsa(2048);
    private static final KeyPair NEW = SignedTokens.rsa(2048);
    private static final KeyPair EC = SignedTokens.ec("secp256r1");
    private static final String ISSUER = "\"iss\":\"us\"";

    private final KeyServer server = new KeyServer(rsa("old", OLD));
    private final AtomicLong millis = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        server.close();
    }

    private static String rsa(@Nullable String kid, KeyPair pair) {
        return new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .keyID(kid)
                .build()
                .toJSONString();
    }

    private static RSAKey.Builder rsa(KeyPair pair) {
        return new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID("a");
    }

    private static String ec(String kid, KeyPair pair, Curve curve) {
        return new ECKey.Builder(curve, (ECPublicKey) pair.getPublic())
                .keyID(kid)
                .build()
                .toJSONString();
    }

    private static String header(String algorithm, @Nullable String kid) {
        return "{\"alg\":\"" + algorithm + "\"" + (kid == null ? "" : ",\"kid\":\"" + kid + "\"") + "}";
    }

    private static String rs256(@Nullable String kid, KeyPair pair) {
        return sign("SHA256withRSA", pair.getPrivate(), header("RS256", kid), claims(ISSUER));
    }

    private static String es256(@Nullable String kid, KeyPair pair) {
        return sign("SHA256withECDSAinP1363Format", pair.getPrivate(), header("ES256", kid), claims(ISSUER));
    }

    private JwtAccessPolicy policy() {
        return policy(Duration.ofSeconds(20));
    }

    private JwtAccessPolicy policy(Duration patience) {
        return policyBuilder()
                .jwks(server.address())
                .issuer("us")
                .keySetTimes(patience, millis::get)
                .build();
    }

    private void pass(Duration time) {
        millis.addAndGet(time.toMillis());
    }

    @Test
    void token_ofAKeyInTheSet_isVerified() {
        server.publish(rsa("old", OLD), rsa("new", NEW), ec("ec", EC, Curve.P_256));
        JwtAccessPolicy policy = policy();

        assertThat(bear(policy, rs256("old", OLD))).contains(Caller.user("123"));
        assertThat(bear(policy, rs256("new", NEW))).contains(Caller.user("123"));
        assertThat(bear(policy, es256("ec", EC))).contains(Caller.user("123"));
        assertThat(server.requests()).isOne();
    }

    @Test
    void token_ofAnotherKeyThanItNames_isRefused() {
        server.publish(rsa("old", OLD), rsa("new", NEW), ec("ec", EC, Curve.P_256));
        JwtAccessPolicy policy = policy();

        assertThat(bear(policy, rs256("new", OLD))).isEmpty();
        assertThat(bear(policy, rs256("ec", OLD))).isEmpty();
        assertThat(bear(policy, es256("old", EC))).isEmpty();
        assertThat(bear(policy, rs256("OLD", OLD))).isEmpty();
        assertThat(bear(policy, rs256("", OLD))).isEmpty();
        assertThat(bear(policy, sign("SHA256withRSA", OLD.getPrivate(), header("RS256", "old"), claims())))
                .isEmpty();
    }

    @Test
    void token_withoutKeyId_isVerifiedByTheOnlyKeyOfItsAlgorithm() {
        server.publish(rsa(null, OLD), ec("ec", EC, Curve.P_256));
        JwtAccessPolicy policy = policy();
        assertThat(bear(policy, rs256(null, OLD))).isPresent();
        assertThat(bear(policy, es256(null, EC))).isPresent();
        assertThat(bear(policy, rs256("x", OLD))).isEmpty();

        server.publish(rsa("old", OLD), rsa("new", NEW));
        JwtAccessPolicy two = policy();
        assertThat(bear(two, rs256(null, OLD))).isEmpty();
        assertThat(bear(two, rs256(null, NEW))).isEmpty();
    }

    @Test
    void keys_thatAreWeakOrForAnotherUse_verifyNothing() {
        KeyPair weak = SignedTokens.rsa(1024);
        KeyPair p384 = SignedTokens.ec("secp384r1");
        String[] unfit = {
            rsa("a", weak),
            rsa(OLD).keyUse(KeyUse.ENCRYPTION).build().toJSONString(),
            rsa(OLD).keyOperations(Set.of(KeyOperation.ENCRYPT)).build().toJSONString(),
            rsa(OLD).keyOperations(Set.of()).build().toJSONString().replace("}", ",\"key_ops\":[]}"),
            rsa(OLD).algorithm(JWSAlgorithm.RS512).build().toJSONString(),
            rsa(OLD).algorithm(JWSAlgorithm.PS256).build().toJSONString(),
            rsa(OLD).algorithm(JWSAlgorithm.ES256).build().toJSONString(),
            rsa(OLD).algorithm(JWEAlgorithm.RSA_OAEP_256).build().toJSONString(),
            rsa(OLD).algorithm(Algorithm.NONE).build().toJSONString(),
            ec("a", p384, Curve.P_384)
        };
        for (String key : unfit) {
            server.publish(key);
            JwtAccessPolicy policy = policy();
            for (String token : List.of(rs256("a", OLD), rs256("a", weak), rs256(null, OLD), rs256(null, weak))) {
                assertThat(bear(policy, token)).as(key).isEmpty();
            }
            assertThat(bear(
                            policy,
                            sign(
                                    "SHA384withECDSAinP1363Format",
                                    p384.getPrivate(),
                                    header("ES384", "a"),
                                    claims(ISSUER))))
                    .isEmpty();
            assertThat(bear(
                            policy,
                            sign(
                                    "SHA256withECDSAinP1363Format",
                                    p384.getPrivate(),
                                    header("ES256", "a"),
                                    claims(ISSUER))))
                    .isEmpty();
        }
        server.publish(rsa(OLD).keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .build()
                .toJSONString());
        assertThat(bear(policy(), rs256("a", OLD))).isPresent();
    }

    /** A set that holds a secret, by mistake or by an attack, makes it public: it verifies nothing. */
    @Test
    void secret_inTheSet_verifiesNothing() {
        JWK secret = new OctetSequenceKey.Builder(SignedTokens.SECRET)
                .keyID("a")
                .algorithm(JWSAlgorithm.HS256)
                .build();
        server.publish(secret.toJSONString(), rsa("old", OLD));
        JwtAccessPolicy policy = policy();

        for (String kid : new String[] {"a", "old", null}) {
            assertThat(bear(policy, hmac(header("HS256", kid), claims(ISSUER)))).isEmpty();
            for (byte[] form : List.of(
                    OLD.getPublic().getEncoded(), rsa("old", OLD).getBytes(StandardCharsets.UTF_8), new byte[1])) {
                String token = hmac(form, "HmacSHA256", part(header("HS256", kid)), part(claims(ISSUER)));
                assertThat(bear(policy, token)).isEmpty();
            }
        }
        assertThat(server.requests()).isZero();
        assertThat(bear(policy, rs256("old", OLD))).isPresent();
    }

    /** RFC 7517 section 5: what is not understood is left out. */
    @Test
    void members_thatAreNotUnderstood_doNotSpoilTheOthers() {
        server.publish(
                "{}",
                "{\"kty\":\"new\"}",
                "{\"kty\":1}",
                "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}",
                "{\"kty\":\"RSA\",\"n\":\"!\",\"e\":\"\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}",
                "{\"kty\":\"EC\",\"crv\":\"?\",\"x\":\"AQ\",\"y\":\"AQ\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                rsa("old", OLD));

        assertThat(bear(policy(), rs256("old", OLD))).isPresent();
    }

    @Test
    void tokens_thatComeToNothingAnyway_fetchNothing() {
        JwtAccessPolicy policy = policy();
        for (String token : new String[] {
            "x",
            "a.b.c",
            hmac(header("HS256", "old"), claims(ISSUER)),
            part(header("none", "old")) + "." + part(claims(ISSUER)) + ".",
            sign("SHA512withRSA", OLD.getPrivate(), header("RS512", "old"), claims(ISSUER)),
            sign("SHA256withRSA", OLD.getPrivate(), header("RS256", "old"), claims(ISSUER, ISSUER))
        }) {
            assertThat(bear(policy, token)).isEmpty();
        }
        assertThat(server.requests()).isZero();
    }

    @Test
    void set_isFetchedOnceForManyTokens_alsoAtTheSameTime() throws Exception {
        JwtAccessPolicy policy = policy();
        String token = rs256("old", OLD);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Optional<Caller>>> answers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            answers.add(threads.submit(() -> {
                start.await();
                return bear(policy, token);
            }));
        }
        start.countDown();
        for (Future<Optional<Caller>> answer : answers) {
            assertThat(answer.get(20, SECONDS)).isPresent();
        }
        pass(KeySet.FRESH.minus(KeySet.AHEAD).minusMillis(1));
        assertThat(bear(policy, token)).isPresent();
        assertThat(server.requests()).isOne();
    }

    @Test
    void set_nearItsEnd_isFetchedAgainWhileNobodyWaits() throws Exception {
        JwtAccessPolicy policy = policy();
        String old = rs256("old", OLD);
        assertThat(bear(policy, old)).isPresent();
        CountDownLatch gate = new CountDownLatch(1);
        server.answer(exchange -> {
            await(gate);
            KeyServer.send(exchange, 200, "{\"keys\":[" + rsa("new", NEW) + "]}");
        });

        pass(KeySet.FRESH.minus(KeySet.AHEAD).plusSeconds(1));
        assertThat(bear(policy, old)).isPresent();
        server.arrived.acquire(2);
        assertThat(bear(policy, old)).isPresent();
        assertThat(server.requests()).isEqualTo(2);
        gate.countDown();

        // The newer set has arrived when the old key is gone, which is then asked for once more.
        while (bear(policy, old).isPresent()) {
            Thread.onSpinWait();
        }
        assertThat(bear(policy, rs256("new", NEW))).isPresent();
        assertThat(server.requests()).isEqualTo(3);
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void rotation_takesTheNewKeyAtOnceAndDropsTheOldOneWithTheSet() {
        JwtAccessPolicy policy = policy();
        String before = rs256("old", OLD);
        String after = rs256("new", NEW);
        assertThat(bear(policy, before)).isPresent();

        server.publish(rsa("old", OLD), rsa("new", NEW));
        assertThat(bear(policy, after)).isPresent();
        assertThat(bear(policy, before)).isPresent();
        assertThat(server.requests()).isEqualTo(2);

        server.publish(rsa("new", NEW));
        assertThat(bear(policy, before)).isPresent();
        pass(KeySet.FRESH);
        assertThat(bear(policy, before)).isEmpty();
        assertThat(bear(policy, after)).isPresent();
    }

    /** Key ids are the attacker's to choose: each new one would be a request to the issuer, and then many. */
    @Test
    void unknownKeyIds_haveTheSetFetchedTwiceInHalfAMinuteAtMost() {
        JwtAccessPolicy policy = policy();
        String known = rs256("old", OLD);
        assertThat(bear(policy, known)).isPresent();
        for (int minute = 0; minute < 3; minute++) {
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < 200; i++) {
                    String unsigned =
                            part(header("RS256", minute + "-" + half + "-" + i)) + "." + part(claims(ISSUER)) + ".AAAA";
                    assertThat(bear(policy, unsigned)).isEmpty();
                }
                assertThat(bear(policy, known)).isPresent();
                pass(KeySet.INTERVAL);
            }
            assertThat(server.requests()).isLessThanOrEqualTo(4 * (minute + 1));
        }
        assertThat(server.requests()).isBetween(6, 12);
    }

    @Test
    void unknownKeyIds_atASlowServer_holdUpNobodyWithAKnownOne() throws Exception {
        JwtAccessPolicy policy = policy();
        String known = rs256("old", OLD);
        assertThat(bear(policy, known)).isPresent();
        CountDownLatch gate = new CountDownLatch(1);
        server.answer(exchange -> await(gate));
        Future<Optional<Caller>> stranger = threads.submit(() -> bear(policy, rs256("x", NEW)));
        server.arrived.acquire(2);

        for (int i = 0; i < 100; i++) {
            assertThat(bear(policy, known)).isPresent();
        }
        assertThat(stranger.isDone()).isFalse();
        gate.countDown();
        assertThat(stranger.get(20, SECONDS)).isEmpty();
    }

    @Test
    void outage_keepsTheLastSetForAnHourAndThenKnowsNobody() {
        JwtAccessPolicy policy = policy();
        String token = rs256("old", OLD);
        assertThat(bear(policy, token)).isPresent();
        server.answer(503, "later");

        for (int minute = 0; minute < 50; minute += 5) {
            assertThat(bear(policy, token)).as("minute %d", minute).isPresent();
            assertThat(bear(policy, rs256("x", OLD))).isEmpty();
            pass(Duration.ofMinutes(5));
        }
        pass(Duration.ofMinutes(10));
        assertThatThrownBy(() -> bear(policy, token))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no key set");
        // Not the secret's turn either.
        assertThat(bear(policy, hmac(header("HS256", "old"), claims(ISSUER)))).isEmpty();

        server.publish(rsa("old", OLD));
        pass(KeySet.INTERVAL);
        assertThat(bear(policy, token)).isPresent();
    }

    @Test
    void outage_fromTheStart_asksTheServerTwiceInHalfAMinuteAtMost() {
        server.answer(500, "");
        JwtAccessPolicy policy = policy();
        String token = rs256("old", OLD);
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(() -> bear(policy, token)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(server.requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "<html>",
                "{\"keys\":{}}",
                "{\"keys\":null}",
                "{\"keys\":[1]}",
                "{\"keys\":[",
                "\u0000"
            })
    void answer_thatIsNoKeySet_countsAsNone(String body) {
        server.answer(200, body);
        assertThatThrownBy(() -> bear(policy(), rs256("old", OLD))).isInstanceOf(IllegalStateException.class);
    }

    /** CVE-2025-53864 (nimbus-jose-jwt): deep JSON ran the stack out. */
    @Test
    void answer_thatIsDeep_countsAsNone() {
        server.answer(200, "{\"keys\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        assertThatThrownBy(() -> bear(policy(), rs256("old", OLD))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 307, 308, 401, 404, 500})
    void answer_ofAnotherStatus_countsAsNoneAndIsFollowedNowhere(int status) {
        try (KeyServer elsewhere = new KeyServer(rsa("old", OLD))) {
            server.answer(exchange -> {
                exchange.getResponseHeaders()
                        .set("Location", elsewhere.address().toString());
                KeyServer.send(exchange, status, status == 204 ? "" : "{\"keys\":[" + rsa("old", OLD) + "]}");
            });
            assertThatThrownBy(() -> bear(policy(), rs256("old", OLD))).isInstanceOf(IllegalStateException.class);
            assertThat(elsewhere.requests()).isZero();
        }
    }

    @Test
    void answer_withoutEnd_isGivenUpAtItsBound() {
        CountDownLatch over = new CountDownLatch(1);
        server.answer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[8192];
            try {
                while (true) {
                    exchange.getResponseBody().write(piece);
                }
            } finally {
                over.countDown();
            }
        });
        assertThatThrownBy(() -> bear(policy(), rs256("old", OLD))).isInstanceOf(IllegalStateException.class);
        await(over);
    }

    @Test
    void answer_thatTrickles_isGivenUpInTime() {
        CountDownLatch gate = new CountDownLatch(1);
        server.answer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await(gate);
        });
        JwtAccessPolicy policy = policy(Duration.ofMillis(200));
        assertThatThrownBy(() -> bear(policy, rs256("old", OLD))).isInstanceOf(IllegalStateException.class);
        gate.countDown();
    }

    @Test
    void addresses_thatComeWithATokenOrAsAKeyId_areNotAsked() {
        try (KeyServer elsewhere = new KeyServer(rsa("old", NEW))) {
            JwtAccessPolicy policy = policy();
            String address = elsewhere.address().toString();
            for (String header : new String[] {
                "{\"alg\":\"RS256\",\"kid\":\"old\",\"jku\":\"" + address + "\",\"x5u\":\"" + address + "\",\"jwk\":"
                        + rsa("old", NEW) + "}",
                header("RS256", address),
                "{\"alg\":\"RS256\",\"jku\":\"" + address + "\"}"
            }) {
                assertThat(bear(policy, sign("SHA256withRSA", NEW.getPrivate(), header, claims(ISSUER))))
                        .isEmpty();
            }
            String iss = "\"iss\":\"" + address + "\"";
            assertThat(bear(policy, sign("SHA256withRSA", NEW.getPrivate(), header("RS256", "old"), claims(iss))))
                    .isEmpty();
            assertThat(elsewhere.requests()).isZero();
        }
    }

    @Test
    void log_ofAnOutage_holdsNeitherTheAddressNorTheToken() throws Exception {
        server.answer(500, "body-of-the-answer");
        String token = rs256("old", OLD);
        List<String> lines = new ArrayList<>();
        try (LogLines log = new LogLines(JwtAccessPolicy.class, Level.TRACE)) {
            assertThatThrownBy(() -> bear(policy(), token))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageNotContaining("s3cret");
            assertThat(bear(policy(), token + "x")).isEmpty();
            while (!log.isEmpty()) {
                ILoggingEvent event = log.next();
                lines.add(event.getFormattedMessage());
                assertThat(event.getThrowableProxy()).isNull();
            }
        }
        assertThat(lines).anyMatch(line -> line.contains("status 500")).anyMatch(line -> line.contains("refused"));
        assertThat(lines)
                .noneMatch(line -> line.contains("s3cret")
                        || line.contains("body-of-the-answer")
                        || line.contains(token.substring(0, 20)));
    }

    @Test
    void threads_ofAPolicy_areDaemons() throws Exception {
        JwtAccessPolicy policy = policy();
        assertThat(bear(policy, rs256("old", OLD))).isPresent();
        pass(KeySet.FRESH.minusSeconds(1));
        assertThat(bear(policy, rs256("old", OLD))).isPresent();
        server.arrived.acquire(2);

        List<Thread> started = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("filestore-key-set")
                        || thread.getName().startsWith("HttpClient"))
                .toList();
        assertThat(started).isNotEmpty().allMatch(Thread::isDaemon);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example/keys",
                "http://localhost.example/keys",
                "http://127.0.0.1.example/keys",
                "http://10.0.0.1/keys",
                "http://0.0.0.0/keys",
                "http://[::]/keys",
                "ftp://127.0.0.1/keys",
                "file:///etc/passwd",
                "jar:file:/x!/keys",
                "/keys",
                "https:/keys",
                "https://user:password@issuer.example/keys"
            })
    void build_withAnAddressThatIsNotSafe_isRefusedWithoutQuotingIt(String address) {
        assertThatThrownBy(() -> policyBuilder().jwks(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(address)
                .hasMessageNotContaining("user:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://issuer.example/keys",
                "HTTPS://issuer.example/keys?p=1",
                "http://localhost:1/k",
                "http://127.9.9.9/k",
                "http://[::1]/k"
            })
    void build_withASafeAddress_fetchesNothingYet(String address) {
        assertThat(policyBuilder().jwks(URI.create(address)).issuer("us").build())
                .isNotNull();
    }

    @Test
    void build_withOtherKeysOrWithoutIssuer_isRefused() {
        assertThatThrownBy(() -> policyBuilder()
                        .jwks(server.address())
                        .issuer("us")
                        .hs256(SignedTokens.SECRET)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not from both");
        assertThatThrownBy(() -> policyBuilder().jwks(server.address()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("issuer");
    }
}
