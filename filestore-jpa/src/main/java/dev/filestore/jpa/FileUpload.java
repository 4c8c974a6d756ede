package dev.filestore.jpa;

import dev.filestore.Category;
import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.PendingEvents;
import jakarta.persistence.Cacheable;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table as the database holds it. Written once and then only by bulk statements, so it never changes in
 * memory.
 */
@Entity(name = "FileUpload")
@Table(
        name = "file_uploads",
        uniqueConstraints = @UniqueConstraint(name = "file_uploads_file_key", columnNames = "file_key_bytes"),
        indexes = {
            @Index(name = "file_uploads_due", columnList = "due_at, id"),
            @Index(name = "file_uploads_owner", columnList = "user_id, state, uploaded_at, id, expires_at"),
            @Index(
                    name = "file_uploads_category",
                    columnList = "user_id, state, category, uploaded_at, id, expires_at"),
            @Index(name = "file_uploads_expiry", columnList = "user_id, state, expires_at")
        })
@Cacheable(false)
class FileUpload {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id", nullable = false)
    private @Nullable Long id;

    @Column(name = "user_id", nullable = false, length = 255)
    private String userId;

    @Column(name = "file_key", nullable = false, length = 1024)
    private String fileKey;

    /** Unique, and the order of keys: bytes compare alike in every database, whatever its collations. */
    @Column(name = "file_key_bytes", nullable = false, length = 1024)
    private byte[] fileKeyBytes;

    @Column(name = "original_filename", nullable = false, length = 255)
    private String originalFilename;

    @Column(name = "file_size", nullable = false)
    private long fileSize;

    @Column(name = "content_type", nullable = false, length = 255)
    private String contentType;

    @Column(name = "category", nullable = false, length = 32)
    private String category;

    @Column(name = "s3_url", length = 4096)
    private @Nullable String s3Url;

    @Column(name = "cdn_url", length = 4096)
    private @Nullable String cdnUrl;

    @Column(name = "uploaded_at", nullable = false)
    private Instant uploadedAt;

    @Column(name = "expires_at")
    private @Nullable Instant expiresAt;

    /** The name of a {@link FileState}; as an enum it would have a column type of its own in MariaDB and MySQL. */
    @Column(name = "state", nullable = false, length = 16)
    private String state;

    @Column(name = "version", nullable = false)
    private long version;

    @Column(name = "due_at")
    private @Nullable Instant dueAt;

    @Column(name = "attempts", nullable = false)
    private int attempts;

    @Column(name = "sha256", length = 64)
    private @Nullable String sha256;

    @Column(name = "object_tag", length = 255)
    private @Nullable String objectTag;

    /** The name of one of {@link PendingEvents}. */
    @Column(name = "pending_events", nullable = false, length = 16)
    private String pendingEvents;

    /** For the persistence provider, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    protected FileUpload() {}

    FileUpload(FileRow row) {
        userId = row.owner();
        fileKey = row.key();
        fileKeyBytes = bytes(row.key());
        originalFilename = row.originalFilename();
        fileSize = row.size();
        contentType = row.contentType();
        category = row.category().name();
        s3Url = text(row.url());
        cdnUrl = text(row.cdnUrl());
        uploadedAt = row.uploadedAt();
        expiresAt = row.expiresAt();
        state = row.state().name();
        dueAt = row.dueAt();
        attempts = row.attempts();
        sha256 = row.sha256();
        objectTag = row.objectTag();
        pendingEvents = row.pendingEvents().name();
    }

    long id() {
        if (id == null) {
            throw new IllegalStateException("the row of key " + fileKey + " was never inserted");
        }
        return id;
    }

    FileRow toRow() {
        return new FileRow(
                id(),
                version,
                FileState.valueOf(state),
                dueAt,
                attempts,
                userId,
                fileKey,
                originalFilename,
                fileSize,
                contentType,
                new Category(category),
                sha256,
                objectTag,
                uri(s3Url),
                uri(cdnUrl),
                uploadedAt,
                expiresAt,
                PendingEvents.valueOf(pendingEvents));
    }

    static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    static @Nullable String text(@Nullable URI uri) {
        return uri == null ? null : uri.toString();
    }

    static @Nullable URI uri(@Nullable String text) {
        return text == null ? null : URI.create(text);
    }
}
