package dev.filestore;

import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a file that is stored: an immutable record, as of the moment it was read.
 *
 * <p>Only a complete file is ever seen as one: its bytes are in the storage, counted and digested.
 *
 * @param id the file's number in the application's database, positive and never used again
 * @param owner the id of the user that the file belongs to
 * @param key the name of the object in the storage, unique for ever
 * @param originalFilename what the user called the file, without path, control and direction characters, in NFC
 * @param size how many bytes, at least 1
 * @param contentType the media type that the policy accepted, lower case, without parameters
 * @param category the kind of the file
 * @param sha256 the SHA-256 of the bytes, 64 lower-case hexadecimal digits
 * @param url the address of the object, without a signature; null where the storage has none
 * @param cdnUrl the address at the CDN, without a signature; null where there is no CDN
 * @param uploadedAt when the upload began, in microseconds at most
 * @param expiresAt the moment from which the file is gone for every reader; null for ever
 */
public record StoredFile(
        long id,
        String owner,
        String key,
        String originalFilename,
        long size,
        String contentType,
        Category category,
        String sha256,
        @Nullable URI url,
        @Nullable URI cdnUrl,
        Instant uploadedAt,
        @Nullable Instant expiresAt) {

    /** Checks that nothing is missing. */
    public StoredFile {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(originalFilename, "originalFilename");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(uploadedAt, "uploadedAt");
    }
}
