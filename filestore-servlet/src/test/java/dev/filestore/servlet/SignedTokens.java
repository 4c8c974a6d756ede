package dev.filestore.servlet;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.filestore.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens as no library would write them, rightly signed all the same: whoever holds a key can send them. */
final class SignedTokens {

    static final Instant NOW = Instant.parse("2026-02-26T14:30:22Z");
    static final long END = NOW.plusSeconds(60).getEpochSecond();
    static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private SignedTokens() {}

    static JwtAccessPolicy.Builder policyBuilder() {
        return JwtAccessPolicy.builder().clock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** The claims that every token needs, and these. */
    static String claims(String... more) {
        return "{\"sub\":\"123\",\"exp\":" + END + (more.length == 0 ? "" : "," + String.join(",", more)) + "}";
    }

    static String part(String json) {
        return part(json.getBytes(StandardCharsets.UTF_8));
    }

    static String part(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }

    static String hmac(String header, String claims) {
        return hmac(SECRET, "HmacSHA256", part(header), part(claims));
    }

    static String hmac(byte[] secret, String algorithm, String header, String claims) {
        String signed = header + "." + claims;
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return signed + "." + part(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs with {@code SHA256withRSA}, {@code SHA256withECDSAinP1363Format} and the like. */
    static String sign(String algorithm, PrivateKey key, String header, String claims) {
        String signed = part(header) + "." + part(claims);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + part(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair rsa(int bits) {
        return pair("RSA", generator -> generator.initialize(bits));
    }

    static KeyPair ec(String curve) {
        return pair("EC", generator -> generator.initialize(new ECGenParameterSpec(curve)));
    }

    private interface Setting {
        void on(KeyPairGenerator generator) throws GeneralSecurityException;
    }

    private static KeyPair pair(String algorithm, Setting setting) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            setting.on(generator);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Optional<Caller> ask(AccessPolicy policy, String... headers) {
        HttpServletRequest request = mock(HttpServletRequest.class);
        when(request.getHeaders("Authorization")).thenReturn(Collections.enumeration(List.of(headers)));
        return policy.authenticate(request);
    }

    static Optional<Caller> bear(AccessPolicy policy, String token) {
        return ask(policy, "Bearer " + token);
    }
}
