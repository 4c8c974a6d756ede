package dev.filestore;

import java.net.URI;
import java.time.Instant;

/**
 * Addresses that the store signs itself, for reading one file by GET (or HEAD, which is a GET without the bytes) below one
 * base, under one disposition, until a moment: {@code base/42/content?expires=1772202622&disposition=inline&signature=..}.
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

    /** What an address allows. */
    record Grant(Disposition disposition, Instant expiresAt) {}

    @Override
    public URI locate(long id, String key) {
        return URI.create(base + id + "/content");
    }

    @Override
    public SignedUrl sign(StoredFile file, ObjectHeaders headers, Instant now, Instant expiresAt) {
        long seconds = expiresAt.getEpochSecond();
        String expires = Long.toString(seconds);
        String disposition = headers.disposition().word();
        String signature = mac.sign(PURPOSE, base, Long.toString(file.id()), expires, disposition);
        URI url = URI.create(locate(file.id(), file.key()) + "?expires=" + expires + "&disposition=" + disposition
                + "&signature=" + signature);
        return new SignedUrl(url, Instant.ofEpochSecond(seconds));
    }

    /** Throws unless this store signed that, and the time is not over. */
    Grant verify(long id, String expires, String disposition, String signature, Instant now) {
        // The signature comes first: only what this store wrote is parsed, and in no other spelling.
        if (!mac.verify(signature, PURPOSE, base, Long.toString(id), expires, disposition)) {
            throw new NotAuthorizedException("the signature is not one of this address");
        }
        Instant end = Instant.ofEpochSecond(Long.parseLong(expires));
        if (!now.isBefore(end)) {
            throw new NotAuthorizedException("the address has expired");
        }
        boolean inline = disposition.equals(Disposition.INLINE.word());
        return new Grant(inline ? Disposition.INLINE : Disposition.ATTACHMENT, end);
    }
}
