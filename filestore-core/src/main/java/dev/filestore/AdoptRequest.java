package dev.filestore;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file whose bytes are in the storage already and that has no row yet: what an application knew of it before it had this
 * library, see {@link FileStore#adopt}. Nothing in it is believed that the object can tell.
 *
 * @param key the name of the object
 * @param fileName what the user called the file; cleaned as that of an upload
 * @param owner the id of the user that the file belongs to, 1 to {@value Caller#MAX_USER_ID_LENGTH} characters
 * @param id the id that the file keeps, 1 to {@link #MAX_ID}; 0 for a new one
 * @param contentType the type that the application had recorded; null where it had none. A hint for the {@link MimePolicy}, which
 *     decides without it where it does not fit
 * @param size how many bytes the application had recorded; -1 where it had not
 * @param sha256 the SHA-256 that the application had recorded, 64 hexadecimal digits; null where it had none
 * @param uploadedAt when the file came, not before 1970; kept to the microsecond. Null for the time of the object, or the present
 *     where that is later
 * @param expiresAt when the file is gone for every reader, kept to the microsecond; null for ever
 */
public record AdoptRequest(
        String key,
        String fileName,
        String owner,
        long id,
        @Nullable String contentType,
        long size,
        @Nullable String sha256,
        @Nullable Instant uploadedAt,
        @Nullable Instant expiresAt) {

    /** The highest id that a file can keep: new files get ids above it, and must not run out of them. */
    public static final long MAX_ID = Long.MAX_VALUE / 2;

    /** Longer than any file lives that is uploaded: what is later is a mistake of units. */
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public AdoptRequest {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(fileName, "fileName");
        Caller.requireUserId(owner);
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException("an id is 1 to " + MAX_ID + ", or 0 for a new one, found " + id);
        }
        if (size < -1) {
            throw new IllegalArgumentException("a size is at least 0 bytes, or -1 if unknown, found " + size);
        }
        sha256 = sha256 == null ? null : Sha256.requireHex(sha256);
        uploadedAt = requireTime("uploaded", uploadedAt);
        expiresAt = requireTime("expires", expiresAt);
    }

    private static @Nullable Instant requireTime(String what, @Nullable Instant time) {
        if (time == null) {
            return null;
        }
        if (time.isBefore(Instant.EPOCH) || !time.isBefore(LATEST)) {
            throw new IllegalArgumentException(
                    "a file is " + what + " from 1970 on and before " + LATEST + ", found " + time);
        }
        return Engine.kept(time);
    }

    /**
     * A file of which nothing else is known.
     *
     * @param key the name of the object
     * @param fileName what the user called the file
     * @param owner the id of the user that the file belongs to
     * @return the request, for a new id and the time of the object
     */
    public static AdoptRequest of(String key, String fileName, String owner) {
        return new AdoptRequest(key, fileName, owner, 0, null, -1, null, null, null);
    }

    /**
     * The name that the file will have in the store: what {@link StoredFile#originalFilename()} answers.
     *
     * @return the name without path, control and direction characters, in NFC
     */
    public String originalFilename() {
        return FileNames.clean(fileName);
    }

    /** Whether the file came later than a clock can be wrong. */
    boolean isOfTheFuture(Instant now) {
        return uploadedAt != null && uploadedAt.isAfter(now.plus(Duration.ofMinutes(5)));
    }
}
