package dev.filestore.servlet;

import com.auth0.jwt.JWTVerifier;
import java.util.List;

/** The keys under which tokens are verified. Thread-safe. */
@FunctionalInterface
interface TokenKeys {

    /**
     * Finds what can verify a token.
     *
     * @param token a well-formed token, of which nothing is believed yet
     * @return a verifier for each key that comes into question, all of them of the token's own algorithm; none if there is
     *     no such key
     * @throws IllegalStateException if nobody's token can be verified at the moment
     */
    List<JWTVerifier> of(CompactToken token);
}
