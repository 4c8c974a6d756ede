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

    private static FileRow underItsId(EntityManager em, FileRow row, LongFunction<@Nullable URI> url) {
        FileRow inserted = row.withIdentity(row.id(), 0).withUrl(url.apply(row.id()));
        insertUnderItsId(em, inserted);
        return inserted;
    }

    /** By a statement, since an entity with an id is to providers one that was inserted before. */
    static void insertUnderItsId(EntityManager em, FileRow row) {
        em.createQuery(INSERT)
                .setParameter("id", row.id())
                .setParameter("userId", row.owner())
                .setParameter("fileKey", row.key())
                .setParameter("fileKeyBytes", FileUpload.bytes(row.key()))
                .setParameter("originalFilename", row.originalFilename())
                .setParameter("fileSize", row.size())
                .setParameter("contentType", row.contentType())
                .setParameter("category", row.category().name())
                .setParameter("s3Url", FileUpload.text(row.url()))
                .setParameter("cdnUrl", FileUpload.text(row.cdnUrl()))
                .setParameter("uploadedAt", row.uploadedAt())
                .setParameter("expiresAt", row.expiresAt())
                .setParameter("state", row.state().name())
                .setParameter("dueAt", row.dueAt())
                .setParameter("attempts", row.attempts())
                .setParameter("sha256", row.sha256())
                .setParameter("objectTag", row.objectTag())
                .setParameter("pendingEvents", row.pendingEvents().name())
                .executeUpdate();
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
