package dev.filestore.examples.webapp;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import java.time.Instant;

/** Tokens as an application's own login would make them. */
final class Tokens {

    private Tokens() {}

    static String token(byte[] secret, String user, String role, long secondsFromNow) {
        return JWT.create()
                .withSubject(user)
                .withClaim("role", role)
                .withExpiresAt(Instant.now().plusSeconds(secondsFromNow))
                .sign(Algorithm.HMAC256(secret));
    }
}
