package dev.filestore.examples.webapp;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import dev.filestore.examples.environment.SettingException;
import dev.filestore.examples.environment.Settings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What tokens are signed with, and what follows from it. */
final class Secrets {

    static final Duration TOKEN_LIFETIME = Duration.ofHours(12);

    private static final int LEAST_BYTES = 32;

    private final byte[] jwtSecret;

    private Secrets(byte[] jwtSecret) {
        this.jwtSecret = jwtSecret;
    }

    /** {@code JWT_SECRET}, or a random one that ends with the process, and all that was signed with it. */
    static Secrets of(Settings settings) {
        byte[] secret = settings.find("JWT_SECRET")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .orElseGet(Secrets::random);
        if (secret.length < LEAST_BYTES) {
            throw new SettingException("JWT_SECRET must have at least " + LEAST_BYTES + " bytes, found " + secret.length
                    + "; leave it out for a random one, or make one with: openssl rand -base64 32");
        }
        return new Secrets(secret);
    }

    private static byte[] random() {
        byte[] random = new byte[LEAST_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encode(random);
    }

    byte[] jwtSecret() {
        return jwtSecret.clone();
    }

    /** For the store's cursors and addresses: a key of its own, so that no signature is good for two things. */
    byte[] signingSecret() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(jwtSecret, "HmacSHA256"));
            return mac.doFinal("filestore signing".getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** A token as the application's own login would make it. */
    String token(String user, boolean admin) {
        return JWT.create()
                .withSubject(user)
                .withClaim("role", admin ? "admin" : "user")
                .withExpiresAt(Instant.now().plus(TOKEN_LIFETIME))
                .sign(Algorithm.HMAC256(jwtSecret));
    }
}
