package dev.filestore;

import java.net.URI;
import java.time.Instant;
import java.util.Objects;

/**
 * An address that hands out one file to whoever holds it, until it expires. It is a credential: {@link #toString()}
 * leaves the query out, and it belongs in no log.
 *
 * @param url the address with its signature
 * @param expiresAt the moment from which the address no longer works
 */
public record SignedUrl(URI url, Instant expiresAt) {

    /** Checks that nothing is missing. */
    public SignedUrl {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(expiresAt, "expiresAt");
    }

    /** Returns the path and the expiry, never the signature. */
    @Override
    public String toString() {
        return "SignedUrl[" + url.getRawPath() + ", expiresAt=" + expiresAt + "]";
    }
}
