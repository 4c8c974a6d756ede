package dev.filestore.jpa;

import dev.filestore.FileRow;
import dev.filestore.FileState;
import dev.filestore.RowQuery;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statements about the rows that readers see. Those of one owner are a range of one index. Those of all are in the order
 * of the primary key: PostgreSQL would take an index of everybody's upload times for the lists of one owner as well, and pass
 * over all younger files of the others.
 */
final class VisibleFiles {

    static final String AVAILABLE = FileState.AVAILABLE.name();

    /**
     * True of what has not expired, null included. As a comparison it would tempt databases to look it up in the index of
     * expiries, and to sort what they find there.
     */
    private static final String NOT_EXPIRED = "case when f.expiresAt <= :now then 1 else 0 end <> 1";

    private final boolean ofOneOwner;
    private final StringBuilder where = new StringBuilder(" where ");
    private final StringBuilder order = new StringBuilder(" order by ");
    private final Map<String, Object> parameters = new HashMap<>();

    VisibleFiles(RowQuery query) {
        ofOneOwner = query.owner() != null;
        // H2 follows an index only where the order names all of its columns.
        equal("userId", "owner", query.owner());
        equal("state", "available", AVAILABLE);
        equal(
                "category",
                "category",
                query.category() == null ? null : query.category().name());
        where.append(NOT_EXPIRED);
        order.append(ofOneOwner ? "f.uploadedAt desc, f.id desc" : "f.id desc");
        parameters.put("now", query.now());
    }

    private void equal(String attribute, String parameter, @Nullable String value) {
        if (value != null) {
            where.append("f.")
                    .append(attribute)
                    .append(" = :")
                    .append(parameter)
                    .append(" and ");
            if (ofOneOwner) {
                order.append("f.").append(attribute).append(" desc, ");
            }
            parameters.put(parameter, value);
        }
    }

    /** Narrows this to what comes behind a place. */
    VisibleFiles after(RowQuery.Position place) {
        if (ofOneOwner) {
            // The first condition says nothing new, but is one that databases look up in the index.
            where.append(" and f.uploadedAt <= :at and (f.uploadedAt < :at or f.id < :id)");
            parameters.put("at", place.uploadedAt());
        } else {
            where.append(" and f.id < :id");
        }
        parameters.put("id", place.id());
        return this;
    }

    /**
     * Reads a page: its ids from the index alone, with all that is passed over, and then these rows. In one statement,
     * PostgreSQL would rather read and sort all files of a user of whom it expects few.
     */
    List<FileRow> page(EntityManager em, int offset, int limit) {
        while (true) {
            List<Long> ids = query(em, "select f.id from FileUpload f" + where + order, Long.class)
                    .setFirstResult(offset)
                    .setMaxResults(limit)
                    .getResultList();
            Map<Long, FileRow> rows = ids.isEmpty() ? Map.of() : rows(em, ids);
            if (rows.size() == ids.size()) {
                return ids.stream()
                        .flatMap(id -> Stream.ofNullable(rows.get(id)))
                        .toList();
            }
            // Some of them have just gone: a page that is short by these would look like the last one.
        }
    }

    private static Map<Long, FileRow> rows(EntityManager em, List<Long> ids) {
        return em.createQuery(
                        "select f from FileUpload f where f.id in :ids and f.state = :available", FileUpload.class)
                .setParameter("ids", ids)
                .setParameter("available", AVAILABLE)
                .getResultStream()
                .map(FileUpload::toRow)
                .collect(Collectors.toMap(FileRow::id, Function.identity()));
    }

    /** Counts rows, from the index alone, one by one. */
    long count(EntityManager em) {
        return query(em, "select count(f.id) from FileUpload f" + where, Long.class)
                .getSingleResult();
    }

    private <T> TypedQuery<T> query(EntityManager em, String text, Class<T> type) {
        TypedQuery<T> query = em.createQuery(text, type);
        parameters.forEach(query::setParameter);
        return query;
    }
}
