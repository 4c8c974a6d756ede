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
     * Signs an address for reading the file, which hands it out under its content type and
     * {@linkplain StoredFile#contentDisposition() disposition}.
     *
     * @param file the file
     * @param now the present
     * @param expiresAt the latest moment at which the address may work, after {@code now}
     * @return the address and the moment it really ends, which is earlier where the signer's credentials end earlier,
     *     and is never later than {@code expiresAt}
     * @throws StorageException if there are no credentials to sign with
     */
    SignedUrl sign(StoredFile file, Instant now, Instant expiresAt);
}
