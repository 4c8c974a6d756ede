package dev.filestore.servlet;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.InvalidClaimException;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.filestore.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the user from a JSON Web Token (RFC 7519) in the header {@code Authorization: Bearer} (RFC 6750), and from
 * nowhere else. Immutable and thread-safe.
 *
 * <p>Each key verifies tokens of its own algorithm only, whatever a token claims, and no key or address that a token brings
 * along is looked at. A token must have {@code sub}, a text of 1 to 255 characters, which is the user's id, and {@code exp},
 * which is not over and not too far ahead; {@code nbf} and {@code iat} are looked at where they are there, and an {@code aud}
 * must be the one that was set. Refused is also what can be read in two ways, such as a name that is there twice; a token of
 * another type than {@code JWT} or {@code at+jwt}, or with critical extensions ({@code crit}); and one of more than 8,192
 * characters.
 *
 * <p>With {@linkplain Builder#jwks a key set} it fetches over the network: usually by a thread of its own, a daemon that ends
 * when it has nothing to do, so that a policy need not be closed.
 */
public final class JwtAccessPolicy implements AccessPolicy {

    static final int MIN_RSA_BITS = 2048;

    private static final Logger LOG = LoggerFactory.getLogger(JwtAccessPolicy.class);
    private static final Pattern BEARER = Pattern.compile("bearer +([A-Za-z0-9_.-]+) *", Pattern.CASE_INSENSITIVE);
    private static final int MAX_HEADER_LENGTH = CompactToken.MAX_LENGTH + 16;

    private final TokenKeys keys;
    private final String rolesClaim;
    private final String adminRole;
    private final boolean hasAudience;
    private final Duration maxLifetime;
    private final Clock clock;

    private JwtAccessPolicy(Builder settings, TokenKeys keys) {
        this.keys = keys;
        this.rolesClaim = settings.rolesClaim;
        this.adminRole = settings.adminRole;
        this.hasAudience = settings.audience != null;
        this.maxLifetime = settings.maxLifetime;
        this.clock = settings.clock;
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
        String header = headers.nextElement();
        if (headers.hasMoreElements() || header.length() > MAX_HEADER_LENGTH) {
            return Optional.empty();
        }
        Matcher bearer = BEARER.matcher(header);
        return bearer.matches() ? verify(bearer.group(1)) : Optional.empty();
    }

    private Optional<Caller> verify(String text) {
        String reason = "no key for it";
        try {
            CompactToken token = CompactToken.read(text);
            for (JWTVerifier verifier : keys.of(token)) {
                try {
                    return Optional.of(caller(verifier.verify(text)));
                } catch (JWTVerificationException e) {
                    // The messages of the library quote the token.
                    reason = e.getClass().getSimpleName();
                }
            }
        } catch (JWTDecodeException e) {
            reason = String.valueOf(e.getMessage());
        }
        LOG.debug("a token was refused: {}", reason);
        return Optional.empty();
    }

    private Caller caller(DecodedJWT token) {
        if (!hasAudience && !token.getClaim("aud").isMissing()) {
            throw new InvalidClaimException("the token is for an audience, and none is set");
        }
        if (token.getExpiresAtAsInstant().isAfter(clock.instant().plus(maxLifetime))) {
            throw new InvalidClaimException("the token lives too long");
        }
        try {
            return new Caller(token.getSubject(), isAdmin(token.getClaim(rolesClaim)));
        } catch (IllegalArgumentException e) {
            throw new InvalidClaimException("the subject is not a user id");
        }
    }

    /** A list with anything but texts in it holds no roles: who wrote it meant something else. */
    private boolean isAdmin(Claim roles) {
        Object value = roles.isMissing() || roles.isNull() ? null : roles.as(Object.class);
        if (value instanceof List<?> list) {
            return list.stream().allMatch(String.class::isInstance) && list.contains(adminRole);
        }
        return adminRole.equals(value);
    }

    /** Puts a policy together. At least one key is needed. Not thread-safe. */
    public static final class Builder {

        private static final int MIN_SECRET_BYTES = 32;
        private static final Pattern LOOPBACK =
                Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]", Pattern.CASE_INSENSITIVE);

        private final List<Algorithm> keys = new ArrayList<>();
        private @Nullable URI keySet;
        private String rolesClaim = "role";
        private String adminRole = "admin";
        private @Nullable String issuer;
        private @Nullable String audience;
        private Duration leeway = Duration.ZERO;
        private Duration maxLifetime = Duration.ofDays(366);
        private Clock clock = Clock.systemUTC();
        private Duration patience = Duration.ofSeconds(5);
        private LongSupplier millis = sinceNow();

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
         * Accepts tokens that are signed by RS256 or ES256 under one of the keys that their issuer publishes as a JSON Web
         * Key Set (RFC 7517), in place of the other methods for keys. Needs {@code com.nimbusds:nimbus-jose-jwt} on the class
         * path, and the {@linkplain #issuer issuer}.
         *
         * <p>A token's key is that of its {@code kid} and algorithm; without a {@code kid} it must be the set's only key for
         * the algorithm. Keys below 2,048 bits or on other curves than P-256, keys for encryption, and secrets are left out.
         *
         * <p>The set is fetched when the first token comes, and kept for 10 minutes; from 8 on a request has it fetched again
         * and does not wait. So a key that was withdrawn is refused 10 minutes later at most. A token with an unknown
         * {@code kid} has the set fetched at once, and waits, but whatever tokens come, that is done twice in 30 seconds at most.
         * A fetch takes no redirect, at most 5 seconds and 256 KiB. Where it fails, the last set is used on, until it is
         * an hour old; after that, and when there never was one, {@link #authenticate} throws an {@link IllegalStateException}, since nobody
         * can be told from anybody.
         *
         * @param address the address, with {@code https}; {@code http} is for this machine alone, under a loopback address
         * @return this
         */
        public Builder jwks(URI address) {
            String host = address.getHost();
            boolean secure = "https".equalsIgnoreCase(address.getScheme());
            boolean local = "http".equalsIgnoreCase(address.getScheme())
                    && host != null
                    && LOOPBACK.matcher(host).matches();
            if (host == null || !(secure || local)) {
                throw new IllegalArgumentException("the address of a key set begins with https, or names this machine");
            }
            if (address.getRawUserInfo() != null) {
                throw new IllegalArgumentException("the address of a key set, which is public, needs no password");
            }
            this.keySet = address;
            return this;
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
         * Accepts only tokens for one audience; if not called, only those that name none (RFC 7519 section 4.1.3). Where
         * an issuer serves several applications, this is what tells their tokens apart.
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
         * Sets how far ahead the end of a token may be; 366 days if not called. An end in milliseconds, a common mistake,
         * is thousands of years ahead.
         *
         * @param maxLifetime more than 0
         * @return this
         */
        public Builder maxLifetime(Duration maxLifetime) {
            if (maxLifetime.isNegative() || maxLifetime.isZero()) {
                throw new IllegalArgumentException("a token lives for some time, found " + maxLifetime);
            }
            this.maxLifetime = maxLifetime;
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

        /** Sets how long a fetch may take, and a time that never goes back for the age of a key set. */
        Builder keySetTimes(Duration patience, LongSupplier millis) {
            this.patience = patience;
            this.millis = millis;
            return this;
        }

        private static LongSupplier sinceNow() {
            long start = System.nanoTime();
            return () -> (System.nanoTime() - start) / 1_000_000;
        }

        /**
         * Makes the policy.
         *
         * @return the policy
         * @throws IllegalStateException if no key was given; or a key set together with other keys, without an issuer, or
         *     without its library on the class path
         */
        public JwtAccessPolicy build() {
            URI address = keySet;
            if (address == null) {
                if (keys.isEmpty()) {
                    throw new IllegalStateException("a policy needs a key: hs256, rs256, es256 or jwks");
                }
                Map<String, List<JWTVerifier>> byAlgorithm = keys.stream()
                        .collect(Collectors.groupingBy(
                                Algorithm::getName, Collectors.mapping(this::verifier, Collectors.toList())));
                return new JwtAccessPolicy(this, token -> byAlgorithm.getOrDefault(token.algorithm(), List.of()));
            }
            if (!keys.isEmpty()) {
                throw new IllegalStateException(
                        "keys come from a key set or from hs256, rs256 and es256, not from both:"
                                + " a host that needs both makes two policies, and says which is asked for what");
            }
            if (issuer == null) {
                throw new IllegalStateException("a key set is that of an issuer: issuer");
            }
            try {
                return new JwtAccessPolicy(this, new KeySet(address, this::verifier, patience, millis));
            } catch (NoClassDefFoundError e) {
                throw new IllegalStateException("a key set needs com.nimbusds:nimbus-jose-jwt on the class path", e);
            }
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
