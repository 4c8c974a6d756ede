package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import dev.filestore.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JwtAccessPolicyTest {

    private static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final Algorithm HS256 = Algorithm.HMAC256(SECRET);
    private static final KeyPair RSA = keys("RSA", 2048, null);
    private static final KeyPair EC = keys("EC", 0, "secp256r1");

    private static KeyPair keys(String algorithm, int bits, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (curve == null) {
                generator.initialize(bits);
            } else {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JwtAccessPolicy.Builder builder() {
        return JwtAccessPolicy.builder().clock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static JWTCreator.Builder token() {
        return JWT.create().withSubject("123").withExpiresAt(NOW.plusSeconds(60));
    }

    private static Optional<Caller> ask(JwtAccessPolicy.Builder policy, String... headers) {
        HttpServletRequest request = mock(HttpServletRequest.class);
        when(request.getHeaders("Authorization")).thenReturn(Collections.enumeration(List.of(headers)));
        return policy.build().authenticate(request);
    }

    private static Optional<Caller> hs256(JWTCreator.Builder token) {
        return ask(builder().hs256(SECRET), "Bearer " + token.sign(HS256));
    }

    private static String unsigned(String header, String payload) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(payload.getBytes(StandardCharsets.UTF_8)) + ".";
    }

    @Test
    void token_ofEachAlgorithm_verifiesUnderItsKey() {
        Algorithm rs256 = Algorithm.RSA256(null, (RSAPrivateKey) RSA.getPrivate());
        Algorithm es256 = Algorithm.ECDSA256(null, (ECPrivateKey) EC.getPrivate());
        JwtAccessPolicy.Builder all =
                builder().hs256(SECRET).rs256((RSAPublicKey) RSA.getPublic()).es256((ECPublicKey) EC.getPublic());

        for (Algorithm algorithm : List.of(HS256, rs256, es256)) {
            assertThat(ask(all, "Bearer " + token().sign(algorithm))).contains(Caller.user("123"));
        }
        assertThat(ask(builder().rs256((RSAPublicKey) RSA.getPublic()), "Bearer " + token().sign(rs256)))
                .contains(Caller.user("123"));
        assertThat(ask(builder().rs256((RSAPublicKey) RSA.getPublic()), "Bearer " + token().sign(es256)))
                .isEmpty();
        assertThat(ask(builder().rs256((RSAPublicKey) RSA.getPublic()), "Bearer " + token().sign(HS256)))
                .isEmpty();
    }

    @Test
    void token_withoutSignature_isRefused() {
        String payload = "{\"sub\":\"123\",\"exp\":" + NOW.plusSeconds(60).getEpochSecond() + "}";

        for (String algorithm : List.of("none", "None", "NONE", "HS256")) {
            assertThat(ask(builder().hs256(SECRET), "Bearer " + unsigned("{\"alg\":\"" + algorithm + "\"}", payload)))
                    .isEmpty();
        }
        assertThat(ask(builder().hs256(SECRET), "Bearer " + unsigned("{}", payload)))
                .isEmpty();
        assertThat(ask(builder().hs256(SECRET), "Bearer " + token().sign(Algorithm.none())))
                .isEmpty();
    }

    @Test
    void token_signedWithThePublicKeyAsSecret_isRefused() {
        Algorithm confused = Algorithm.HMAC256(RSA.getPublic().getEncoded());

        assertThat(ask(builder().rs256((RSAPublicKey) RSA.getPublic()), "Bearer " + token().sign(confused)))
                .isEmpty();
    }

    @Test
    void token_ofAnotherHmac_isRefused() {
        assertThat(ask(builder().hs256(SECRET), "Bearer " + token().sign(Algorithm.HMAC512(SECRET))))
                .isEmpty();
        assertThat(ask(builder().hs256(SECRET), "Bearer " + token().sign(Algorithm.HMAC256("another"))))
                .isEmpty();
    }

    @Test
    void token_changedAfterSigning_isRefused() {
        String[] parts = token().sign(HS256).split("\\.", -1);
        String other =
                unsigned("", "{\"sub\":\"124\",\"exp\":" + NOW.plusSeconds(60).getEpochSecond() + "}");

        assertThat(ask(builder().hs256(SECRET), "Bearer " + parts[0] + other + parts[2]))
                .isEmpty();
    }

    @Test
    void token_expiredOrWithoutEnd_isRefused() {
        assertThat(hs256(token().withExpiresAt(NOW.minusSeconds(1)))).isEmpty();
        assertThat(hs256(JWT.create().withSubject("123"))).isEmpty();
        assertThat(hs256(JWT.create().withPayload(Map.of("sub", "123", "exp", "soon"))))
                .isEmpty();
        assertThat(hs256(token().withNotBefore(NOW.plusSeconds(10)))).isEmpty();
        assertThat(hs256(token().withIssuedAt(NOW.plusSeconds(10)))).isEmpty();
    }

    @Test
    void token_expiredWithinTheLeeway_isTaken() {
        String token = token().withExpiresAt(NOW.minusSeconds(5)).sign(HS256);

        assertThat(ask(builder().hs256(SECRET).leeway(Duration.ofSeconds(10)), "Bearer " + token))
                .isPresent();
        assertThat(ask(builder().hs256(SECRET).leeway(Duration.ofSeconds(4)), "Bearer " + token))
                .isEmpty();
    }

    @Test
    void token_whoseSubjectIsNoUserId_isRefused() {
        long end = NOW.plusSeconds(60).getEpochSecond();

        assertThat(hs256(JWT.create().withExpiresAt(NOW.plusSeconds(60)))).isEmpty();
        assertThat(hs256(JWT.create().withPayload(Map.of("sub", 123, "exp", end))))
                .isEmpty();
        assertThat(hs256(JWT.create().withPayload(Map.of("sub", true, "exp", end))))
                .isEmpty();
        assertThat(hs256(JWT.create().withPayload(Map.of("sub", List.of("123"), "exp", end))))
                .isEmpty();
        assertThat(hs256(token().withSubject(""))).isEmpty();
        assertThat(hs256(token().withSubject("x".repeat(256)))).isEmpty();
        assertThat(hs256(token().withSubject("x".repeat(255)))).isPresent();
        assertThat(hs256(token().withSubject("김철수"))).contains(Caller.user("김철수"));
    }

    @Test
    void token_withCriticalExtension_isRefused() {
        assertThat(hs256(token().withHeader(Map.of("crit", List.of("b64"))))).isEmpty();
    }

    @Test
    void token_ofAnotherIssuerOrAudience_isRefused() {
        JwtAccessPolicy.Builder policy = builder().hs256(SECRET).issuer("us").audience("files");

        assertThat(ask(
                        policy,
                        "Bearer "
                                + token().withIssuer("us")
                                        .withAudience("x", "files")
                                        .sign(HS256)))
                .isPresent();
        assertThat(ask(
                        policy,
                        "Bearer "
                                + token().withIssuer("them")
                                        .withAudience("files")
                                        .sign(HS256)))
                .isEmpty();
        assertThat(ask(
                        policy,
                        "Bearer " + token().withIssuer("us").withAudience("x").sign(HS256)))
                .isEmpty();
        assertThat(ask(policy, "Bearer " + token().sign(HS256))).isEmpty();
    }

    @Test
    void role_asTextOrInAnArray_makesAnAdmin() {
        assertThat(hs256(token().withClaim("role", "admin"))).contains(Caller.admin("123"));
        assertThat(hs256(token().withArrayClaim("role", new String[] {"user", "admin"})))
                .contains(Caller.admin("123"));
        assertThat(hs256(token().withClaim("role", "Admin"))).contains(Caller.user("123"));
        assertThat(hs256(token().withClaim("role", "superadmin"))).contains(Caller.user("123"));
        assertThat(hs256(token().withClaim("role", true))).contains(Caller.user("123"));
        assertThat(hs256(token().withClaim("role", Map.of("admin", true)))).contains(Caller.user("123"));
        assertThat(hs256(token().withClaim("admin", true))).contains(Caller.user("123"));
        assertThat(ask(
                        builder().hs256(SECRET).rolesClaim("groups").adminRole("root"),
                        "Bearer "
                                + token().withClaim("role", "admin")
                                        .withArrayClaim("groups", new String[] {"root"})
                                        .sign(HS256)))
                .contains(Caller.admin("123"));
    }

    @Test
    void header_twiceOrOfAnotherForm_isRefused() {
        String token = token().sign(HS256);

        assertThat(ask(builder().hs256(SECRET))).isEmpty();
        assertThat(ask(builder().hs256(SECRET), "Bearer " + token, "Bearer " + token))
                .isEmpty();
        assertThat(ask(builder().hs256(SECRET), token)).isEmpty();
        assertThat(ask(builder().hs256(SECRET), "Bearer " + token + ", Bearer " + token))
                .isEmpty();
        assertThat(ask(builder().hs256(SECRET), "BEARER  " + token)).isPresent();
    }

    @Test
    void build_withWeakKeysOrNone_isRefused() {
        RSAPublicKey weakRsa = (RSAPublicKey) keys("RSA", 1024, null).getPublic();
        ECPublicKey otherCurve = (ECPublicKey) keys("EC", 0, "secp384r1").getPublic();

        assertThatThrownBy(() -> builder().hs256(new byte[31])).hasMessageContaining("32 bytes");
        assertThatThrownBy(() -> builder().rs256(weakRsa)).hasMessageContaining("2048 bits");
        assertThatThrownBy(() -> builder().es256(otherCurve)).hasMessageContaining("P-256");
        assertThatThrownBy(() -> builder().build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder().leeway(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
