package dev.filestore.jpa;

import dev.filestore.FileRow;
import dev.filestore.MetadataException;
import dev.filestore.RowQuery;
import dev.filestore.StoredCounts.Scope;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many files a list has. Where they are few they are counted each time. Of an owner with more, {@code file_counts}
 * holds how many rows were uploaded before a moment, whatever their state; to these come the available ones since then, and
 * off go the earlier ones in other states, and all that have expired, which are few. So uploads have nothing to keep up, and neither has a
 * change of state. Only who removes a row counts it off, in the same transaction. {@link Folds} move the moment on.
 */
final class Counts {

    /** So many rows may be counted one by one. */
    static final int FEW = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(JpaMetadataRepository.class);

    private final Transactions transactions;
    private final Folds folds;

    Counts(Transactions transactions, Folds folds) {
        this.transactions = transactions;
        this.folds = folds;
    }

    /** @param tail how many rows were counted one by one, at least of those that may be folded */
    private record Total(long files, long tail, @Nullable FileCount stored) {}

    long count(RowQuery query) {
        String owner = query.owner();
        if (owner == null) {
            return transactions.run("count", em -> new VisibleFiles(query).count(em));
        }
        Scope scope = new Scope(owner, query.category());
        Optional<Total> found;
        do {
            // Empty where a fold came between the two statements: who lost the turn, lost it to somebody who got on.
            found = transactions.run("count", em -> total(em, scope, query));
        } while (found.isEmpty());
        Total total = found.get();
        if (total.tail() > FEW) {
            shortenTail(scope, total.stored(), query.now());
        }
        return total.files();
    }

    private static Optional<Total> total(EntityManager em, Scope scope, RowQuery query) {
        Optional<FileCount> stored = Folds.find(em, scope);
        if (stored.isPresent()) {
            return total(em, scope, query.now(), stored.get());
        }
        long files = new VisibleFiles(query).count(em);
        return Optional.of(new Total(files, files, null));
    }

    /** All in one statement, which sees one moment; and the bounds as constants, which MariaDB needs to see a range. */
    private static Optional<Total> total(EntityManager em, Scope scope, Instant now, FileCount stored) {
        ScopeQueries rows = new ScopeQueries(em, scope);
        String text = "select c.files, " + rows.others(" and f.uploadedAt < :until") + ", " + rows.expired() + ", "
                + rows.available(" and f.uploadedAt >= :until") + " from"
                + ScopeQueries.THE_COUNT + " and c.countedUntil = :until";
        Map<String, Instant> bounds = Map.of("until", stored.countedUntil(), "now", now, "dawn", Instant.EPOCH);
        return rows.numbers(text, bounds).stream()
                .findFirst()
                .map(found -> new Total(found[0] - found[1] - found[2] + found[3], found[3], stored));
    }

    /** Makes the next count cheaper. It is right without that, too. */
    private void shortenTail(Scope scope, @Nullable FileCount stored, Instant now) {
        try {
            if (stored == null) {
                folds.begin(scope, now);
            } else {
                folds.fold(stored, now);
            }
        } catch (MetadataException e) {
            // Another was first, or here the database can only be read.
            LOG.debug("the count of {} stays as it is", scope, e);
        }
    }

    /**
     * Counts a row on that was uploaded before the moment of a count, in the transaction that has inserted it. Each count of
     * the owner's is locked by that, for the same reason as by a removal.
     */
    static void added(EntityManager em, FileRow row) {
        change(em, row, "+");
    }

    /**
     * Counts off a row, in the transaction that has removed it. Each count of the owner's is locked by that, whether it has
     * counted the row or not: it may be about to.
     */
    static void removed(EntityManager em, FileRow row) {
        int changed = change(em, row, "-");
        if (changed > 0) {
            forgetWithTheLastRow(em, row.owner());
        }
    }

    private static int change(EntityManager em, FileRow row, String sign) {
        return em.createQuery("update FileCount c set c.files = c.files " + sign
                        + " case when c.countedUntil > :uploadedAt then 1 else 0 end"
                        + " where c.userId = :owner and c.category in (:scopes)")
                .setParameter("uploadedAt", row.uploadedAt())
                .setParameter("owner", row.owner())
                .setParameter("scopes", List.of(FileCount.name(null), FileCount.name(row.category())))
                .executeUpdate();
    }

    /** Nothing is to be left of an owner who has nothing left. */
    private static void forgetWithTheLastRow(EntityManager em, String owner) {
        boolean none =
                em.createQuery("select c.files from FileCount c where c.userId = :owner and c.files > 0", Long.class)
                                .setParameter("owner", owner)
                                .setMaxResults(1)
                                .getResultList()
                                .isEmpty()
                        && em.createQuery("select f.id from FileUpload f where f.userId = :owner", Long.class)
                                .setParameter("owner", owner)
                                .setMaxResults(1)
                                .getResultList()
                                .isEmpty();
        if (none) {
            em.createQuery("delete from FileCount c where c.userId = :owner")
                    .setParameter("owner", owner)
                    .executeUpdate();
        }
    }
}
