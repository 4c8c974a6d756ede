package dev.filestore.servlet;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.filestore.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the user from a JSON Web Token (RFC 7519) in the header {@code Authorization: Bearer} (RFC 6750), and from
 * nowhere else. Immutable and thread-safe.
 *
 * <p>Each key verifies tokens of its own algorithm only, whatever a token claims. A token must have {@code sub}, a text of
 * 1 to 255 characters, which is the user's id, and {@code exp}; {@code nbf} and {@code iat} are looked at where they are
 * there. A token that names critical extensions ({@code crit}) is refused, since none is known here.
 */
public final class JwtAccessPolicy implements AccessPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(JwtAccessPolicy.class);
    private static final Pattern BEARER = Pattern.compile("bearer +([A-Za-z0-9_=.-]+) *", Pattern.CASE_INSENSITIVE);

    private final List<JWTVerifier> verifiers;
    private final String rolesClaim;
    private final String adminRole;

    private JwtAccessPolicy(List<JWTVerifier> verifiers, String rolesClaim, String adminRole) {
        this.verifiers = verifiers;
        this.rolesClaim = rolesClaim;
        this.adminRole = adminRole;
    }

    /**
     * Starts to put a policy together.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Optional<Caller> authenticate(HttpServletRequest request) {
        Enumeration<String> headers = request.getHeaders("Authorization");
        if (headers == null || !headers.hasMoreElements()) {
            return Optional.empty();
        }
        Matcher bearer = BEARER.matcher(headers.nextElement());
        if (headers.hasMoreElements() || !bearer.matches()) {
            return Optional.empty();
        }
        return verify(bearer.group(1));
    }

    private Optional<Caller> verify(String token) {
        RuntimeException refusal = null;
        for (JWTVerifier verifier : verifiers) {
            try {
                return caller(verifier.verify(token));
            } catch (JWTVerificationException | DateTimeException e) {
                // The second: a time in it that no Instant can hold, before the signature is looked at.
                refusal = e;
            }
        }
        // The message of some refusals quotes the token.
        LOG.debug(
                "a token was refused: {}",
                refusal == null ? "no key" : refusal.getClass().getSimpleName());
        return Optional.empty();
    }

    private Optional<Caller> caller(DecodedJWT token) {
        String subject = token.getClaim("sub").asString();
        if (subject == null
                || token.getExpiresAt() == null
                || !token.getHeaderClaim("crit").isMissing()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Caller(subject, isAdmin(token.getClaim(rolesClaim))));
        } catch (IllegalArgumentException e) {
            LOG.debug("a token was refused: its subject is not a user id");
            return Optional.empty();
        }
    }

    private boolean isAdmin(Claim roles) {
        Object value = roles.isMissing() || roles.isNull() ? null : roles.as(Object.class);
        return adminRole.equals(value) || (value instanceof List<?> list && list.contains(adminRole));
    }

    /** Puts a policy together. At least one key is needed. Not thread-safe. */
    public static final class Builder {

        private static final int MIN_SECRET_BYTES = 32;
        private static final int MIN_RSA_BITS = 2048;

        private final List<Algorithm> keys = new ArrayList<>();
        private String rolesClaim = "role";
        private String adminRole = "admin";
        private @Nullable String issuer;
        private @Nullable String audience;
        private Duration leeway = Duration.ZERO;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Accepts tokens that are signed by HS256 under a secret. Can be called several times, as can the methods for the
         * other keys: each adds one.
         *
         * @param secret at least 32 bytes, and random: not a word
         * @return this
         */
        public Builder hs256(byte[] secret) {
            if (secret.length < MIN_SECRET_BYTES) {
                throw new IllegalArgumentException(
                        "a secret for HS256 has at least " + MIN_SECRET_BYTES + " bytes, found " + secret.length);
            }
            keys.add(Algorithm.HMAC256(secret.clone()));
            return this;
        }

        /**
         * Accepts tokens that are signed by RS256 under the private key to a public one.
         *
         * @param key at least 2,048 bits
         * @return this
         */
        public Builder rs256(RSAPublicKey key) {
            if (key.getModulus().bitLength() < MIN_RSA_BITS) {
                throw new IllegalArgumentException("a key for RS256 has at least " + MIN_RSA_BITS + " bits, found "
                        + key.getModulus().bitLength());
            }
            keys.add(Algorithm.RSA256(key, null));
            return this;
        }

        /**
         * Accepts tokens that are signed by ES256 under the private key to a public one.
         *
         * @param key a key on the curve P-256
         * @return this
         */
        public Builder es256(ECPublicKey key) {
            ECParameterSpec p256 = p256();
            if (!key.getParams().getCurve().equals(p256.getCurve())
                    || !key.getParams().getGenerator().equals(p256.getGenerator())) {
                throw new IllegalArgumentException("a key for ES256 is on the curve P-256");
            }
            keys.add(Algorithm.ECDSA256(key, null));
            return this;
        }

        private static ECParameterSpec p256() {
            try {
                AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                parameters.init(new ECGenParameterSpec("secp256r1"));
                return parameters.getParameterSpec(ECParameterSpec.class);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform knows the curve P-256", e);
            }
        }

        /**
         * Sets which claim holds the user's roles, a text or an array of texts; {@code role} if not called.
         *
         * @param claim the name of the claim
         * @return this
         */
        public Builder rolesClaim(String claim) {
            this.rolesClaim = Objects.requireNonNull(claim, "claim");
            return this;
        }

        /**
         * Sets the role that makes an admin; {@code admin} if not called.
         *
         * @param role the role, compared letter by letter
         * @return this
         */
        public Builder adminRole(String role) {
            this.adminRole = Objects.requireNonNull(role, "role");
            return this;
        }

        /**
         * Accepts only tokens of one issuer; those of any if not called.
         *
         * @param iss what the claim {@code iss} must be
         * @return this
         */
        public Builder issuer(String iss) {
            this.issuer = Objects.requireNonNull(iss, "iss");
            return this;
        }

        /**
         * Accepts only tokens for one audience; those for any if not called.
         *
         * @param aud what the claim {@code aud} must be or contain
         * @return this
         */
        public Builder audience(String aud) {
            this.audience = Objects.requireNonNull(aud, "aud");
            return this;
        }

        /**
         * Sets by how much the clocks may differ; none if not called.
         *
         * @param leeway 0 or more, in whole seconds
         * @return this
         */
        public Builder leeway(Duration leeway) {
            if (leeway.isNegative()) {
                throw new IllegalArgumentException("a leeway is at least 0, found " + leeway);
            }
            this.leeway = leeway;
            return this;
        }

        /**
         * Sets where the time comes from; the system's clock if not called.
         *
         * @param clock the clock
         * @return this
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Makes the policy.
         *
         * @return the policy
         * @throws IllegalStateException if no key was given
         */
        public JwtAccessPolicy build() {
            if (keys.isEmpty()) {
                throw new IllegalStateException("a policy needs a key: hs256, rs256 or es256");
            }
            List<JWTVerifier> verifiers = keys.stream().map(this::verifier).toList();
            return new JwtAccessPolicy(verifiers, rolesClaim, adminRole);
        }

        private JWTVerifier verifier(Algorithm key) {
            JWTVerifier.BaseVerification rules = (JWTVerifier.BaseVerification) JWT.require(key);
            rules.withClaimPresence("sub").withClaimPresence("exp").acceptLeeway(leeway.toSeconds());
            if (issuer != null) {
                rules.withIssuer(issuer);
            }
            if (audience != null) {
                rules.withAnyOfAudience(audience);
            }
            return rules.build(clock);
        }
    }
}
