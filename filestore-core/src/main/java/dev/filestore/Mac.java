package dev.filestore;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** HMAC-SHA256 under the store's secret, over a purpose and fields that cannot run into each other. Thread-safe. */
final class Mac {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private Mac(byte[] secret) {
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /** Under that secret, or a random one. */
    static Mac of(byte @Nullable [] secret) {
        if (secret != null) {
            return new Mac(secret);
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return new Mac(random);
    }

    /** 43 characters of unpadded base64url. */
    String sign(String purpose, String... fields) {
        try {
            javax.crypto.Mac mac = javax.crypto.Mac.getInstance(ALGORITHM);
            mac.init(key);
            update(mac, purpose);
            for (String field : fields) {
                update(mac, field);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** Whether the signature is the one of those fields, in a time that does not depend on where it differs. */
    boolean verify(String signature, String purpose, String... fields) {
        return MessageDigest.isEqual(
                signature.getBytes(StandardCharsets.UTF_8),
                sign(purpose, fields).getBytes(StandardCharsets.UTF_8));
    }

    private static void update(javax.crypto.Mac mac, String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        mac.update(bytes);
    }
}
