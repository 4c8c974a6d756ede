package dev.filestore.jpa;

import dev.filestore.FileRow;
import jakarta.persistence.EntityManager;
import java.net.URI;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Rows of files that are older than the table: under ids of their own, and counted by the counts that went past their time. */
final class Adopted {

    private static final String INSERT = """
            insert into FileUpload (id, userId, fileKey, fileKeyBytes, originalFilename, fileSize, contentType, category,
                s3Url, cdnUrl, uploadedAt, expiresAt, state, version, dueAt, attempts, sha256, objectTag, pendingEvents)
            values (:id, :userId, :fileKey, :fileKeyBytes, :originalFilename, :fileSize, :contentType, :category,
                :s3Url, :cdnUrl, :uploadedAt, :expiresAt, :state, 0, :dueAt, :attempts, :sha256, :objectTag, :pendingEvents)""";

    private Adopted() {}

    static FileRow insert(EntityManager em, FileRow row, LongFunction<@Nullable URI> url) {
        FileRow inserted = row.id() > 0 ? underItsId(em, row, url) : underANewId(em, row, url);
        Counts.added(em, inserted);
        return inserted;
    }

    /** By a statement, since an entity with an id is to providers one that was inserted before. */
    private static FileRow underItsId(EntityManager em, FileRow row, LongFunction<@Nullable URI> url) {
        FileRow inserted = row.withIdentity(row.id(), 0).withUrl(url.apply(row.id()));
        em.createQuery(INSERT)
                .setParameter("id", inserted.id())
                .setParameter("userId", inserted.owner())
                .setParameter("fileKey", inserted.key())
                .setParameter("fileKeyBytes", FileUpload.bytes(inserted.key()))
                .setParameter("originalFilename", inserted.originalFilename())
                .setParameter("fileSize", inserted.size())
                .setParameter("contentType", inserted.contentType())
                .setParameter("category", inserted.category().name())
                .setParameter("s3Url", FileUpload.text(inserted.url()))
                .setParameter("cdnUrl", FileUpload.text(inserted.cdnUrl()))
                .setParameter("uploadedAt", inserted.uploadedAt())
                .setParameter("expiresAt", inserted.expiresAt())
                .setParameter("state", inserted.state().name())
                .setParameter("dueAt", inserted.dueAt())
                .setParameter("attempts", inserted.attempts())
                .setParameter("sha256", inserted.sha256())
                .setParameter("objectTag", inserted.objectTag())
                .setParameter("pendingEvents", inserted.pendingEvents().name())
                .executeUpdate();
        return inserted;
    }

    private static FileRow underANewId(EntityManager em, FileRow row, LongFunction<@Nullable URI> url) {
        FileUpload entity = new FileUpload(row);
        em.persist(entity);
        em.flush();
        FileRow inserted = row.withIdentity(entity.id(), 0).withUrl(url.apply(entity.id()));
        em.createQuery("update FileUpload f set f.s3Url = :s3Url where f.id = :id")
                .setParameter("s3Url", FileUpload.text(inserted.url()))
                .setParameter("id", inserted.id())
                .executeUpdate();
        return inserted;
    }
}
