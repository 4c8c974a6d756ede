package dev.filestore;

import java.net.URI;
import java.time.Instant;

/**
 * Addresses that the store signs itself, for reading one file by GET until a moment:
 * {@code base/42/content?expires=1772202622&signature=..}.
 */
final class HmacUrls implements UrlSigner {

    private static final String PURPOSE = "url:GET";

    private final String base;
    private final Mac mac;

    HmacUrls(URI base, Mac mac) {
        String text = base.toString();
        this.base = text.endsWith("/") ? text : text + "/";
        this.mac = mac;
    }

    @Override
    public URI locate(long id, String key) {
        return URI.create(base + id + "/content");
    }

    @Override
    public SignedUrl sign(StoredFile file, Instant now, Instant expiresAt) {
        long seconds = expiresAt.getEpochSecond();
        String expires = Long.toString(seconds);
        String signature = mac.sign(PURPOSE, Long.toString(file.id()), expires);
        URI url = URI.create(locate(file.id(), file.key()) + "?expires=" + expires + "&signature=" + signature);
        return new SignedUrl(url, Instant.ofEpochSecond(seconds));
    }

    /** Throws unless this store signed that, and the time is not over. */
    void verify(long id, String expires, String signature, Instant now) {
        // The signature comes first: only what this store wrote is parsed.
        if (!mac.verify(signature, PURPOSE, Long.toString(id), expires)) {
            throw new NotAuthorizedException("the signature is not one of this address");
        }
        if (!now.isBefore(Instant.ofEpochSecond(Long.parseLong(expires)))) {
            throw new NotAuthorizedException("the address has expired");
        }
    }
}
