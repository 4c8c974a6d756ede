package dev.filestore;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 under the store's secret, over a purpose and fields that cannot run into each other. What an earlier secret
 * signed still holds, as long as the host names that too. Thread-safe.
 */
final class Mac {

    private static final String ALGORITHM = "HmacSHA256";

    /** The first signs; all verify. */
    private final List<SecretKeySpec> keys;

    private Mac(List<byte[]> secrets) {
        this.keys = secrets.stream()
                .map(secret -> new SecretKeySpec(secret, ALGORITHM))
                .toList();
    }

    /** Signs under the first of those secrets, and verifies what any of them signed; under a random one if there is none. */
    static Mac of(List<byte[]> secrets) {
        if (!secrets.isEmpty()) {
            return new Mac(secrets);
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return new Mac(List.of(random));
    }

    /** 43 characters of unpadded base64url. */
    String sign(String purpose, String... fields) {
        return sign(keys.get(0), purpose, fields);
    }

    private static String sign(SecretKeySpec key, String purpose, String... fields) {
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

    /**
     * Whether the signature is the one of those fields, letter by letter, in a time that depends neither on where it differs
     * nor on whose it is.
     */
    boolean verify(String signature, String purpose, String... fields) {
        byte[] given = signature.getBytes(StandardCharsets.UTF_8);
        boolean holds = false;
        for (SecretKeySpec key : keys) {
            holds |= MessageDigest.isEqual(given, sign(key, purpose, fields).getBytes(StandardCharsets.UTF_8));
        }
        return holds;
    }

    private static void update(javax.crypto.Mac mac, String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        mac.update(bytes);
    }
}
