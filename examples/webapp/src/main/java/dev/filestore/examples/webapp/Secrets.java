package dev.filestore.examples.webapp;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import dev.filestore.FileStore;
import dev.filestore.examples.environment.SettingException;
import dev.filestore.examples.environment.Settings;
import dev.filestore.servlet.JwtAccessPolicy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What tokens are signed with, and what follows from it. */
final class Secrets {

    static final Duration TOKEN_LIFETIME = Duration.ofHours(12);

    private static final int LEAST_BYTES = 32;

    private final byte[] jwtSecret;
    private final byte @Nullable [] previous;

    private Secrets(byte[] jwtSecret, byte @Nullable [] previous) {
        this.jwtSecret = jwtSecret;
        this.previous = previous;
    }

    /**
     * {@code JWT_SECRET}, or a random one that ends with the process, and all that was signed with it; and
     * {@code JWT_SECRET_PREVIOUS}, of which what was signed still holds while the secret is being changed.
     */
    static Secrets of(Settings settings) {
        byte[] secret = find(settings, "JWT_SECRET");
        byte[] previous = find(settings, "JWT_SECRET_PREVIOUS");
        if (secret == null && previous != null) {
            throw new SettingException("JWT_SECRET_PREVIOUS is set, and JWT_SECRET is not");
        }
        return new Secrets(secret == null ? random() : secret, previous);
    }

    private static byte @Nullable [] find(Settings settings, String name) {
        byte[] secret = settings.find(name)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .orElse(null);
        if (secret != null && secret.length < LEAST_BYTES) {
            throw new SettingException(name + " must have at least " + LEAST_BYTES + " bytes, found " + secret.length
                    + "; leave it out for a random one, or make one with: openssl rand -base64 32");
        }
        return secret;
    }

    private static byte[] random() {
        byte[] random = new byte[LEAST_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encode(random);
    }

    /** Accepts tokens under the secret and the previous one. */
    JwtAccessPolicy access() {
        JwtAccessPolicy.Builder access = JwtAccessPolicy.builder().hs256(jwtSecret);
        return (previous == null ? access : access.hs256(previous)).build();
    }

    /** Signs the store's cursors and addresses by keys of their own, so that no signature is good for two things. */
    FileStore.Builder sign(FileStore.Builder store) {
        return previous == null
                ? store.secret(signingSecret(jwtSecret))
                : store.secret(signingSecret(jwtSecret), signingSecret(previous));
    }

    private static byte[] signingSecret(byte[] jwtSecret) {
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
