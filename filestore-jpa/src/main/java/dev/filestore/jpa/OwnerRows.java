package dev.filestore.jpa;

import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.RowQuery;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rows of one owner, oldest first: a walk along one index, once for each state. */
final class OwnerRows {

    private static final Comparator<FileRow> OLDEST_FIRST =
            Comparator.comparing(FileRow::uploadedAt).thenComparing(FileRow::id);

    private OwnerRows() {}

    static List<FileRow> list(EntityManager em, String owner, RowQuery.@Nullable Position after, int limit) {
        Map<Long, FileRow> found = new LinkedHashMap<>();
        // In the order in which a row goes through its states: one that goes on meanwhile is met twice, and never
        // missed.
        for (FileState state : FileState.values()) {
            query(em, owner, state, after)
                    .setMaxResults(limit)
                    .getResultStream()
                    .map(FileUpload::toRow)
                    .forEach(row -> found.put(row.id(), row));
        }
        return found.values().stream().sorted(OLDEST_FIRST).limit(limit).toList();
    }

    private static TypedQuery<FileUpload> query(
            EntityManager em, String owner, FileState state, RowQuery.@Nullable Position after) {
        String behind = after == null ? "" : " and f.uploadedAt >= :at and (f.uploadedAt > :at or f.id > :id)";
        TypedQuery<FileUpload> query = em.createQuery(
                        "select f from FileUpload f where f.userId = :owner and f.state = :state" + behind
                                + " order by f.userId, f.state, f.uploadedAt, f.id",
                        FileUpload.class)
                .setParameter("owner", owner)
                .setParameter("state", state.name());
        if (after != null) {
            query.setParameter("at", after.uploadedAt()).setParameter("id", after.id());
        }
        return query;
    }
}
