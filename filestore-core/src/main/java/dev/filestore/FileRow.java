package dev.filestore;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file's row in the database, with what the life cycle needs: what a {@link MetadataRepository} keeps. Immutable; the
 * {@code to} and {@code with} methods return the row as it should become, for
 * {@link MetadataRepository#compareAndSet}.
 *
 * @param id the row's number; 0 before it is inserted
 * @param version how often the row was changed; the database counts it
 * @param state where in its life the file is
 * @param dueAt the moment at which the sweeper must look at the row; null for a row at rest
 * @param attempts how often the sweeper has failed at the row since its state last changed
 * @param owner the id of the user that the file belongs to
 * @param key the name of the object
 * @param originalFilename what the user called the file
 * @param size how many bytes, 0 until the file was available
 * @param contentType the accepted media type
 * @param category the kind of the file
 * @param sha256 64 lower-case hexadecimal digits; null until the file was available
 * @param objectTag what {@link StorageBackend#put} returned, at most 255 characters: readers get that very object and no
 *     other; null until the file was available, and where the storage tells none
 * @param url the address of the object, if it has one
 * @param cdnUrl the address at the CDN, if there is one
 * @param uploadedAt when the upload began
 * @param expiresAt when the file is gone for every reader; null for ever, and until the file was available
 * @param pendingEvents what listeners are still to be told; while it is something, {@code dueAt} is not null
 */
public record FileRow(
        long id,
        long version,
        FileState state,
        @Nullable Instant dueAt,
        int attempts,
        String owner,
        String key,
        String originalFilename,
        long size,
        String contentType,
        Category category,
        @Nullable String sha256,
        @Nullable String objectTag,
        @Nullable URI url,
        @Nullable URI cdnUrl,
        Instant uploadedAt,
        @Nullable Instant expiresAt,
        PendingEvents pendingEvents) {

    /**
     * How long after its expiry a file's bytes are removed. Readers do not see it from the very second on; but a process
     * whose clock is that much ahead must not remove what another process still shows, or is just about to keep.
     */
    static final Duration EXPIRY_MARGIN = Duration.ofMinutes(5);

    /** Checks that nothing is missing. */
    public FileRow {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(originalFilename, "originalFilename");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(uploadedAt, "uploadedAt");
        Objects.requireNonNull(pendingEvents, "pendingEvents");
        if (state == FileState.AVAILABLE && sha256 == null) {
            throw new IllegalArgumentException("an available file has a digest, the one of key " + key + " has none");
        }
    }

    /**
     * Whether readers see the file.
     *
     * @param now the present
     * @return true if the file is available and has not expired
     */
    public boolean isVisibleAt(Instant now) {
        return state == FileState.AVAILABLE && (expiresAt == null || now.isBefore(expiresAt));
    }

    /**
     * Whether the file ever was available, so that no put of its key can still be under way.
     *
     * @return true if it was
     */
    public boolean wasAvailable() {
        return sha256 != null;
    }

    /**
     * The record that readers get.
     *
     * @return the file
     * @throws IllegalStateException if the file was never available
     */
    public StoredFile toStoredFile() {
        String digest = sha256;
        if (digest == null) {
            throw new IllegalStateException("the file of key " + key + " was never available");
        }
        return new StoredFile(
                id,
                owner,
                key,
                originalFilename,
                size,
                contentType,
                category,
                digest,
                url,
                cdnUrl,
                uploadedAt,
                expiresAt);
    }

    /**
     * The row with its number, as the repository gives it back from an insert.
     *
     * @param newId the number that the database gave it
     * @param newVersion its first version
     * @return a copy of this row
     */
    public FileRow withIdentity(long newId, long newVersion) {
        return copy(newId, newVersion, state, dueAt, attempts, expiresAt, pendingEvents);
    }

    /**
     * The same row with another address of its object.
     *
     * @param newUrl the address, or null
     * @return a copy
     */
    public FileRow withUrl(@Nullable URI newUrl) {
        return new FileRow(
                id,
                version,
                state,
                dueAt,
                attempts,
                owner,
                key,
                originalFilename,
                size,
                contentType,
                category,
                sha256,
                objectTag,
                newUrl,
                cdnUrl,
                uploadedAt,
                expiresAt,
                pendingEvents);
    }

    /** The row of the file once its bytes are committed: due when listeners were not told of it, or when it expires. */
    FileRow toAvailable(
            long newSize,
            String newSha256,
            @Nullable String newObjectTag,
            @Nullable URI newUrl,
            @Nullable Instant newExpiresAt,
            @Nullable Instant toldBy) {
        return new FileRow(
                id,
                version,
                FileState.AVAILABLE,
                earlier(toldBy, dueAtExpiry(newExpiresAt)),
                0,
                owner,
                key,
                originalFilename,
                newSize,
                contentType,
                category,
                newSha256,
                newObjectTag,
                newUrl,
                cdnUrl,
                uploadedAt,
                newExpiresAt,
                toldBy == null ? PendingEvents.NONE : PendingEvents.STORED);
    }

    FileRow toDeleting(Instant newDueAt) {
        return copy(id, version, FileState.DELETING, newDueAt, 0, expiresAt, pendingEvents);
    }

    FileRow toDeleted(Instant newDueAt, PendingEvents events) {
        return copy(id, version, FileState.DELETED, newDueAt, 0, expiresAt, events);
    }

    FileRow withFailedAttempt(Instant newDueAt) {
        return copy(id, version, state, newDueAt, attempts + 1, expiresAt, pendingEvents);
    }

    /** The row when listeners failed. To tell them again must not keep the bytes of a file beyond its life. */
    FileRow withFailedTelling(Instant newDueAt) {
        Instant due = state == FileState.AVAILABLE ? earlier(newDueAt, dueAtExpiry()) : newDueAt;
        return copy(id, version, state, due, attempts + 1, expiresAt, pendingEvents);
    }

    /** The row when listeners were told something. */
    FileRow withPendingEvents(PendingEvents events, @Nullable Instant newDueAt) {
        return copy(id, version, state, newDueAt, 0, expiresAt, events);
    }

    /** The row of a file that lives longer, or less long; while listeners are to be told something it stays due. */
    FileRow withExpiresAt(@Nullable Instant newExpiresAt) {
        Instant atExpiry = dueAtExpiry(newExpiresAt);
        Instant due = pendingEvents == PendingEvents.NONE ? atExpiry : earlier(dueAt, atExpiry);
        return copy(id, version, state, due, attempts, newExpiresAt, pendingEvents);
    }

    /** When the bytes of a file that expires are removed; null for never. */
    @Nullable
    Instant dueAtExpiry() {
        return dueAtExpiry(expiresAt);
    }

    private static @Nullable Instant dueAtExpiry(@Nullable Instant expiry) {
        return expiry == null ? null : expiry.plus(EXPIRY_MARGIN);
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    /**
     * The same row, due at another moment.
     *
     * @param newDueAt when the sweeper must look at the row
     * @return a copy
     */
    public FileRow withDueAt(@Nullable Instant newDueAt) {
        return copy(id, version, state, newDueAt, attempts, expiresAt, pendingEvents);
    }

    private FileRow copy(
            long newId,
            long newVersion,
            FileState newState,
            @Nullable Instant newDueAt,
            int newAttempts,
            @Nullable Instant newExpiresAt,
            PendingEvents newPendingEvents) {
        return new FileRow(
                newId,
                newVersion,
                newState,
                newDueAt,
                newAttempts,
                owner,
                key,
                originalFilename,
                size,
                contentType,
                category,
                sha256,
                objectTag,
                url,
                cdnUrl,
                uploadedAt,
                newExpiresAt,
                newPendingEvents);
    }
}
