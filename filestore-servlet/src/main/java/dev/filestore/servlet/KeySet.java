package dev.filestore.servlet;

import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.OutageTolerantJWKSetSource;
import com.nimbusds.jose.jwk.source.RateLimitedJWKSetSource;
import com.nimbusds.jose.jwk.source.RefreshAheadCachingJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys that an issuer publishes as a JSON Web Key Set (RFC 7517). This class and its source are the only ones
 * that name the library which keeps the set: a host that has no key set needs no jar of it.
 */
final class KeySet implements TokenKeys {

    /** How long a set is used without looking whether there is a newer one. */
    static final Duration FRESH = Duration.ofMinutes(10);

    /** How long before that it is fetched again, behind the back of a request. */
    static final Duration AHEAD = Duration.ofMinutes(2);

    /** How long after it came the last set is taken up again where no other can be had: for {@link #FRESH} each time. */
    static final Duration OUTAGE = Duration.ofMinutes(50);

    /** In which time the set is fetched at most twice, whatever tokens ask for. */
    static final Duration INTERVAL = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(JwtAccessPolicy.class);
    private static final String RS256 = JWSAlgorithm.RS256.getName();
    private static final String ES256 = JWSAlgorithm.ES256.getName();

    private final JWKSetSource<SecurityContext> source;
    private final Function<Algorithm, JWTVerifier> verifiers;
    private final LongSupplier millis;
    private volatile Keys known = new Keys(new JWKSet(), List.of());

    /**
     * Makes a key set, which is fetched when the first token comes.
     *
     * @param verifiers makes the verifier for a key
     * @param patience how long an answer may take
     * @param millis a time that never goes back, from 0 on
     */
    KeySet(URI address, Function<Algorithm, JWTVerifier> verifiers, Duration patience, LongSupplier millis) {
        this.verifiers = verifiers;
        this.millis = millis;
        JWKSetSource<SecurityContext> fetched = new KeySetSource(address, patience);
        JWKSetSource<SecurityContext> kept = new OutageTolerantJWKSetSource<>(fetched, OUTAGE.toMillis(), null);
        JWKSetSource<SecurityContext> limited = new RateLimitedJWKSetSource<>(kept, INTERVAL.toMillis(), null);
        this.source = new RefreshAheadCachingJWKSetSource<>(
                limited,
                FRESH.toMillis(),
                patience.plusSeconds(1).toMillis(),
                AHEAD.toMillis(),
                refresher(),
                false,
                null,
                null,
                false);
    }

    /** At most one thread, a daemon that ends when it has nothing to do: nobody has to close it. */
    private static ExecutorService refresher() {
        ThreadPoolExecutor refresher =
                new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "filestore-key-set");
                    thread.setDaemon(true);
                    return thread;
                });
        refresher.allowCoreThreadTimeOut(true);
        return refresher;
    }

    private record Keys(JWKSet set, List<Key> keys) {}

    private record Key(@Nullable String id, String algorithm, JWTVerifier verifier) {}

    @Override
    public List<JWTVerifier> of(CompactToken token) {
        if (!token.algorithm().equals(RS256) && !token.algorithm().equals(ES256)) {
            return List.of();
        }
        JWKSet set;
        try {
            set = source.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), millis.getAsLong(), null);
        } catch (KeySourceException e) {
            throw new IllegalStateException("no token can be verified: there is no key set", e);
        }
        List<JWTVerifier> found = select(set, token);
        if (!found.isEmpty() || token.keyId() == null) {
            return found;
        }
        try {
            JWKSetCacheRefreshEvaluator isNewer = JWKSetCacheRefreshEvaluator.referenceComparison(set);
            return select(source.getJWKSet(isNewer, millis.getAsLong(), null), token);
        } catch (KeySourceException e) {
            LOG.debug("a token names a key that is not in the set, which cannot be fetched again now");
            return List.of();
        }
    }

    private List<JWTVerifier> select(JWKSet set, CompactToken token) {
        List<Key> fitting = keys(set).stream()
                .filter(key -> key.algorithm.equals(token.algorithm()))
                .filter(key -> token.keyId() == null || token.keyId().equals(key.id))
                .toList();
        if (token.keyId() == null && fitting.size() != 1) {
            return List.of();
        }
        return fitting.stream().map(Key::verifier).toList();
    }

    /** Two sets that are equal are not compared key by key: to make the verifiers anew costs no more. */
    @SuppressWarnings("ReferenceEquality")
    private List<Key> keys(JWKSet set) {
        Keys last = known;
        if (last.set != set) {
            last = new Keys(set, usable(set));
            known = last;
        }
        return last.keys;
    }

    /** Public keys that are strong, and neither of another kind nor for another purpose. Secrets in a set are none. */
    private List<Key> usable(JWKSet set) {
        List<Key> usable = new ArrayList<>();
        for (JWK key : set.getKeys()) {
            try {
                if (key instanceof RSAKey rsa
                        && isFor(key, JWSAlgorithm.RS256)
                        && rsa.size() >= JwtAccessPolicy.MIN_RSA_BITS) {
                    Algorithm algorithm = Algorithm.RSA256(rsa.toRSAPublicKey(), null);
                    usable.add(new Key(key.getKeyID(), RS256, verifiers.apply(algorithm)));
                } else if (key instanceof ECKey ec
                        && isFor(key, JWSAlgorithm.ES256)
                        && ec.getCurve().equals(Curve.P_256)) {
                    Algorithm algorithm = Algorithm.ECDSA256(ec.toECPublicKey(), null);
                    usable.add(new Key(key.getKeyID(), ES256, verifiers.apply(algorithm)));
                }
            } catch (JOSEException e) {
                LOG.debug(
                        "a key of the key set cannot be used: {}", e.getClass().getSimpleName());
            }
        }
        return List.copyOf(usable);
    }

    private static boolean isFor(JWK key, JWSAlgorithm algorithm) {
        return (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm))
                && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
                && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY));
    }
}
