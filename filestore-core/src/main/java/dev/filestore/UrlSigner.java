package dev.filestore;

import java.net.URI;
import java.time.Instant;

/**
 * Makes addresses under which a file can be read without further credentials until a moment. Thread-safe, and without
 * any call over the network.
 */
public interface UrlSigner {

    /**
     * The address of a file without a signature, as it is recorded with the file.
     *
     * @param id the file's id
     * @param key the name of its object
     * @return an absolute address, percent-encoded
     */
    URI locate(long id, String key);

    /**
     * Signs an address for reading the file. Nobody can make another use of it than this: another file, another method,
     * a later moment, other header fields.
     *
     * @param file the file
     * @param headers the header fields under which the address hands the file out. A signer for a place that can give an
     *     object out only under those it was stored with passes them over
     * @param now the present
     * @param expiresAt the latest moment at which the address may work, after {@code now}
     * @return the address and the moment it really ends, which is earlier where the signer's credentials end earlier,
     *     and is never later than {@code expiresAt}
     * @throws StorageException if there are no credentials to sign with
     */
    SignedUrl sign(StoredFile file, ObjectHeaders headers, Instant now, Instant expiresAt);
}
