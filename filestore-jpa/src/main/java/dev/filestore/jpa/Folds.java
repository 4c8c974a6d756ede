package dev.filestore.jpa;

import dev.filestore.StoredCounts;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What moves stored counts on in time, and compares them to the rows.
 *
 * <p>A fold and the removal of a row both lock the count, and the fold counts rows only then. So a row that is being
 * removed either is gone by then, or is counted and will be counted off. Killed at any point, a fold has done nothing.
 */
final class Folds implements StoredCounts {

    /** How many rows one fold adds: a reader who comes upon a long tail pays for no more. */
    static final int ROWS_AT_ONCE = 50_000;

    /** How old a row is that is folded, so that no node inserts an older one after that. */
    static final Duration SETTLED = Duration.ofHours(1);

    /** How old a count is that is folded: by then no removal is under way that did not see that there is one. */
    static final Duration SEEN = Duration.ofMinutes(10);

    /** By how much a fold moves on at least, or it would be made by every reader. */
    private static final Duration WORTHWHILE = Duration.ofMinutes(5);

    private final Transactions transactions;

    Folds(Transactions transactions) {
        this.transactions = transactions;
    }

    static Optional<FileCount> find(EntityManager em, Scope scope) {
        List<?> found = new ScopeQueries(em, scope)
                .query("select c from" + ScopeQueries.THE_COUNT, Map.of())
                .getResultList();
        return found.stream().map(FileCount.class::cast).findFirst();
    }

    /** Makes a count that has counted nothing yet. */
    void begin(Scope scope, Instant now) {
        transactions.run("begin to count " + scope, em -> {
            em.persist(new FileCount(scope, now));
            return true;
        });
    }

    /** Adds rows to a count, where there are any to add, and nobody has changed the count or is about to. */
    void fold(FileCount stored, Instant now) {
        Instant settled = now.minus(SETTLED);
        boolean seen = !now.isBefore(stored.createdAt().plus(SEEN));
        if (seen && !settled.isBefore(stored.countedUntil().plus(WORTHWHILE))) {
            transactions.run("fold " + stored.scope(), em -> fold(em, stored, settled));
        }
    }

    private static boolean fold(EntityManager em, FileCount stored, Instant settled) {
        ScopeQueries rows = new ScopeQueries(em, stored.scope());
        Instant from = stored.countedUntil();
        if (!lock(rows, from)) {
            return false;
        }
        Instant until = end(rows, from, settled);
        String between = " and f.uploadedAt >= :from and f.uploadedAt < :until";
        // In one statement: a row that changes its state between two would be seen by both, or by neither.
        long[] found = rows.numbers(
                        "select " + rows.available(between) + ", " + rows.others(between) + " from"
                                + ScopeQueries.THE_COUNT,
                        Map.of("from", from, "until", until))
                .get(0);
        rows.query(
                        "update FileCount c set c.files = c.files + :added, c.countedUntil = :until"
                                + " where c.userId = :owner and c.category = :scope",
                        Map.of("added", found[0] + found[1], "until", until))
                .executeUpdate();
        return true;
    }

    private static boolean lock(ScopeQueries rows, Instant until) {
        return !rows.query(
                        "select c.files from" + ScopeQueries.THE_COUNT + " and c.countedUntil = :until",
                        Map.of("until", until))
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .setHint("jakarta.persistence.lock.timeout", Transactions.SKIP_LOCKED)
                .getResultList()
                .isEmpty();
    }

    /** Rows of the same moment are folded together, however many they are. */
    private static Instant end(ScopeQueries rows, Instant from, Instant settled) {
        List<?> found = rows.query(
                        rows.times(" and f.uploadedAt >= :from and f.uploadedAt < :settled"),
                        Map.of("from", from, "settled", settled))
                .setFirstResult(ROWS_AT_ONCE)
                .setMaxResults(1)
                .getResultList();
        Instant next = found.isEmpty() ? settled : (Instant) found.get(0);
        Instant least = from.plusNanos(1_000);
        return next.isBefore(least) ? least : next;
    }

    @Override
    public List<Scope> scopes(@Nullable Scope after, int limit) {
        String behind = after == null ? "" : " where c.userId > :owner or (c.userId = :owner and c.category > :scope)";
        return transactions.run("list the counts", em -> {
            var query = em.createQuery(
                    "select c from FileCount c" + behind + " order by c.userId, c.category", FileCount.class);
            if (after != null) {
                query.setParameter("owner", after.owner()).setParameter("scope", FileCount.name(after.category()));
            }
            return query.setMaxResults(limit)
                    .getResultStream()
                    .map(FileCount::scope)
                    .toList();
        });
    }

    @Override
    public Optional<Comparison> compare(Scope scope) {
        Optional<Comparison> compared;
        boolean there;
        do {
            Optional<FileCount> stored = transactions.run("find the count of " + scope, em -> find(em, scope));
            there = stored.isPresent();
            // Empty where a fold came between: it is looked at as it is then.
            compared = stored.flatMap(count -> transactions.run("compare " + scope, em -> compare(em, count)));
        } while (there && compared.isEmpty());
        return compared;
    }

    private static Optional<Comparison> compare(EntityManager em, FileCount stored) {
        ScopeQueries rows = new ScopeQueries(em, stored.scope());
        Instant until = stored.countedUntil();
        String before = " and f.uploadedAt < :until";
        return rows
                .numbers(
                        "select c.files, " + rows.available(before) + ", " + rows.others(before) + " from"
                                + ScopeQueries.THE_COUNT + " and c.countedUntil = :until",
                        Map.of("until", until))
                .stream()
                .findFirst()
                .map(found -> new Comparison(found[0], found[1] + found[2], until));
    }

    @Override
    public boolean reset(Scope scope) {
        return transactions.run(
                "reset the count of " + scope,
                em -> new ScopeQueries(em, scope)
                                .query(
                                        "update FileCount c set c.files = 0, c.countedUntil = :dawn"
                                                + " where c.userId = :owner and c.category = :scope",
                                        Map.of("dawn", Instant.EPOCH))
                                .executeUpdate()
                        == 1);
    }
}
